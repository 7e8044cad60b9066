// Signals with a value for a command whose queue is full (RLIMIT_SIGPENDING).
import { describe, expect, test } from "vitest";
import { ActionKind, EventKind } from "../../assembly/abi";
import { COMMAND, eachCore, lines, run } from "./running.ts";

const EAGAIN = 11;
const SI_QUEUE = -1;
const RTMIN = 34;
const RETRIES = 100;

describe.each(eachCore)("the $flavour core", ({ core }) => {
  const value = (low: number, now: number) =>
    lines(core, EventKind.SignalReceived, { signal: RTMIN, code: SI_QUEUE, pid: 5, low }, now);
  const noRoom = (now: number, signal = RTMIN) => {
    const fields = { signal, code: EAGAIN, pid: COMMAND, uid: ActionKind.QueueSignal };
    return lines(core, EventKind.ActionFailed, fields, now);
  };
  const queued = (low: number) => `QueueSignal Group ${COMMAND} RTMIN+0 value ${low}:0`;
  const plain = `SendSignal Group ${COMMAND} RTMIN+0`;

  test("queues a signal again for a tenth of a second, and sends it without its value then", () => {
    run(core, ["wasm-init", "--sandbox=off", "server"]);
    expect(value(7, 0)).toEqual([queued(7)]);
    for (let now = 1; now <= RETRIES; now++) {
      expect(noRoom(now - 1)).toEqual(["HoldRealTime on", `SetDeadline ${now}`]);
      expect(lines(core, EventKind.DeadlineReached, {}, now)).toEqual([
        "HoldRealTime off",
        queued(7),
      ]);
    }
    expect(noRoom(RETRIES)).toEqual([plain]);
  });

  test("does not wait again for a command that never reads, until a signal gets through", () => {
    run(core, ["wasm-init", "--sandbox=off", "server"]);
    value(7, 0);
    for (let now = 1; now <= RETRIES; now++) {
      noRoom(now - 1);
      lines(core, EventKind.DeadlineReached, {}, now);
    }
    noRoom(RETRIES);
    expect(value(8, 200)).toEqual([queued(8)]);
    expect(noRoom(200)).toEqual([plain]);
    expect(value(9, 300)).toEqual([queued(9)]);
    expect(value(10, 301)).toEqual([queued(10)]);
    expect(noRoom(301)).toEqual(["HoldRealTime on", "SetDeadline 302"]);
  });

  test("sends a standard signal at once, which needs no room", () => {
    run(core, ["wasm-init", "--sandbox=off", "server"]);
    lines(core, EventKind.SignalReceived, { signal: 10, code: SI_QUEUE, pid: 5, low: 7 });
    expect(noRoom(1, 10)).toEqual([`SendSignal Group ${COMMAND} USR1`]);
  });
});
