// npm run trace -- COMMAND ...: build what is missing, then run the trace tool.
import { ready } from "./lib/ready.mjs";
import { aloud } from "./lib/run.mjs";

ready("--build");
process.exitCode = aloud(process.execPath, ["build/wasm-init-trace.mjs", ...process.argv.slice(2)]);
