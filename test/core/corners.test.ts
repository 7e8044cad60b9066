// Ways through the core that the other tests of it do not take: what --explain says, the variables
// of other inits, sizes, and refusals of the kernel.
import { describe, expect, test } from "vitest";
import { ActionKind, EventKind, Fact, Phase } from "../../assembly/abi";
import { bootCore } from "../../host/wasm/boot.ts";
import { boot, COMMAND, eachCore, exitStatus, lines, run, stderr, stdout } from "./running.ts";

const EACCES = 13;
const EPERM = 1;
const [TERM, TSTP, URG] = [15, 20, 23];
/** A job of a shell: a terminal whose foreground is ours, in a session that is not. */
const job = { pid: 70, bootFlags: Fact.Terminal | Fact.Foreground };

describe.each(eachCore)("the $flavour core", ({ core }) => {
  const explained = (...options: string[]) =>
    stdout(boot(core, ["wasm-init", ...options, "--explain"]).actions);
  const rowOf = (text: string, signal: string) =>
    text.match(new RegExp(`^ ${signal} +(.*)$`, "m"))?.[1];

  const explanations: [what: string, options: string[], row: [string, string], says: string][] = [
    ["no plan", [], ["TERM", "to the group as TERM"], "unbounded: there is no stop plan"],
    ["one process", ["-c"], ["TSTP", "to the command as TSTP"], "leads a process group of its own"],
    ["a group in the session", ["-g"], ["TSTP", "to the group as TSTP"], "a process group of its"],
    ["a dropped signal", ["-r", "USR1:none"], ["USR1", "nowhere"], "a session of its own"],
    ["a rewritten stop", ["-r", "TSTP:TERM"], ["TSTP", "to the group as TERM"], "a session of its"],
    ["a pause", ["--pause"], ["HUP", "nowhere"], "Longest time"],
    ["a drain", ["--drain=7s"], ["TERM", "to the group as TERM"], "KILL after 7s"],
    ["an open plan", ["-k", "TERM:5s"], ["TERM", "starts the stop plan"], "does not end in KILL"],
    [
      "a silent step",
      ["-k", "none:5s,KILL"],
      ["TERM", "starts the stop plan"],
      " none, then waits",
    ],
    [
      "the same again",
      ["-k", "=:500ms,KILL"],
      ["TERM", "starts the stop plan"],
      " =, then waits 500",
    ],
    ["a short plan", ["-k", "TERM:2s,KILL"], ["TERM", "starts the stop plan"], " 3s\n"],
    ["a long one", ["-k", "TERM:60s,KILL"], ["TERM", "starts the stop plan"], "62"],
  ];
  test.for(explanations)("explains %s", ([, options, [signal, goes], says]) => {
    const text = explained(...options);
    expect(rowOf(text, signal)).toBe(goes);
    expect(text).toContain(says);
  });

  test("explains as JSON whether the group is told", () => {
    const told = (...options: string[]) =>
      (
        JSON.parse(stdout(boot(core, ["wasm-init", ...options, "--explain=json"]).actions)) as {
          groupTerm: boolean;
        }
      ).groupTerm;
    expect([told(), told("-c")]).toEqual([true, false]);
  });

  const variables: [name: string, variable: string][] = [
    ["dumb-init", "DUMB_INIT_DEBUG=1"],
    ["dumb-init", "DUMB_INIT_SETSID=0"],
    ["tini", "TINI_VERBOSITY=3"],
    ["tini", "TINI_VERBOSITY=9"],
    ["tini", "TINI_SUBREAPER="],
    ["tini", "TINI_KILL_PROCESS_GROUP="],
  ];
  /** What the run that begins so does and says at a signal. */
  const behaviour = (argv: string[], env: Record<string, string> = {}) => {
    const { actions } = run(core, [...argv, "server"], { env });
    const told = lines(core, EventKind.SignalReceived, { signal: URG, pid: 555 });
    const asked: ActionKind[] = [ActionKind.ReadVariable, ActionKind.ReadWord];
    const done = actions.filter(({ kind }) => !asked.includes(kind));
    return JSON.stringify([done, told]);
  };
  test.for(variables)("as %s obeys %s", ([init, variable]) => {
    const [name = "", value = ""] = variable.split("=");
    expect(behaviour([init], { [name]: value })).not.toBe(behaviour([init]));
  });

  test.for(["DUMB_INIT_DEBUG=0", "DUMB_INIT_SETSID=1"])("as dumb-init ignores %s", (variable) => {
    const [name = "", value = ""] = variable.split("=");
    expect(behaviour(["dumb-init"], { [name]: value })).toBe(behaviour(["dumb-init"]));
  });

  test("as tini ignores a verbosity that is no number", () => {
    expect(behaviour(["tini"], { TINI_VERBOSITY: "loud" })).toBe(behaviour(["tini"]));
  });

  test("as catatonit prints what happens where CATATONIT_DEBUG is set", () => {
    expect(behaviour(["catatonit"], { CATATONIT_DEBUG: "" })).not.toBe(behaviour(["catatonit"]));
  });

  const sizes: [string, number | undefined][] = [
    ["65536", 65536],
    ["64K", 65536],
    ["64kib", 65536],
    ["2M", 2 << 20],
    ["2MiB", 2 << 20],
    ["64Kxb", undefined],
    ["64Kix", undefined],
    ["64G", undefined],
    ["64Kb", undefined],
  ];
  test.for(sizes)("a record's limit of %s", ([text, bytes]) => {
    const words = ["wasm-init", "--record", "/trace", `--record-limit=${text}`, "server"];
    const { actions } = boot(core, words);
    const open = actions.find(({ kind }) => kind === ActionKind.OpenRecord);
    expect(open?.a).toBe(bytes);
    expect(exitStatus(actions)).toBe(bytes === undefined ? 125 : undefined);
  });

  test("has the arguments recorded where that is asked for", () => {
    const record = (...options: string[]) =>
      boot(core, ["wasm-init", "--record", "/trace", ...options, "server"]).actions.find(
        ({ kind }) => kind === ActionKind.OpenRecord,
      )?.b;
    expect(record("--record-argv")).not.toBe(record());
  });

  test("says that the trace file can't be opened, and starts nothing", () => {
    core.reset();
    const input = { argv: ["wasm-init", "--record", "/trace", "server"], pid: 1 };
    const { actions } = bootCore(core, input, { [ActionKind.OpenRecord]: EACCES });
    expect(exitStatus(actions)).toBe(125);
    expect(stderr(actions)).toMatch(/permission denied/);
  });

  test("warns that recording has stopped, and goes on", () => {
    run(core, ["wasm-init", "--record", "/trace", "server"]);
    const stopped = { code: EACCES, uid: ActionKind.OpenRecord };
    expect(lines(core, EventKind.ActionFailed, stopped).join()).toMatch(/record/);
    expect(lines(core, EventKind.SignalReceived, { signal: TERM, pid: 5 }).join()).toMatch(/TERM/);
  });

  test("keeps what a record needs out of the sandbox's way", () => {
    const entered = (...options: string[]) => {
      const { boot: booted } = boot(core, ["wasm-init", "--sandbox=on", ...options, "server"]);
      return core
        .take({ ...booted.spawned(COMMAND), now: 0 })
        .find(({ kind }) => kind === ActionKind.EnterSandbox)?.a;
    };
    expect(entered("--record", "/trace")).not.toBe(entered());
  });

  test("tells the group nothing at its end where TERM is rewritten to nothing, as dumb-init", () => {
    run(core, ["dumb-init", "-r", "15:0", "server"]);
    const ended = lines(core, EventKind.ChildExited, { signal: 0, code: 1, pid: COMMAND });
    expect(ended.join()).not.toMatch(/SendSignal/);
  });

  test("stays itself in a stop where it can't stop, and gives the foreground again", () => {
    run(core, ["wasm-init", "server"], job);
    lines(core, EventKind.ChildStopped, { signal: TSTP, pid: COMMAND });
    const failed = { code: EPERM, uid: ActionKind.StopSelf };
    expect(lines(core, EventKind.ActionFailed, failed).join("\n")).toMatch(/Signal .*CONT/);
  });

  test("stops itself alone where it shares no terminal, and gives no foreground where it can't", () => {
    run(core, ["wasm-init", "server"], { pid: 70 });
    const stopped = lines(core, EventKind.ChildStopped, { signal: TSTP, pid: COMMAND });
    expect(stopped.at(-1)).toMatch(/^StopSelf/);
    const failed = { code: EPERM, uid: ActionKind.StopSelf };
    expect(lines(core, EventKind.ActionFailed, failed)).toEqual([]);
  });

  test("warns that recording has stopped before the command is there", () => {
    const { boot: booted } = boot(core, ["wasm-init", "--record", "/trace", "server"]);
    const stopped = { code: EACCES, uid: ActionKind.OpenRecord };
    expect(lines(core, EventKind.ActionFailed, stopped)).toHaveLength(1);
    core.take({ ...booted.spawned(COMMAND), now: 0 });
    expect(core.phase).toBe(Phase.Running);
  });

  test("a string to split ends at \\c", () => {
    run(core, ["wasm-init", "-S", "-v \\c --nonsense", "server"]);
    expect(exitStatus(boot(core, ["wasm-init", "-S", "-v --nonsense", "server"]).actions)).toBe(
      125,
    );
  });

  test("leaves a session where dumb-init does, terminal or not", () => {
    const how = (name: string) =>
      boot(core, [name, "server"], { pid: 70, bootFlags: Fact.Terminal }).actions.at(-1)?.a;
    expect(how("dumb-init")).not.toBe(how("wasm-init"));
  });

  test("is no louder than loudest", () => {
    expect(behaviour(["wasm-init", "-vvvv"])).toBe(behaviour(["wasm-init", "-vv"]));
  });

  test("takes auto for the sandbox by name", () => {
    expect(behaviour(["wasm-init", "--sandbox=auto"])).toBe(behaviour(["wasm-init"]));
  });

  test("names an option that lacks its value", () => {
    expect(stderr(boot(core, ["dumb-init", "-r"]).actions)).toMatch(/--rewrite/);
    expect(stderr(boot(core, ["tini", "-p"]).actions)).toMatch(/'-p'/);
  });

  test.for(["SIX", "SIXTERM"])("%s is no signal, although it begins as one", (name) => {
    const { actions } = boot(core, ["wasm-init", "-r", `${name}:TERM`, "server"]);
    expect(exitStatus(actions)).toBe(125);
  });

  test.for(["--as", "--asx", "--as2=tini"])("%s speaks as nobody", (word) => {
    expect(exitStatus(boot(core, ["wasm-init", word]).actions)).toBe(125);
  });
});
