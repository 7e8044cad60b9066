// One file of the addon serves every Node: none is compiled anew for another version.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { anyProgram } from "../support/host.ts";
import { whyNoPid1 } from "../support/lab.ts";
import { run } from "../support/npm.ts";
import { packed } from "../support/packed.ts";
import { root, testBuild } from "../support/paths.ts";
import { skipLoudly } from "../support/system-test.ts";
import { describe, expect, test } from "./program.ts";

/** Fetches a Node by npm, once; returns its path, or undefined where that can't be done. */
function nodeOf(version: number): string | undefined {
  const folder = `${testBuild}/node-${version}`;
  const path = `${folder}/node_modules/node/bin/node`;
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const words = ["install", "--no-save", "--foreground-scripts", "--prefix", folder];
  try {
    execFileSync("npm", [...words, `node@${version}`], { stdio: "ignore", timeout: 150_000 });
  } catch {
    return undefined;
  }
  return existsSync(path) ? path : undefined;
}

describe.each([20, 22, 24])("Node %i", (version) => {
  const own = Number.parseInt(process.versions.node, 10) === version;

  test(
    "runs the host and the library with the addon as it is",
    { timeout: 200_000 },
    async ({ lab, skip, task }) => {
      if (!own && process.env.CI !== "true")
        skipLoudly({ skip, task }, "fetches a Node of some 100 MB: CI=true runs it");
      const node = own ? process.execPath : nodeOf(version);
      if (node === undefined)
        return skipLoudly({ skip, task }, `npm can't install node@${version} here: no network?`);
      const host = {
        name: `the host in Node ${version}`,
        command: [node, `${root}build/wasm-init.mjs`],
        listensBy: "SigCgt",
        options: () => undefined,
        whyAbsent: () => undefined,
      } as const;
      const init = lab.probeUnder({ host, pid1: true, options: ["-e", "143:3"] }, "listen:15");
      await init.event("listening");
      await init.signal(40);
      await init.received(40);
      await init.signal(15);
      expect(await init.finished()).toMatchObject({ status: 0, stderr: "" });
      const code = `import { run } from "${root}build/library.mjs";
      console.log(process.versions.node, await run(["sh", "-c", "exit 4"]));`;
      const args = ["--input-type=module", "--eval", code];
      const library = lab.start({ host: { ...host, command: [node] }, args });
      expect((await library.finished()).stdout).toMatch(new RegExp(`^${version}\\.\\S+ 4\n$`));
    },
  );

  test(
    "takes the package with the addon inside, as it is",
    { timeout: 200_000 },
    async ({ lab, skip, task }) => {
      if (process.env.CI !== "true")
        skipLoudly({ skip, task }, "test/package tries this machine's Node, CI=true all of them");
      const node = own ? process.execPath : nodeOf(version);
      if (node === undefined)
        return skipLoudly({ skip, task }, `npm can't install node@${version} here: no network?`);
      const app = `${lab.folder}/app`;
      mkdirSync(app);
      const words = ["install", "--offline", "--no-audit", "--prefix", app, packed(lab.folder)];
      expect(run("npm", words, app)).toMatchObject({ status: 0 });
      const started = (pid1: boolean, ...args: string[]) =>
        lab.start({ host: { ...anyProgram(node), listensBy: "SigCgt" }, args, pid1, cwd: app });
      const command = ["node_modules/.bin/wasm-init-node", "--", "sh", "-c", "exit 5"];
      expect(await started(false, ...command).finished()).toMatchObject({ status: 5, stderr: "" });
      const code = `const { run } = await import("wasm-init");
        console.log(process.versions.node, await run(["sh", "-c", "exit 4"]));
        await import("wasm-init/replay");`;
      const library = started(false, "--input-type=module", "--eval", code);
      expect((await library.finished()).stdout).toMatch(new RegExp(`^${version}\\.\\S+ 4\n$`));
      if (whyNoPid1() !== undefined) return;
      for (const how of ["--import", "--require"]) {
        const server = `process.kill(1, "SIGTERM"); setInterval(() => {}, 1000);`;
        const pid1 = started(true, how, "wasm-init/pid1", "--eval", server);
        expect(await pid1.finished()).toMatchObject({ status: 143, stderr: "" });
      }
    },
  );
});
