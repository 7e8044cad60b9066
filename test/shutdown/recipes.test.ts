// The recipes of docs/shutdown.md: each line is one that the init takes, and what it promises.
import { readFileSync, writeFileSync } from "node:fs";
import type { Lab } from "../support/lab.ts";
import { root } from "../support/paths.ts";
import { got, inBothPositions } from "../support/positions.ts";
import { describe, expect, test } from "../support/system-test.ts";
import { TERM, USR1 } from "../support/signals.ts";

const page = readFileSync(`${root}docs/shutdown.md`, "utf8");
const recipes = [...page.matchAll(/^wasm-init (.+) -- .+$/gm)].map((match) => match[1] ?? "");

/** The options of the recipe for this command, which the page must have. */
function recipe(pattern: RegExp): string[] {
  const line = page.split("\n").find((it) => it.startsWith("wasm-init ") && pattern.test(it));
  return (line?.split(" -- ")[0]?.split(" ") ?? ["", "no such recipe"]).slice(1);
}

async function explained(lab: Lab, line: string) {
  const args = [...line.split(" "), "--explain", "--", "/no/such/command"];
  return lab.start({ args }).finished();
}

describe("a recipe of the page", () => {
  test("is there to be tested", () => expect(recipes.length).toBeGreaterThanOrEqual(7));

  for (const line of new Set(recipes)) {
    test(`is taken: ${line}`, async ({ lab }) => {
      expect(await explained(lab, line)).toMatchObject({ status: 0, stderr: "" });
    });
  }

  test("stays within Kubernetes' grace period", async ({ lab }) => {
    const { stdout } = await explained(lab, recipe(/none:5s/).join(" "));
    expect(stdout).toMatch(/stop signal to the exit: 26s/);
  });
});

inBothPositions((claim) => {
  claim("a Node server completes the request that it has", async ({ lab, start }) => {
    const script = `${lab.folder}/server.mjs`;
    writeFileSync(
      script,
      `import { createServer, get } from "node:http";
       const server = createServer((_, answer) => {
         console.log("asked");
         process.on("SIGUSR2", () => answer.end("whole"));
       });
       process.on("SIGTERM", () => { console.log("closing"); server.close(); });
       server.listen("${lab.folder}/socket", () =>
         get({ socketPath: "${lab.folder}/socket", agent: false }, (answer) => {
           answer.setEncoding("utf8").on("data", console.log);
         }));`,
    );
    const init = start({ options: recipe(/node server.js/), command: [process.execPath, script] });
    await init.stdout.line(/asked/);
    await init.signal(TERM);
    await init.stdout.line(/closing/);
    await init.signal(12);
    expect(await init.finished()).toMatchObject({ status: 0, stderr: "" });
    expect(init.stdout.text).toContain("whole");
  });

  claim(
    "a shell script's background jobs get the signal and are awaited",
    async ({ lab, start }) => {
      const job = (name: string) => `${lab.probe} name:${name} listen:${USR1} say:done`;
      const script = `${job("one")} & ${job("two")} & wait`;
      const init = start({ options: recipe(/wait"$/), command: ["sh", "-c", script] });
      const pids = [];
      for (const name of ["one", "two"]) {
        pids.push(await init.outerPid((await init.event("listening", name)).pid));
      }
      await init.signal(TERM);
      for (const name of ["one", "two"]) await init.received(TERM, name);
      for (const pid of pids) process.kill(pid, USR1);
      expect((await init.finished()).status).toBe(143);
      for (const name of ["one", "two"]) {
        await init.event("say", name);
        expect(got(init, name)).toContain(TERM);
      }
    },
  );
});
