// The variables that a peer obeys.
import { testComparisons } from "./comparison.ts";
import { environment } from "./tables/environment.ts";

testComparisons(environment);
