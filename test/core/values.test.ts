// What options' values mean: durations, plans, exit maps, split strings; and lines as JSON.
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { ActionKind, EventKind } from "../../assembly/abi";
import { boot, COMMAND, eachCore, lines, run, stderr } from "./running.ts";

const SPLIT_CAPACITY = 64;
const CLD_EXITED = 1;
const CLD_KILLED = 2;

const durations: [string, number][] = [
  ["500ms", 500],
  ["0", 0],
  ["0ms", 0],
  ["7", 7_000],
  ["10s", 10_000],
  ["2m", 120_000],
  ["1h", 3_600_000],
  ["24h", 86_400_000],
  ["1440m", 86_400_000],
  ["86400", 86_400_000],
  ["86400000ms", 86_400_000],
  ["007s", 7_000],
];

/** Strings, and the words that `env -S` makes of them. */
const strings = [
  "one",
  "one two",
  "  one\ttwo \n three  ",
  "'one two' three",
  '"one two" three',
  "one'two'three",
  "'' \"\" x",
  'a\\_b "a\\_b"',
  "\\t\\n\\f\\v\\r",
  '"\\t\\n"',
  "'\\t'",
  "'\\\\' '\\''",
  "\\# \\$ \\\" \\' \\\\",
  "a#b",
  "one #two three",
  "'#' #",
  "'$HOME'",
  "x=1 --y='a b'",
];

