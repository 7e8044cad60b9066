// npm run promises: writes docs/promises.md of the markers in the tests, and says what is held by
// none; status 1 if anything is.
import { ready } from "./lib/ready.mjs";
import { tool } from "./lib/run.mjs";

ready();
tool("tools/promises/index.ts");
