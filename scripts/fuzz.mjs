// npm run fuzz: looks for inputs that break the init's promises.
//
//   npm run fuzz -- grammar|events|opening|traces [--time 30m]
import { ready } from "./lib/ready.mjs";
import { tool } from "./lib/run.mjs";

ready("--build", "--machines");
tool("tools/fuzz.ts", ...process.argv.slice(2));
