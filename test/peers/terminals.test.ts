// On terminals, as seen by their users.
import { testComparisons } from "./comparison.ts";
import { terminals } from "./tables/terminals.ts";

// Promise: docs/terminals.md: should not notice
testComparisons(terminals);
