import { testComparisons } from "./comparison.ts";
import { order } from "./tables/order.ts";

testComparisons(order);
