// A worker of a cluster, which serves until it is told to end.
import { createServer } from "node:http";

createServer().listen(0, () => process.send?.("ready"));
process.on("message", () => process.exit(7));
