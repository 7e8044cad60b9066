// On terminals, as seen by their users.
import { testComparisons } from "./comparison.ts";
import { terminals } from "./tables/terminals.ts";

testComparisons(terminals);
