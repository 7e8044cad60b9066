// Signals 1-64: their names in options and in messages, and what they can be rewritten to.
import { describe, expect, test } from "vitest";
import { EventKind } from "../../assembly/abi";
import { signalNames } from "../../assembly/messages";
import { signalName } from "../traces/vocabulary.ts";
import { boot, eachCore, exitStatus, lines, run, stderr } from "./running.ts";
import { CHLD } from "../support/signals.ts";

const all = Array.from({ length: 64 }, (_, index) => index + 1);
const uncatchable = [9, 19];
const KERNEL = 0x80;

/** Every way to write a signal. */
function spellings(signal: number): string[] {
  const names = signalNames.filter(([number]) => number === signal).map(([, name]) => name);
  const any = names.flatMap((name) => [name, `SIG${name}`, name.toLowerCase(), `Sig${name}`]);
  const real =
    signal < 34 ? [] : [`RTMIN+${signal - 34}`, `SIGRTMAX-${64 - signal}`, `rtmin+${signal - 34}`];
  if (signal === 34) real.push("RTMIN", "sigrtmin");
  if (signal === 64) real.push("RTMAX", "rtmax-0");
  return [String(signal), `0${signal}`, ...any, ...real];
}

const rows = all.map((signal) => ({ signal, name: signalName(signal), words: spellings(signal) }));

describe.each(eachCore)("the $flavour core", ({ core }) => {
  const received = (signal: number) =>
    lines(core, EventKind.SignalReceived, { signal, pid: 900, code: KERNEL });

  const catchable = rows.filter(({ signal }) => !uncatchable.includes(signal));

  test.each(catchable)("rewrites $signal, also written as $words", ({ signal, words }) => {
    for (const word of words) {
      run(core, ["wasm-init", "-r", `${word}:USR1`, "server"]);
      const expected = signal === CHLD ? [] : ["SendSignal Group 100 USR1"];
      expect(received(signal), word).toEqual(expected);
    }
  });

  test.each(rows)("rewrites to $signal, also written as $words", ({ name, words }) => {
    for (const word of words) {
      run(core, ["wasm-init", "-r", `USR1:${word}`, "server"]);
      expect(received(10), word).toEqual([`SendSignal Group 100 ${name}`]);
    }
  });

  test.each(catchable)("forwards $signal as it is, and calls it $name", ({ signal, name }) => {
    run(core, ["wasm-init", "-vv", "-g", "server"]);
    const expected =
      signal === CHLD
        ? []
        : [
            `Write stderr "wasm-init: received ${name} from 900"`,
            `SendSignal Group 100 ${name}`,
            `Write stderr "wasm-init: forwarded ${name} to 100"`,
          ];
    expect(received(signal)).toEqual(expected);
  });

  test("keeps each of 64 rewrites that are asked for at once", () => {
    const options = catchable.flatMap(({ signal }) => ["-r", `${signal}:${65 - signal}`]);
    run(core, ["wasm-init", ...options, "server"]);
    for (const { signal } of catchable) {
      if (signal === CHLD) continue;
      expect(received(signal)).toEqual([`SendSignal Group 100 ${signalName(65 - signal)}`]);
    }
  });

  const wrong = ["0", "65", "-1", "+1", "1x", "4294967311", "99999999999999999999"];
  const names = ["TERMX", "SIG", "SIGSIGTERM", "RTMIN-1", "RTMAX+1", "RTMIN+31", "RTMAX-31", "T"];

  test.each([...wrong, ...names, "RTMIN+", "none"])("knows no signal %j to rewrite", (word) => {
    const { actions } = boot(core, ["wasm-init", "-r", `${word}:TERM`, "server"]);
    expect(stderr(actions)).toMatch(/^wasm-init: '[^\n]*' is not a signal: expected [^\n]*\n$/);
    expect(stderr(actions)).toContain(`'${word}'`);
    expect(exitStatus(actions)).toBe(125);
  });

  test.each(uncatchable)("says that %i can't be caught", (signal) => {
    for (const word of spellings(signal)) {
      const { actions } = boot(core, ["wasm-init", "-r", `${word}:TERM`, "server"]);
      expect(stderr(actions)).toBe(
        `wasm-init: '${word}:TERM': KILL and STOP cannot be caught: expected another signal\n`,
      );
      expect(exitStatus(actions)).toBe(125);
    }
  });
});
