/** Bundles what makes Node a good PID 1, and what that needs when something happens. */
import { buildSync } from "esbuild";
import { bundled } from "./replay_tools";

/**
 * Every start waits for these files, so they are in the form that Node loads fastest: require(), as
 * the names of a built-in module are costly to import, even of one that Node has loaded itself.
 */
const common = { ...bundled, platform: "node", format: "cjs", minify: true } as const;

/** For `node --import`: the folder's name is not there for the asking in older ones. */
const asModule = [
  'import{createRequire}from"node:module";',
  "const require=createRequire(import.meta.url),",
  'folder=import.meta.dirname??require("node:path").dirname(',
  'require("node:url").fileURLToPath(import.meta.url));',
].join("");

export function buildPid1(): void {
  const url = { "import.meta.url": '""' };
  const start = { ...common, entryPoints: ["host/node/pid1/preload.ts"] };
  buildSync({
    ...start,
    outfile: "build/pid1.mjs",
    define: { HERE: "folder", ...url },
    banner: { js: asModule },
  });
  buildSync({ ...start, outfile: "build/pid1.cjs", define: { HERE: "__dirname", ...url } });
  buildSync({
    ...common,
    entryPoints: ["host/node/pid1/decisions.ts"],
    outfile: "build/pid1-deciding.cjs",
  });
}
