// Sets up, builds what is missing, and runs one of the project's tools.
//
//   node tools/run.mjs TOOL [ARG...]
//
// A row for each, by the name of its npm script. Those that talk to the user before there is
// anything to run have a file of their own: test.mjs, lint.mjs and clean.mjs.
import { ownArchitecture } from "./setup/architectures.mjs";
import { needAddon, ready } from "./setup/ready.mjs";
import { aloud, tool } from "./setup/run.mjs";

/**
 * @typedef {object} Tool
 * @property {string} file what is run, under tsx unless it is a bundle
 * @property {string[]} needs what the set-up makes ready, as options of setup.mjs
 * @property {string} [architecture] the last word names architectures, this one if there is none
 */

/** @type {Record<string, Tool>} */
const tools = {
  // Has compilers and analyzers look at our C: [WAY...].
  analyze: { file: "tools/check/analyze.ts", needs: ["--build", "--machines"] },
  // Measures the init and its peers, side by side.
  bench: { file: "bench/bench.ts", needs: ["--build", "--addon", "--tests"] },
  // What differs in the build, and in the tests' names, from that of a commit: COMMIT.
  compare: { file: "tools/check/compare/compare.ts", needs: [] },
  // Lines and branches that the tests reach: [core|shim].
  coverage: {
    file: "tools/check/coverage/coverage.ts",
    needs: ["--build", "--tests", "--machines"],
  },
  // Licences of all packages, and what a registry knows against them: [licenses|audit].
  dependencies: { file: "tools/check/dependencies.ts", needs: [] },
  // Writes docs/options.md.
  docs: { file: "tools/release/docs.ts", needs: [] },
  // Looks for inputs that break invariants: grammar|events|opening|traces [--time 30m].
  fuzz: { file: "tools/check/fuzz/fuzz.ts", needs: ["--build", "--machines"] },
  // The npm package, as build/wasm-init-VERSION.tgz: [--arch ARCH|all].
  package: {
    file: "tools/release/npm.ts",
    needs: ["--build", "--addon"],
    architecture: ownArchitecture,
  },
  // The binaries, packed into build/release/, and the npm package: [--arch ARCH|all].
  release: { file: "tools/release/release.ts", needs: ["--build", "--addon"], architecture: "all" },
  // Which part of the static binary owns how many of its bytes: [--all].
  size: { file: "tools/check/size.ts", needs: ["--build"] },
  // Reads what `wasm-init --record` wrote: COMMAND ...
  trace: { file: "build/wasm-init-trace.mjs", needs: ["--build"] },
};

const [name = "", ...args] = process.argv.slice(2);
const wanted = tools[name];
if (wanted === undefined) {
  process.stderr.write(
    `wasm-init: '${name}' is not a tool: expected ${Object.keys(tools).join(", ")}\n`,
  );
  process.exit(2);
}
const { file, needs, architecture } = wanted;
if (architecture === undefined) {
  ready(...needs);
  if (file.endsWith(".ts")) tool(file, ...args);
  else process.exitCode = aloud(process.execPath, [file, ...args]);
} else {
  const word = (args.at(-1) ?? architecture).replace(/^--arch=/, "");
  ready(...needs, ...(word === ownArchitecture ? [] : ["--arch", word]));
  needAddon();
  tool(file, word);
}
