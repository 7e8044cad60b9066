// npm run size [-- --all]: which part of the static binary owns how many of its bytes.
import { ready } from "./lib/ready.mjs";
import { aloud } from "./lib/run.mjs";

ready("--build");
const words = process.argv.slice(2);
process.exitCode = aloud(process.execPath, ["--import", "tsx", "tools/size.ts", ...words]);
