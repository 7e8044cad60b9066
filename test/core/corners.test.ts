// Ways through the core that the other tests of it do not take: what --explain says, the variables
// of other inits, sizes, and refusals of the kernel.
import { describe, expect, test } from "vitest";
import { ActionKind, BootFlag, EventKind, Phase, SIGNAL_MAX } from "../../assembly/abi";
import { bootCore } from "../../host/wasm/boot.ts";
import { boot, COMMAND, eachCore, exitStatus, lines, run, stderr, stdout } from "./running.ts";
import { TERM, TSTP, URG } from "../support/signals.ts";

const EACCES = 13;
const EEXIST = 17;
const ELOOP = 40;
const EPERM = 1;
/** Drops what would start a stop plan. */
const NO_STOP = ["TERM", "INT", "QUIT"].flatMap((signal) => ["-r", `${signal}:none`]);
/** A job of a shell: a terminal whose foreground is ours, in a session that is not. */
const job = { pid: 70, bootFlags: BootFlag.Terminal | BootFlag.Foreground };

describe.each(eachCore)("the $flavour core", ({ core }) => {
  const explained = (...options: string[]) =>
    stdout(boot(core, ["wasm-init", ...options, "--explain"]).actions);
  /** The group in which a text lists a signal: `forwarded unchanged`, or `rewritten` and as what. */
  const groupOf = (text: string, signal: string) => {
    const lists = text.replaceAll(/\n {20,}/g, " ").matchAll(/^ ([a-z ]+): +([A-Z].*)$/gm);
    return [...lists].flatMap(([, label = "", list = ""]) =>
      list
        .split(list.includes(" as ") ? ", " : " ")
        .filter((item) => item.split(" ")[0] === signal)
        .map((item) => [label, ...item.split(" ").slice(1)].join(" ")),
    );
  };

  const forwarded = "forwarded unchanged";
  const starts = "start the stop plan";
  const explanations: [what: string, options: string[], row: [string, string], says: string][] = [
    ["no plan", [], ["TERM", forwarded], "unbounded: there is no stop plan"],
    ["a session", [], ["TSTP", "rewritten as STOP"], "in a new session; signals go to its process"],
    ["one process", ["-c"], ["TSTP", forwarded], "process group; signals go to the command alone"],
    [
      "a group in the session",
      ["-g"],
      ["TSTP", forwarded],
      "in a new process group; signals go to",
    ],
    ["a dropped signal", ["-r", "USR1:none"], ["USR1", "dropped"], "a new session"],
    ["a rewritten signal", ["-r", "HUP:QUIT"], ["HUP", "rewritten as QUIT"], "a new session"],
    ["a rewritten stop", ["-r", "TSTP:TERM"], ["TSTP", "rewritten as TERM"], "a new session"],
    ["a kept stop", ["-r", "TSTP:TSTP"], ["TSTP", forwarded], "a new session"],
    ["a pause", ["--pause"], ["HUP", "dropped"], "from a stop signal to the exit: 0s"],
    ["a pause's end", ["--pause"], ["INT", "end the init"], "\n 0: TERM or INT\n"],
    ["a pause with a drain", ["--pause", "-d"], ["TERM", "end the init"], "to the exit: 6s\n"],
    ["what can't be caught", [], ["KILL", "cannot be caught"], "128+N if signal N killed it"],
    [
      "a drain",
      ["--drain=7s"],
      ["TERM", forwarded],
      "wait up to 7s\n send KILL to the remaining processes\n",
    ],
    ["an open plan", ["-k", "TERM:5s"], ["TERM", starts], "does not end in KILL"],
    ["a silent step", ["-k", "none:5s,KILL"], ["TERM", starts], " send nothing, wait up to 5s\n"],
    [
      "the same again",
      ["-r", "TERM:QUIT", "-k", "=:500ms,KILL"],
      ["TERM", `${starts} as QUIT`],
      " send the signal that started the plan, wait up to 500ms\n",
    ],
    ["a plan without it", ["-r", "2:1", "-k", "TERM:1,KILL"], ["QUIT", starts], " send TERM, wait"],
    ["a short plan", ["-k", "TERM:2s,KILL"], ["TERM", starts], "to the exit: 3s\n"],
    [
      "a plan that takes all the time that there is",
      ["-k", "TERM:9s,KILL"],
      ["TERM", starts],
      "to 11\n",
    ],
    [
      "a plan that nothing starts",
      ["-k", "TERM:1s,KILL", ...NO_STOP],
      ["USR1", forwarded],
      "no signal starts",
    ],
    ["a long one", ["-k", "TERM:60s,KILL"], ["TERM", starts], "GracePeriodSeconds to 62\n"],
    ["an exit map", ["-e", "143:0", "-e", "1-5:9"], ["TERM", forwarded], "1-5 to 9, 143 to 0\n"],
    ["a mapped KILL", ["-k", "KILL", "-e", "137:0"], ["TERM", starts], " 0: the command survived"],
    ["a range", ["-r", "RTMIN+6:none"], ["RTMIN+7..RTMAX", forwarded], " RTMIN..RTMIN+5\n"],
    ["all real-time signals", [], ["RTMIN..RTMAX", forwarded], " 32 33 RTMIN..RTMAX\n"],
    [
      "a range up to a signal that starts the plan as another one",
      ["--stop-on=RTMIN+1,RTMIN+2,RTMIN+3", "-r", "RTMIN+2:TERM", "-k", "=:1s,KILL"],
      ["RTMIN+2", `${starts} as TERM`],
      " RTMIN+1, RTMIN+2 as TERM, RTMIN+3\n",
    ],
    ["a plan without end", ["-k", "QUIT"], ["TERM", starts], " send QUIT, wait until the command"],
    [
      "a silent drain",
      ["--drain=none:2s,KILL"],
      ["TERM", forwarded],
      "\n wait up to 2s\n send KILL",
    ],
    [
      "a drain without end",
      ["-k", "KILL", "--drain=none"],
      ["TERM", starts],
      "\n wait until they have ended\n",
    ],
    [
      "how long a drain without end can take",
      ["-k", "KILL", "--drain=none"],
      ["TERM", starts],
      "unbounded: the drain does not end in KILL",
    ],
    [
      "a drain of one step, which sends the same again",
      ["--drain=="],
      ["TERM", forwarded],
      " send the signal that started the stop (or TERM) to the remaining processes, wait until they",
    ],
    [
      "a drain that sends the same again",
      ["--drain==:2s,KILL"],
      ["TERM", forwarded],
      " send the signal that started the stop (or TERM) to the remaining processes, wait up to 2s\n",
    ],
  ];
  test.for(explanations)("explains %s", ([, options, [signal, group], says]) => {
    const text = explained(...options);
    expect(groupOf(text, signal)).toEqual([group]);
    expect(text).toContain(says);
  });

  test("explains within 80 columns", () => {
    const odd = Array.from({ length: 64 }, (_, index) => index + 1).filter((it) => it % 2 === 1);
    const rewrites = odd
      .filter((it) => it !== 9 && it !== 19)
      .flatMap((it) => ["-r", `${it}:${it + 1}`, "-e", `${100 + it}:100`]);
    for (const options of [[], rewrites, ["-k", "=:1s,KILL", ...rewrites]]) {
      for (const line of explained(...options).split("\n")) {
        expect(line.length, line).toBeLessThanOrEqual(80);
      }
    }
  });

  test("explains a command in the init's own process group", () => {
    const env = { WASM_INIT_OPTIONS: "--explain" };
    const text = stdout(boot(core, ["dumb-init", "-c", "server"], { env }).actions);
    expect(text).toContain("The command runs in the process group of the init; signals go to the");
  });

  test("explains that TTIN and TTOU are rewritten only if the terminal sends them", () => {
    for (const signal of ["TTIN", "TTOU"]) {
      expect(groupOf(explained(), signal)).toEqual([
        "rewritten as STOP if the terminal sends it",
        forwarded,
      ]);
      expect(groupOf(explained("-c"), signal)).toEqual([forwarded]);
    }
  });

  test("explains that Ctrl-C at the command's terminal does not start the plan", () => {
    const plan = ["-k", "TERM:1s,KILL"];
    expect(explained(...plan)).toContain("Ctrl-C");
    expect(explained(...plan, "--stop-on=TERM")).not.toContain("Ctrl-C");
    expect(explained()).not.toContain("Ctrl-C");
  });

  test("names -c where signals go to the group, and where it is an option", () => {
    const env = { WASM_INIT_OPTIONS: "--explain" };
    const tini = stdout(boot(core, ["tini", "-g", "server"], { env }).actions);
    expect(tini).toContain("signals go to its process group");
    expect(tini).not.toContain("-c signals");
    expect(explained()).toContain("-c signals the command alone");
    expect(explained("-c")).not.toContain("-c signals");
  });

  test("explains every signal as JSON, and each once in the groups", () => {
    const names = (...options: string[]) =>
      (
        JSON.parse(stdout(boot(core, ["wasm-init", ...options, "--explain=json"]).actions)) as {
          signals: { signal: string }[];
        }
      ).signals.map(({ signal }) => signal);
    const all = names();
    expect(new Set(all).size).toBe(SIGNAL_MAX);
    for (const options of [["-c"], ["-c", "-k", "KILL"], ["--pause"]]) {
      expect(names(...options)).toEqual(all);
      const text = explained(...options).replace("RTMIN..RTMAX", all.slice(33).join(" "));
      for (const signal of all) expect(groupOf(text, signal), signal).toHaveLength(1);
    }
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

  const unopened: [errno: number, why: RegExp][] = [
    [EACCES, /'\/trace': Permission denied/],
    [EEXIST, /'\/trace': File exists: expected a new file, or a trace to replace/],
    [ELOOP, /'\/trace': .*: expected a file, not a symbolic link/],
  ];
  test.for(unopened)(
    "says why the trace can't be opened (%i), and starts nothing",
    ([errno, why]) => {
      core.reset();
      const input = { argv: ["wasm-init", "--record", "/trace", "server"], pid: 1 };
      const { actions } = bootCore(core, input, { [ActionKind.OpenRecord]: errno });
      expect(exitStatus(actions)).toBe(125);
      expect(stderr(actions)).toMatch(why);
      expect(actions.map(({ kind }) => kind)).not.toContain(ActionKind.Spawn);
    },
  );

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
      boot(core, [name, "server"], { pid: 70, bootFlags: BootFlag.Terminal }).actions.at(-1)?.a;
    expect(how("dumb-init")).not.toBe(how("wasm-init"));
  });

  test("is no louder than loudest", () => {
    expect(behaviour(["wasm-init", "-vvvv"])).toBe(behaviour(["wasm-init", "-vv"]));
  });

  test("takes auto for the sandbox by name", () => {
    expect(behaviour(["wasm-init", "--sandbox=auto"])).toBe(behaviour(["wasm-init"]));
  });

  test("names an option that requires a value", () => {
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
