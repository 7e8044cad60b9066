// Clocks that jump under a running init: strace(1) changes what clock_gettime(2) tells. The monotonic
// clock leaps by weeks, the wall clock by years, and only deadlines that are due have an effect.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { endianness } from "node:os";
import { steps } from "../../replay/trace/replay.ts";
import { replayOf, traceOf } from "../replay/recording.ts";
import { hostUnderTest } from "../support/host.ts";
import type { Lab } from "../support/lab.ts";
import { Output } from "../support/output.ts";
import { binary } from "../support/paths.ts";
import { childrenOf } from "../support/proc.ts";
import { whyNoStrace } from "../support/strace.ts";
import { describe, expect, skipLoudly, test } from "../support/system-test.ts";
import { CONT, INT, KILL, TERM, USR1, USR2 } from "../support/signals.ts";

const WEEK = 7 * 24 * 3600;
const LAST = 64;

/** Options of strace: these of the calls, or all from one on, tell this number of seconds. */
function telling(seconds: number, when = "1+"): string[] {
  const time = Buffer.alloc(16);
  if (endianness() === "LE") time.writeBigUInt64LE(BigInt(seconds));
  else time.writeBigUInt64BE(BigInt(seconds));
  return ["-e", `inject=clock_gettime:poke_exit=@arg2=${time.toString("hex")}:when=${when}`];
}

function whyNoJumps(): string | undefined {
  const { status } = spawnSync("strace", ["-o", "/dev/null", ...telling(0), "true"]);
  return whyNoStrace() ?? (status === 0 ? undefined : "strace can't change what calls tell");
}

/** Sets a process's clock ahead, where it stands still until the answer is called. */
async function setAhead(pid: number, weeks: number): Promise<() => Promise<void>> {
  // Of the monotonic clock, as the init's.
  const now = Number(process.hrtime.bigint() / 1_000_000_000n);
  const args = ["-p", `${pid}`, "-o", "/dev/null", ...telling(now + weeks * WEEK)];
  const tracer = spawn("strace", args, { stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(tracer, "exit");
  await new Output(tracer.stderr).line(/attached/);
  return async () => {
    // It lets go of whom it traces.
    tracer.kill("SIGINT");
    await ended;
  };
}

describe("the monotonic clock", () => {
  test.for([1, 520])(
    "leaps by %d weeks where nothing is waited for, and nothing happens",
    async (weeks, { lab, skip, task }) => {
      const why = whyNoJumps();
      if (why !== undefined) skipLoudly({ skip, task }, why);
      const options = ["--sandbox=off", "--stop=TERM:300ms,KILL"];
      const init = await lab.listening({ options });
      const setBack = await setAhead(await init.pid(), weeks);
      await init.signal(USR1);
      await init.received(USR1);
      // The clock never goes back. If it does, time stands still, and deadlines come none the less.
      await setBack();
      await init.signal(USR2);
      await init.received(USR2);
      expect(await init.signalsUntilFence()).toEqual([USR1, USR2]);
      await init.signal(TERM);
      expect(await init.finished()).toMatchObject({ status: 128 + KILL, stderr: "" });
    },
  );

  test("leaps by weeks during a stop plan, and one step is due", async ({ lab, skip, task }) => {
    const why = whyNoJumps();
    if (why !== undefined) skipLoudly({ skip, task }, why);
    const options = ["--sandbox=off", "--stop=TERM:10h,INT:10h,KILL"];
    const init = await lab.listening({ options });
    const pid = await init.pid();
    await init.signal(TERM);
    await init.received(TERM);
    const setBack = await setAhead(pid, 4);
    await init.received(INT);
    // The step after it has all of its time.
    expect((await init.signalsUntilFence()).filter((it) => it !== CONT)).toEqual([TERM, INT]);
    await setBack();
    await init.signal(LAST);
    for (const command of childrenOf(pid)) process.kill(command, "SIGKILL");
    expect(await init.finished()).toMatchObject({ status: 128 + KILL, stderr: "" });
  });
});

describe("the wall clock", () => {
  /** Runs a recorded init under strace; returns its calls of clock_gettime(2), and the file. */
  async function record(lab: Lab, name: string, strace: string[]) {
    const [file, told] = [`${lab.folder}/${name}`, `${lab.folder}/${name}.strace`];
    const traced = ["strace", "-o", told, "-e", "trace=clock_gettime", ...strace, "--", binary];
    const init = lab.start({
      host: { ...hostUnderTest(), command: traced },
      options: ["--record", file, "--stop=TERM:50ms,KILL"],
      command: [lab.probe, "block:all", `send:parent:${TERM}`, "pause"],
    });
    expect(await init.finished()).toMatchObject({ status: 128 + KILL, stderr: "" });
    return { file, calls: readFileSync(told, "latin1").trimEnd().split("\n") };
  }

  test.for(["1970-01-01", "2038-01-20", "2500-06-01"])(
    "is at %s, and only the recording's header says so",
    async (date, { lab, skip, task }) => {
      const why = whyNoJumps();
      if (why !== undefined) skipLoudly({ skip, task }, why);
      const { calls } = await record(lab, "now", []);
      const isReading = (call: string) => call.includes("CLOCK_REALTIME");
      // It is read once, as the recording is begun.
      expect(calls.filter(isReading)).toHaveLength(1);
      const when = `${1 + calls.findIndex(isReading)}`;
      const { file } = await record(lab, "then", telling(Date.parse(date) / 1000, when));
      expect(traceOf(file).header.started.toISOString()).toContain(date);
      expect(replayOf(file)).toMatchObject({ fromBoot: true, lost: 0 });
      expect(replayOf(file).difference).toBeUndefined();
      const times = [...steps(traceOf(file))].map(({ event }) => event.now);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times.at(-1)).toBeLessThan(60_000);
    },
  );
});
