import { testComparisons } from "./comparison.ts";
import { chains } from "./tables/chains.ts";

testComparisons(chains);
