// Makes a checkout ready: Debian packages, npm packages, the build, each only where it is missing.
//
//   node tools/setup/setup.mjs [--build] [--addon] [--tests] [--containers] [--machines]
//                          [--releases] [--cross] [--arch ARCH|all]
//
// Runs before any package is there, so it needs nothing but Node. Everything it says goes to
// stderr. Exit status 125 when the build can't be had; where the Node addon or what only tests need
// can't be, that is said and passed over, and what needs it says so itself.
import { architecturesNamed, architectures } from "./architectures.mjs";
import { addonIsFresh, build, buildAddon, buildFor, buildIsFresh } from "./build.mjs";
import { lock } from "./lock.mjs";
import {
  installPackages,
  installTerminals,
  packagesAreFresh,
  terminalsAreFresh,
} from "./packages.mjs";
import { keepOpenInSteps } from "./run.mjs";
import { say } from "./say.mjs";
import { installCross, installTools, missing } from "./tools.mjs";

const failed = 125;

/** @param {string[]} args */
function main(args) {
  const word = architectureWord(args);
  const wanted = word === undefined ? [] : architecturesNamed(word);
  if (word !== undefined && wanted.length === 0) {
    const names = architectures.map(({ name }) => name).join(", ");
    say(`'${word}' is not an architecture: expected all, ${names}`);
    return failed;
  }
  const known = ["--build", "--addon", "--tests", "--containers", "--machines"];
  known.push("--releases", "--cross");
  const odd = args.find((arg) => !known.includes(arg));
  if (odd !== undefined) {
    say(`set-up: unknown option '${odd}'`);
    return failed;
  }
  if (process.platform !== "linux") {
    say(`cannot build on ${process.platform}: expected Linux`);
    return failed;
  }
  if (Number.parseInt(process.versions.node, 10) < 20) {
    say(`cannot build with Node ${process.versions.node}: expected 20 or newer`);
    return failed;
  }
  const wants = {
    build: args.includes("--build"),
    addon: args.includes("--addon"),
    tests: args.includes("--tests"),
    containers: args.includes("--containers"),
    machines: args.includes("--machines"),
    releases: args.includes("--releases"),
    cross: args.includes("--cross"),
  };
  if (wanted.length === 0 && isReady(wants)) return 0;
  const held = lock();
  if (held !== undefined) keepOpenInSteps(held);
  if (!makeReady(wants)) return failed;
  // What is missing has been said.
  if (wanted.length > 0 && !(installCross(wanted) && buildFor(wanted))) return failed;
  return 0;
}

/**
 * Takes `--arch WORD` or `--arch=WORD` out of the arguments.
 * @param {string[]} args
 * @returns {string | undefined}
 */
function architectureWord(args) {
  const at = args.findIndex((arg) => arg === "--arch" || arg.startsWith("--arch="));
  if (at < 0) return undefined;
  const [option, next] = args.splice(at, args[at] === "--arch" ? 2 : 1);
  return option?.includes("=") ? option.slice("--arch=".length) : (next ?? "");
}

/**
 * @typedef {object} Wants
 * @property {boolean} build
 * @property {boolean} addon
 * @property {boolean} tests
 * @property {boolean} containers
 * @property {boolean} machines analyzers, sanitizers and fuzzers
 * @property {boolean} releases
 * @property {boolean} cross
 */

/**
 * What the tests want of the system; a node-pty that is compiled needs no compiler.
 * @param {Wants} wants
 * @returns {import("./tools.mjs").Purpose[]}
 */
function purposes({ tests, containers, machines, releases, cross }) {
  /** @type {import("./tools.mjs").Purpose[]} */
  const wanted = [];
  if (tests) wanted.push("tests");
  if (tests && !terminalsAreFresh()) wanted.push("terminals");
  // Hundreds of megabytes for one test: where there is one already, that test takes it anyway.
  if (tests && process.env.CI === "true") wanted.push("browser");
  if (containers) wanted.push("containers", "engines");
  if (machines) wanted.push("machines");
  if (releases) wanted.push("releases");
  if (cross) wanted.push("cross");
  return wanted;
}

/** @param {Wants} wants */
function isReady(wants) {
  const { build, addon, tests } = wants;
  if (!packagesAreFresh()) return false;
  // Products that are there need no compiler any more.
  if (build && !buildIsFresh()) return false;
  if (addon && !addonIsFresh()) return false;
  if (tests && !terminalsAreFresh()) return false;
  return missing(purposes(wants)).length === 0;
}

/** @param {Wants} wants */
function makeReady(wants) {
  if (wants.build && !buildIsFresh() && !installTools(["build"])) return false;
  if (!installPackages()) return false;
  installTools(purposes(wants));
  // Where its compiler is missing, that has been said.
  if (wants.tests && missing(["terminals"]).length === 0) installTerminals();
  if (wants.build && !build()) return false;
  // The static binary does without it.
  if (wants.addon && !addonIsFresh() && installTools(["addon"])) buildAddon();
  return true;
}

process.exitCode = main(process.argv.slice(2));
