// A user's own suite, complete: what a server's command line does with signals, without a server.
import { readFileSync } from "node:fs";
import { boot, childExited, explore, parseTrace, replay, signal } from "wasm-init/replay";
import { test, expect } from "../support/system-test.ts";

const COMMAND_LINE = "wasm-init --sandbox=off -r HUP:USR1 --stop=TERM:10s,KILL -- server";

test("the server is told to reload by USR1", () => {
  const run = boot(COMMAND_LINE);
  expect(run.take(signal("HUP")).map(({ line }) => line)).toEqual(["SendSignal Group 100 USR1"]);
});

test("the server has ten seconds to stop, and is killed then", () => {
  const run = boot(COMMAND_LINE);
  run.take(signal("TERM", { from: 7 }));
  expect(run.phase).toBe("Stopping");
  expect(run.advance("9999ms")).toEqual([]);
  const [kill] = run.advance("1ms");
  expect(kill).toMatchObject({ name: "SendSignal", pid: 100, signal: 9 });
  run.take(childExited(100, { signal: "KILL" }));
  expect(run.status).toBe(137);
});

test("from one moment two futures can be tried", () => {
  const run = boot(COMMAND_LINE);
  run.take(signal("TERM"));
  const mark = run.snapshot();
  run.take(childExited(100, { code: 0 }));
  expect(run.status).toBe(0);
  run.restore(mark);
  run.take(childExited(100, { code: 3 }));
  expect(run.status).toBe(3);
});

test("no order of events keeps the server alive for longer than eleven seconds", () => {
  const found = explore(COMMAND_LINE, {
    signals: ["TERM", "HUP"],
    children: 1,
    invariants: { "never sends INT": ({ actions }) => !actions.some(({ c }) => c === 2) },
  });
  expect(found.broken).toBeUndefined();
  expect(found).toMatchObject({ exhausted: true, longestStop: 11_000 });
});

test("an invariant that does not hold comes with the shortest run that breaks it", () => {
  const { broken } = explore(COMMAND_LINE, {
    invariants: { "never sends KILL": ({ actions }) => !actions.some(({ c }) => c === 9) },
  });
  expect(broken?.invariant).toBe("never sends KILL");
  expect(broken?.prose).toMatch(
    /SignalReceived TERM from 9\n.*@10000 DeadlineReached\n +SendSignal Group 100 KILL/s,
  );
});

test("a recording from production still leads to the same actions", async ({ lab }) => {
  const file = `${lab.folder}/run`;
  await lab.start({ options: ["--record", file], command: ["true"] }).finished();
  expect(replay(parseTrace(readFileSync(file)))).toMatchObject({ events: 3, lost: 0 });
});
