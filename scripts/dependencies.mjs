// npm run dependencies [-- licenses|audit]: the licences of all packages, and what is known against
// them where a registry answers that.
import { ready } from "./lib/ready.mjs";
import { tool } from "./lib/run.mjs";

ready();
tool("tools/dependencies.ts", ...process.argv.slice(2));
