// Inits under inits, and scripts that name one.
import { testComparisons } from "./comparison.ts";
import { chains } from "./tables/chains.ts";

testComparisons(chains);
