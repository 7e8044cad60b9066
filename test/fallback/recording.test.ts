// What a recording holds when the core traps: everything up to the event on which it did, and that.
import { existsSync } from "node:fs";
import { EventKind } from "../../assembly/abi";
import { steps } from "../../replay/trace/replay.ts";
import { freshCore } from "../support/cores.ts";
import { hostUnderTest } from "../support/host.ts";
import type { Lab } from "../support/lab.ts";
import { theOnlyLine } from "../support/lines.ts";
import { trapping } from "../support/paths.ts";
import { POSITIONS } from "../support/scenario.ts";
import type { StartedInit } from "../support/started.ts";
import { describe, expect, test } from "../support/system-test.ts";
import { replayOf, tool, traceOf } from "../replay/recording.ts";
import { USR1 } from "../support/signals.ts";

const planted = hostUnderTest(trapping);

interface Moment {
  name: string;
  /** Where the trap is: the `at`-th event of this kind, 0 for any. */
  kind: EventKind | 0;
  at: number;
  /** The event, as the line on stderr and the trace have it. */
  event: EventKind;
  status: number;
  /** Starts an init whose core traps there, and brings it to its end. */
  run(
    lab: Lab,
    start: { options: string[]; pid1: boolean; env: Record<string, string> },
  ): StartedInit;
  drive?(init: StartedInit): Promise<void>;
}

const shell =
  (script: string): Moment["run"] =>
  (lab, start) =>
    lab.start({ host: planted, ...start, command: ["sh", "-c", script] });

const moments: Moment[] = [
  {
    name: "the last event before the spawn",
    ...{ kind: EventKind.RecordOpened, at: 1, event: EventKind.RecordOpened, status: 125 },
    run: shell("echo never"),
  },
  {
    name: "the first signal",
    ...{ kind: EventKind.SignalReceived, at: 1, event: EventKind.SignalReceived, status: 7 },
    run: (lab, start) => lab.probeUnder({ host: planted, ...start }, "listen:64", "exit:7"),
    drive: async (init) => {
      await init.event("listening");
      await init.signal(USR1);
      await init.stderr.line(/trapped/);
      await init.signal(64);
    },
  },
  {
    name: "the command's end",
    ...{ kind: EventKind.ChildExited, at: 1, event: EventKind.ChildExited, status: 9 },
    run: shell("exit 9"),
  },
  {
    name: "a deadline",
    ...{ kind: EventKind.DeadlineReached, at: 1, event: EventKind.DeadlineReached, status: 7 },
    run: (lab, start) => lab.probeUnder({ host: planted, ...start }, "listen:64", "exit:7"),
    drive: async (init) => {
      await init.event("listening");
      await init.stderr.line(/trapped/);
      await init.signal(64);
    },
  },
  {
    name: "the hundredth event",
    ...{ kind: 0, at: 100, event: EventKind.ChildExited, status: 7 },
    run: (lab, start) =>
      lab.probeUnder({ host: planted, ...start }, "orphans:300", "listen:64", "exit:7"),
    drive: async (init) => {
      await init.event("listening");
      await init.stderr.line(/trapped/);
      await init.signal(64);
    },
  },
];

describe.each(POSITIONS)(
  "as %s, a trap is the last event of the trace when it comes on",
  (position) => {
    for (const { name, kind, at, event, status, run, drive } of moments) {
      test(name, async ({ lab }) => {
        const file = `${lab.folder}/run`;
        const env = { TRAP_KIND: String(kind), TRAP_AT: String(at) };
        const init = run(lab, {
          options: ["--record", file, "--sandbox=auto"],
          pid1: position === "PID 1",
          env,
        });
        await drive?.(init);
        const ended = await init.finished();
        expect(ended.status).toBe(status);
        expect(theOnlyLine(ended.stderr)).toContain(`at event ${String(event).padStart(2, "0")}:`);
        const all = [...steps(traceOf(file), freshCore("release"))];
        const last = all.pop();
        expect(last).toMatchObject({ trapped: true, event: { kind: event }, actions: [] });
        expect(all.some(({ trapped }) => trapped)).toBe(false);
        // The core that is replayed with has no trap planted in it: that is the one difference.
        const { difference, fromBoot, events } = replayOf(file);
        expect(difference).toMatchObject({ step: last?.sequence, recorded: "trapped" });
        expect(difference?.replayed).not.toBe("trapped");
        expect({ fromBoot, events }).toEqual({ fromBoot: true, events: (last?.sequence ?? 0) + 1 });
        const told = tool("replay", file);
        expect(told).toMatchObject({ status: 1, stderr: "" });
        expect(told.stdout).toContain("recorded  the core trapped");
        expect(tool("show", file).stdout).toMatch(
          new RegExp(`${EventKind[event]}[^\\n]*\\n +the core trapped\\n$`),
        );
        expect(tool("why", file).stdout).toMatch(
          new RegExp(`the core trapped on ${EventKind[event]}[^\\n]*\\(event ${last?.sequence}\\)`),
        );
      });
    }

    test("but not when it comes before the file is open", async ({ lab }) => {
      for (const kind of [EventKind.Booted, EventKind.WordRead]) {
        const file = `${lab.folder}/run`;
        const env = { TRAP_KIND: String(kind), TRAP_AT: "1" };
        const init = shell("echo never")(lab, {
          options: ["--record", file],
          pid1: position === "PID 1",
          env,
        });
        const { status, stdout, stderr } = await init.finished();
        expect({ status, stdout }).toEqual({ status: 125, stdout: "" });
        expect(theOnlyLine(stderr)).toContain(`at event 0${kind}:`);
        expect(existsSync(file)).toBe(false);
      }
    });
  },
);