describe.each(eachCore)("the $flavour core", ({ core }) => {
  const ended = (code: number, signal: number, now = 1000) =>
    lines(core, EventKind.ChildExited, { pid: COMMAND, code, signal }, now);

  test.each(durations)("reads %s as %i ms", (text, milliseconds) => {
    run(core, ["wasm-init", `--drain=${text}`, "server"]);
    expect(ended(CLD_EXITED, 0).at(-1)).toBe(`SetDeadline ${1000 + milliseconds}`);
    run(core, ["wasm-init", "-k", `TERM:${text},KILL`, "server"]);
    const stop = lines(core, EventKind.SignalReceived, { signal: 15, pid: 9 }, 0.5);
    expect(stop.at(-1)).toBe(`SetDeadline ${Math.ceil(0.5 + milliseconds)}`);
  });

  test("sets a deadline that needs more than 32 bits", () => {
    run(core, ["wasm-init", "--drain=1", "server"]);
    expect(ended(CLD_EXITED, 0, 5e12).at(-1)).toBe("SetDeadline 5000000001000");
  });

  test("walks through 16 steps, each with its own signal and time", () => {
    const steps = Array.from({ length: 15 }, (_, index) => `${index + 34}:${index + 1}s`);
    run(core, ["wasm-init", "--sandbox=off", "-k", [...steps, "KILL"].join(), "server"]);
    let now = 1;
    let actions = lines(core, EventKind.SignalReceived, { signal: 15, pid: 9 }, now);
    for (let index = 0; index < 15; index++) {
      now += (index + 1) * 1000;
      expect(actions).toEqual([
        `SendSignal Group 100 RTMIN+${index}`,
        "SendSignal Group 100 CONT",
        `SetDeadline ${now}`,
      ]);
      actions = lines(core, EventKind.DeadlineReached, {}, now);
    }
    expect(actions).toEqual(["SendSignal Group 100 KILL", `SetDeadline ${now + 1000}`]);
  });

  test("gives every status back as it is", () => {
    for (let status = 0; status < 256; status++) {
      run(core, ["wasm-init", "server"]);
      expect(ended(CLD_EXITED, status).at(-1)).toBe(`Exit ${status}`);
    }
    for (let signal = 1; signal <= 64; signal++) {
      run(core, ["wasm-init", "server"]);
      expect(ended(CLD_KILLED, signal).at(-1)).toBe(`Exit ${128 + signal}`);
    }
  });

  test("maps each status of the given ones, and no other", () => {
    const maps = ["0:1", "10-20:2", "20:3", "TERM:4", "SIGKILL:5", "255:6", "RTMAX:7", "15:0"];
    const options = maps.flatMap((map) => ["-e", map]);
    const expected = (status: number) => {
      const given = { 0: 1, 20: 3, 143: 4, 137: 5, 255: 6, 192: 7, 15: 0 }[status];
      return given ?? (status >= 10 && status < 20 ? 2 : status);
    };
    for (let status = 0; status < 256; status++) {
      run(core, ["wasm-init", ...options, "server"]);
      expect(ended(CLD_EXITED, status).at(-1)).toBe(`Exit ${expected(status)}`);
    }
  });

  test.each(strings)("splits %j as env -S does", (string) => {
    const { boot } = run(core, ["wasm-init", "-S", `-- printf ${string}`, "last"]);
    const ours = boot.command.slice(1).map((word) => Buffer.from(word).toString());
    const printed = execFileSync("env", ["-S", `printf '%s\\0' ${string}`, "last"]);
    expect(ours).toEqual(printed.toString().split("\0").slice(0, -1));
  });

  test("splits a shebang line's one word into options and command", () => {
    const argv = ["/sbin/wasm-init", "-S --stop TERM:5s,KILL /bin/sh", "./script", "arg"];
    const { boot } = run(core, argv);
    const command = boot.command.map((word) => Buffer.from(word).toString());
    expect(command).toEqual(["/bin/sh", "./script", "arg"]);
    const stop = lines(core, EventKind.SignalReceived, { signal: 15, pid: 9 });
    expect(stop.at(-1)).toBe("SetDeadline 5001");
  });

  test("splits a string of as many words as fit", () => {
    const { boot } = run(core, ["wasm-init", "-S", "x ".repeat(SPLIT_CAPACITY)]);
    expect(boot.command.length).toBe(SPLIT_CAPACITY);
  });

  test("sets LISTEN_PID only where it names the init, and is a number", () => {
    const how = (value: string, pid: number) => {
      const { actions } = run(core, ["wasm-init", "server"], { pid, env: { LISTEN_PID: value } });
      const spawn = actions.at(-1);
      return spawn?.kind === ActionKind.Spawn && (spawn.how & 32) !== 0;
    };
    expect(how("7", 7)).toBe(true);
    for (const value of ["", "8", "7x", "-7", " 7", "4294967303", "77777777777777777777"])
      expect(how(value, 7)).toBe(false);
  });

  test("writes JSON lines that parse, whatever they quote", () => {
    const bytes = Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1));
    const log = ["wasm-init", "-vvw", "--log=json", "--drain"];
    const { actions, boot } = run(core, [...log, "-k", "none:1s,TERM:1s,KILL", bytes]);
    const all = [...actions];
    const take = (kind: EventKind, fields = {}, now = 1.5) =>
      all.push(...core.take({ kind, now, ...fields }));
    all.push(...core.take({ ...boot.spawned(COMMAND), now: 0, kind: EventKind.ChildTrapped }));
    take(EventKind.SignalReceived, { signal: 40, pid: 9 });
    take(EventKind.SignalReceived, { signal: 13, pid: 1 });
    take(EventKind.ActionFailed, { code: 1, uid: ActionKind.SendSignal, signal: 40, pid: 100 });
    take(EventKind.ActionFailed, { code: 999, uid: ActionKind.LeaveDirectory });
    take(EventKind.ChildExited, { pid: 555, code: CLD_EXITED });
    take(EventKind.ChildStopped, { pid: COMMAND, signal: 19 });
    take(EventKind.SignalReceived, { signal: 15, pid: 9 });
    take(EventKind.DeadlineReached, {}, 1002);
    take(EventKind.DeadlineReached, {}, 2002);
    take(EventKind.ChildExited, { pid: COMMAND, code: 3, signal: 11 }, 2003);
    take(EventKind.DeadlineReached, {}, 7003);
    take(EventKind.NoChildrenLeft, {}, 7004);
    const text = stderr(all);
    const objects = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(objects.length).toBeGreaterThan(10);
    for (const object of objects) {
      expect(object).toMatchObject({ ms: expect.any(Number), message: expect.any(String) });
      expect(EventKind).toHaveProperty(String(object["event"]));
      if (object["action"] !== undefined)
        expect(ActionKind).toHaveProperty(String(object["action"]));
    }
    const died = objects.find(({ pid, signal }) => pid === COMMAND && signal === "SEGV");
    expect(died).toMatchObject({ ms: 2003, event: "ChildExited", action: "Reap" });
  });

  test("writes a failed start as JSON, too", () => {
    const word = Buffer.from('--"\\\n\u{1f600}');
    const { actions } = boot(core, ["wasm-init", "--log=json", word]);
    const line = JSON.parse(stderr(actions)) as { message: string };
    expect(line.message).toMatch(/^unknown option '--[^']*': expected/);
  });
});
