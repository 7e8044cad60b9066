// Orphans and zombies.
import { testComparisons } from "./comparison.ts";
import { orphans } from "./tables/orphans.ts";

testComparisons(orphans);
