// Runs the init with one of its calls failing, by strace(1): the call is not made, and answers the
// errno. Without -f the child of vfork, and with it the command, is left alone.
import { existsSync, readFileSync } from "node:fs";
import { bytesSource, openTrace } from "../../replay/trace/format.ts";
import { replay } from "../../replay/trace/replay.ts";
import { freshCore } from "../support/cores.ts";
import { hostUnderTest } from "../support/host.ts";
import type { Lab } from "../support/lab.ts";
import { binary } from "../support/paths.ts";
import type { StartedInit } from "../support/started.ts";
import { USR1 } from "../support/signals.ts";
import { FENCE, QUEUED, scenes } from "./scenes.ts";
import type { Scene, SceneName } from "./scenes.ts";
import type { Mode, Row } from "./table.ts";

export interface Run {
  status: number | null;
  signals: number[];
  stdout: string;
  /** What the init itself said, without the lines that -v prints anyway. */
  complaints: string[];
  /** The calls that were traced, one a line. */
  calls: string[];
  /** The recording, where there is one. */
  trace: string | undefined;
}

const ROUTINE =
  /^(started '|the command \(\d+\) (exited|was killed)|draining|KILL to|stop plan|in the sandbox)/;
const SENT: readonly number[] = [USR1, QUEUED, FENCE];
let runs = 0;

function complaintsOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.startsWith("wasm-init: "))
    .map((line) => line.slice("wasm-init: ".length))
    .filter((line) => !ROUTINE.test(line));
}

/** Words for `sh -c`. */
function quoted(words: string[]): string {
  return words.map((word) => `'${word}'`).join(" ");
}

/** As a container with a terminal is started: PID 1 leads the terminal's session. */
const NAMESPACE = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];

/** Runs a scene to its end under strace with these options. */
export async function runScene(
  lab: Lab,
  name: SceneName,
  strace: string[],
  mode: Mode = "any process",
  during: (init: StartedInit) => Promise<void> = () => Promise.resolve(),
): Promise<Run> {
  const scene: Scene = scenes[name];
  const file = `${lab.folder}/strace-${++runs}`;
  const recording = `${lab.folder}/recording-${runs}`;
  const trace = mode === "recording" ? recording : undefined;
  // -D: the init is our child, and the tracer nobody's.
  const traced = ["strace", "-D", "-o", file, ...strace, "--", binary];
  if (trace !== undefined) traced.push("--record", trace);
  traced.push(...scene.options(recording), "--", ...scene.command(lab));
  const pid1 = mode === "PID 1";
  // script(1) makes a terminal, and its child the leader of that terminal's session.
  const leader = pid1 ? [...NAMESPACE, "setsid", "--ctty", ...traced] : traced;
  const words = scene.terminal
    ? ["script", "-qefc", `exec ${quoted(leader)}`, "/dev/null"]
    : traced;
  const init = lab.start({
    host: { ...hostUnderTest(), command: words },
    args: [],
    pid1: pid1 && scene.terminal !== true,
    stdin: scene.closed === true ? "closed" : "null",
  });
  await during(init);
  const { status, stdout, stderr } = await init.finished(15_000);
  return {
    status,
    // The command's own CHLD aside.
    signals: init.signals().flatMap(({ signal }) => (SENT.includes(signal) ? [signal] : [])),
    stdout,
    complaints: complaintsOf(scene.terminal ? stdout : stderr),
    calls: readFileSync(file, "utf8").trimEnd().split("\n"),
    trace,
  };
}

/** Whether what was recorded of a run, however far, replays without a difference. */
export function replays(trace: string): boolean {
  const bytes = existsSync(trace) ? readFileSync(trace) : Buffer.alloc(8);
  // Nothing was recorded where the file could not be made.
  if (bytes.subarray(0, 8).every((byte) => byte === 0)) return true;
  return replay(freshCore("release"), openTrace(bytesSource(bytes))).difference === undefined;
}

/** Runs a scene with the n-th of these calls failing. */
export function runCell(lab: Lab, row: Row, errno: string, at: number, mode: Mode): Promise<Run> {
  const when = row.times === undefined ? String(at) : `${at}..${at + row.times - 1}`;
  const failing = ["-e", `inject=${row.call}:error=${errno}:when=${when}`];
  if (row.also !== undefined) failing.push("-e", `inject=${row.also}`);
  if (row.inChild === true) failing.push("-f");
  // A command that is not let go stays where it is; but it can be killed, and its end is seen.
  const during = async (init: StartedInit) => {
    if (row.scene !== "traced") return;
    await init.stderr.line(/failed/);
    const started = await init.stderr.line(/started/);
    process.kill(await init.outerPid(Number(started.split(" ").at(-1))), "SIGKILL");
  };
  const also = row.also === undefined ? "" : `,${row.also.split(":")[0]}`;
  return runScene(lab, row.scene, ["-e", `trace=${row.call}${also}`, ...failing], mode, during);
}
