// Signals that come at once, early, or from the command.
import { testComparisons } from "./comparison.ts";
import { order } from "./tables/order.ts";

testComparisons(order);
