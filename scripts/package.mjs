// npm run package: the npm package, as build/wasm-init-VERSION.tgz, with the binaries of this
// machine's architecture, or of those given.
//
//   npm run package [-- --arch ARCH|all]
import { ownArchitecture } from "./lib/architectures.mjs";
import { needAddon, ready } from "./lib/ready.mjs";
import { tool } from "./lib/run.mjs";

const word = (process.argv.slice(2).at(-1) ?? ownArchitecture).replace(/^--arch=/, "");
ready("--build", "--addon", ...(word === ownArchitecture ? [] : ["--arch", word]));
needAddon();
tool("tools/npm.ts", word);
