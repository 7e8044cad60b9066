// What a command finds when it starts: standing, signals, files.
import { testComparisons } from "./comparison.ts";
import { attributesTable } from "./tables/attributes.ts";

testComparisons(attributesTable);
