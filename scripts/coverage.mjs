// npm run coverage [-- core|shim]: lines and branches that the tests reach.
import { ready } from "./lib/ready.mjs";
import { tool } from "./lib/run.mjs";

ready("--build", "--tests", "--machines");
tool("tools/coverage/index.ts", ...process.argv.slice(2));
