// Commands that can and that can't be executed.
import { testComparisons } from "./comparison.ts";
import { spawning } from "./tables/spawning.ts";

testComparisons(spawning);
