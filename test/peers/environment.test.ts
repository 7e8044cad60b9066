import { testComparisons } from "./comparison.ts";
import { environment } from "./tables/environment.ts";

testComparisons(environment);
