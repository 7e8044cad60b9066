// npm run size [-- --all]: which part of the static binary owns how many of its bytes.
import { ready } from "./lib/ready.mjs";
import { tool } from "./lib/run.mjs";

ready("--build");
const words = process.argv.slice(2);
tool("tools/size.ts", ...words);
