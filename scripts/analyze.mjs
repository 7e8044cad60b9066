// npm run analyze: compilers and analyzers look at our C.
//
//   npm run analyze [-- WAY...]
import { ready } from "./lib/ready.mjs";
import { tool } from "./lib/run.mjs";

ready("--build", "--machines");
tool("tools/analyze.ts", ...process.argv.slice(2));
