// What each signal leads to.
import { testComparisons } from "./comparison.ts";
import { signals } from "./tables/signals.ts";

testComparisons(signals);
