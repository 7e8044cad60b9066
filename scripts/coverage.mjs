// npm run coverage [-- core|shim]: lines and branches that the tests reach.
import { ready } from "./lib/ready.mjs";
import { aloud } from "./lib/run.mjs";

ready("--build", "--tests", "--machines");
process.exitCode = aloud(process.execPath, [
  "--import",
  "tsx",
  "tools/coverage/index.ts",
  ...process.argv.slice(2),
]);
