// npm run bench: set up with the peers to compare with, build, and run the benchmark.
import { ready } from "./lib/ready.mjs";
import { aloud } from "./lib/run.mjs";

ready("--build", "--addon", "--tests");
process.exitCode = aloud(process.execPath, [
  "--import",
  "tsx",
  "bench/bench.ts",
  ...process.argv.slice(2),
]);
