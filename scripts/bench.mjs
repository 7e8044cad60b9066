// npm run bench: set up with the peers to compare with, build, and run the benchmark.
import { ready } from "./lib/ready.mjs";
import { tool } from "./lib/run.mjs";

ready("--build", "--addon", "--tests");
tool("bench/bench.ts", ...process.argv.slice(2));
