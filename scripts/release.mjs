// npm run release: the binaries of all architectures, or those given, packed into build/release/,
// and the npm package that holds them.
//
//   npm run release [-- --arch ARCH|all]
import { needAddon, ready } from "./lib/ready.mjs";
import { tool } from "./lib/run.mjs";

const word = (process.argv.slice(2).at(-1) ?? "all").replace(/^--arch=/, "");
ready("--build", "--addon", "--arch", word);
needAddon();
tool("tools/release.ts", word);
