// How an init ends after its command.
import { testComparisons } from "./comparison.ts";
import { endings } from "./tables/endings.ts";

testComparisons(endings);
