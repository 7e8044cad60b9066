// npm run analyze: compilers and analyzers look at our C.
//
//   npm run analyze [-- WAY...]
import { ready } from "./lib/ready.mjs";
import { aloud } from "./lib/run.mjs";

ready("--build", "--machines");
process.exitCode = aloud(process.execPath, [
  "--import",
  "tsx",
  "tools/analyze.ts",
  ...process.argv.slice(2),
]);
