// Where a peer fails.
import { testComparisons } from "./comparison.ts";
import { oddities } from "./tables/oddities.ts";

testComparisons(oddities);
