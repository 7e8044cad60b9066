import { testComparisons } from "./comparison.ts";
import { spawning } from "./tables/spawning.ts";

testComparisons(spawning);
