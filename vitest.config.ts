import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

// Tests start processes by the thousand and watch them: on two cores, more workers than that would
// only make them wait for each other.
const workers = 2;

/** Where the program under test may be either host. */
const suites = {
  system: [
    ...["after-spawn", "bad-input", "command-line", "end", "fallback", "forwarding", "logging"],
    ...["main-job", "own-doing", "reaping", "refused", "rewriting", "spawn", "statuses"],
  ],
  peers: ["*"],
  shutdown: ["*"],
  terminal: ["*"],
  replay: ["recorder", "traps"],
  hostile: ["traps"],
};

const underNode = Object.entries(suites).flatMap(([folder, files]) =>
  files.map((file) => `test/${folder}/${file}.test.ts`),
);

/** The suites once more, in other circumstances. */
const again: TestProjectInlineConfiguration[] = [
  {
    // The real runs again, with every init recording, and every recording replayed.
    extends: true,
    test: {
      name: "recorded",
      include: ["test/{system,shutdown,terminal}/**/*.test.ts"],
      // No run, or not the static binary's.
      exclude: [
        "**/*.timing.test.ts",
        "**/bad-input.test.ts",
        "**/{count,readme,npm-start,set-up}.test.ts",
      ],
      env: { RECORD_ALL: join(tmpdir(), `wasm-init-recorded-${process.pid}`) },
      globalSetup: "test/support/all-recorded.ts",
      sequence: { groupOrder: 0 },
    },
  },
  {
    // The same claims, of the other host.
    extends: true,
    test: {
      name: "under Node",
      include: underNode,
      // Who is faster, the bomb or the drain, is open in Node: docs/hosts.md says so.
      exclude: ["**/*.timing.test.ts", "**/bomb.test.ts"],
      env: { WASM_INIT_HOST: "node" },
      sequence: { groupOrder: 0 },
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
    projects: [
      {
        extends: true,
        test: {
          name: "tests",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.timing.test.ts"],
          sequence: { groupOrder: 0 },
        },
      },
      ...again,
      {
        // What measures time gets the machine to itself: after the others, one file at a time.
        extends: true,
        test: {
          name: "timing",
          include: ["test/**/*.timing.test.ts"],
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
