// The images of docs/node.md, built as they are written, with the real package: on a Debian system
// with this machine's Node in place of the image that they name.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { debianSystem } from "../support/debian-system.ts";
import { run } from "../support/npm.ts";
import { packed } from "../support/packed.ts";
import { root } from "../support/paths.ts";
import { Podman, whyNoPodman } from "../support/podman.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";

const HOOK_MS = 1_200_000;

const page = readFileSync(`${root}docs/node.md`, "utf8");
const [binary = "", node = ""] = [...page.matchAll(/```Dockerfile\n([^]*?)```/g)].map(
  ([, text]) => text ?? "",
);
/** By who is PID 1. */
const images = { binary, node };
const bases = new Set([binary, node].map((text) => /^FROM (\S+)/.exec(text)?.[1] ?? ""));

/** Says who is PID 1, leaves an orphan behind, and ends with 5 if it is to hear TERM. */
const server = `
const { readlinkSync, readFileSync } = require("node:fs");
if (process.env.HEARS) process.on("SIGTERM", () => process.exit(5));
require("node:child_process").spawn("sh", ["-c", "true & exec true"]).on("exit", () =>
  setInterval(() => {
    const left = readFileSync("/proc/1/task/1/children", "latin1").trim().split(" ");
    if (left.every((pid) => pid === "" || Number(pid) === process.pid))
      console.log("ready", readlinkSync("/proc/1/exe"));
  }, 50));
`;

let absent = process.env.CI === "true" ? whyNoPodman() : "makes a Debian system: CI=true runs it";
let podman: Podman | undefined;

beforeAll(async () => {
  if (absent) return;
  const system = await debianSystem("node");
  if ("why" in system) {
    absent = system.why;
    return;
  }
  podman = new Podman();
  for (const base of bases) await podman.import(system.path, `docker.io/library/${base}`);
  const folder = join(podman.folder, "app");
  const packing = join(podman.folder, "packing");
  for (const made of [folder, packing]) mkdirSync(made);
  const tarball = packed(packing);
  const name = `./${basename(tarball)}`;
  copyFileSync(tarball, join(folder, name));
  writeFileSync(join(folder, "package.json"), `{ "name": "app", "private": true }`);
  writeFileSync(join(folder, "server.js"), server);
  const words = ["install", "--offline", "--no-audit", "--package-lock-only", name];
  expect(run("npm", words, folder)).toMatchObject({ status: 0 });
  for (const [image, dockerfile] of Object.entries(images)) {
    writeFileSync(join(folder, "Dockerfile"), dockerfile);
    await podman.build(`localhost/${image}`, folder);
  }
}, HOOK_MS);

afterAll(() => podman?.remove());

describe.each([
  ["binary", /^ready \/app\/node_modules\/wasm-init\/bin\/wasm-init-linux-\w+$/],
  ["node", /^ready \/usr\/local\/bin\/node$/],
] as const)("the page's image whose PID 1 is its %s", (image, ready) => {
  test.for([
    ["hears TERM and takes its own leave", ["--env=HEARS=1"], 5],
    ["does not listen, by TERM", [], 143],
  ] as const)("ends with a server that %s", async ([, options, status], { skip, task }) => {
    if (!podman) return skipLoudly({ skip, task }, absent ?? "it did not start");
    const container = podman.run(`localhost/${image}`, [...options]);
    await container.stdout.line(ready);
    await podman.must("stop", "--time=60", container.name);
    expect(await container.finished()).toMatchObject({ status, stderr: "" });
  });
});
