// Every option of every peer, right and wrong.
import { testComparisons } from "./comparison.ts";
import { grammar } from "./tables/grammar.ts";

testComparisons(grammar);
