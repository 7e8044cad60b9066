// Signals by the thousand, with payloads: none is lost, and none overtakes another.
import { spawnSync } from "node:child_process";
import { state, statusField } from "../support/proc.ts";
import { root } from "../support/paths.ts";
import { skipLoudly } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";
import { describe, expect, test } from "./program.ts";

const SIGNAL = 40;
const FENCE = 64;
/** As many as one call of a program takes words for. */
const AT_ONCE = 10_000;

const host = {
  name: "the Node host",
  command: [process.execPath, `${root}build/wasm-init.mjs`],
  listensBy: "SigCgt",
  options: () => undefined,
  whyAbsent: () => undefined,
} as const;

/** How many signals may wait at once, for all processes of this user: see RLIMIT_SIGPENDING. */
function limit(): number {
  return Number(statusField(process.pid, "SigQ")?.split("/")[1] ?? 0);
}

describe.each([
  // The pipe holds them all, and then it does not.
  ["10,000", 10_000],
  ["60,000", 60_000],
])("%s real-time signals to an init that is stopped", (_, count) => {
  test("all reach the command, in order, with their payloads", async ({ lab, skip, task }) => {
    if (limit() < count * 1.5)
      skipLoudly({ skip, task }, `only ${limit()} signals may wait: ulimit -i`);
    const options = ["-c"];
    const init = lab.probeUnder({ host, options }, `listen:${FENCE}`);
    await init.event("listening");
    const pid = await init.pid();
    process.kill(pid, "SIGSTOP");
    await eventually("the init is stopped", () => state(pid) === "T");
    for (let sent = 0; sent < count; sent += AT_ONCE) {
      const values = Array.from({ length: AT_ONCE }, (_, index) => sent + index);
      const steps = values.map((value) => `send:${pid}:${SIGNAL}:0x${value.toString(16)}`);
      expect(spawnSync(lab.probe, steps, { encoding: "utf8" })).toMatchObject({
        status: 0,
        stderr: "",
      });
    }
    process.kill(pid, "SIGCONT");
    await init.signal(FENCE);
    expect(await init.finished(60_000)).toMatchObject({ status: 0 });
    const got = init.signals().filter(({ signal }) => signal === SIGNAL);
    const wrong = got.findIndex(({ value }, index) => Number(`0x${value}`) !== index);
    expect({ count: got.length, wrong }).toEqual({ count, wrong: -1 });
  });
});
