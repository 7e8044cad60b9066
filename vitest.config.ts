import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

// Tests start processes by the thousand and watch them: on two cores, more workers than that would
// only make them wait for each other.
const workers = 2;

/** Where the program under test may be either host: all that is about an init's behaviour. */
const suites = {
  system: [
    ...["after-spawn", "bad-input", "command-line", "end", "forwarding", "logging"],
    ...["main-job", "no-lost-signal", "own-doing", "reaping", "refused", "rewriting", "spawn"],
    "statuses",
  ],
  peers: ["*"],
  shutdown: ["*"],
  terminal: ["*"],
  replay: ["format", "recorder"],
  fallback: ["init", "moments", "recording"],
};

const underNode = Object.entries(suites).flatMap(([folder, files]) =>
  files.map((file) => `test/${folder}/${file}.test.ts`),
);

/** No run, or not the static binary's. */
const notRuns = ["**/bad-input.test.ts", "**/{count,readme,npm-start,set-up}.test.ts"];

/** What runs in a sandbox, too: all of it with CI=true, every day the heart of it. */
const sandboxed = [
  "test/{system,shutdown,terminal,peers}/**/*.test.ts",
  "test/fallback/init.test.ts",
  "test/replay/recorder.test.ts",
  "test/containers/{engine,inits,minimal,pod,recipes,services,terminal}.test.ts",
];
const sandboxedDaily = [
  "test/system/{end,forwarding,main-job,reaping}.test.ts",
  "test/shutdown/{drain,plan}.test.ts",
  "test/terminal/container.test.ts",
];

/** The suites once more, in other circumstances. */
const again: TestProjectInlineConfiguration[] = [
  {
    // The real runs again, with every init recording, and every recording replayed.
    extends: true,
    test: {
      name: "recorded",
      include: ["test/{system,shutdown,terminal}/**/*.test.ts", "test/fallback/init.test.ts"],
      exclude: notRuns,
      env: { RECORD_ALL: join(tmpdir(), `wasm-init-recorded-${process.pid}`) },
      globalSetup: "test/support/all-recorded.ts",
    },
  },
  {
    // The same claims, of an init that has given up all it can: rows of what that changes are in
    // test/support/beyond-sandbox.ts.
    extends: true,
    test: {
      name: "sandboxed",
      include: process.env.CI === "true" ? sandboxed : sandboxedDaily,
      exclude: notRuns,
      env: { WASM_INIT_OPTIONS: "--sandbox=on" },
    },
  },
  {
    // The same claims, of the other host.
    extends: true,
    test: {
      name: "under Node",
      include: underNode,
      env: { WASM_INIT_HOST: "node" },
    },
  },
];

export default defineConfig({
  test: {
    environment: "node",
    pool: "forks",
    maxWorkers: workers,
    testTimeout: 60_000,
    hookTimeout: 180_000,
    allowOnly: false,
    setupFiles: process.env.COUNTED_CORE === undefined ? [] : ["test/support/hits.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "tests",
          include: ["test/**/*.test.ts"],
        },
      },
      ...again,
    ],
  },
});
