// Modes without a command, and parents that die.
import { testComparisons } from "./comparison.ts";
import { others } from "./tables/others.ts";

testComparisons(others);
