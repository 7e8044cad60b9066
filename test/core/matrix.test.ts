// The matrix of phase and event, cell by cell, beside a table that was written by hand.
import { describe, expect, test } from "vitest";
import { EventKind, EVENT_KINDS, Phase, PHASES } from "../../assembly/abi";
import { Step } from "../../assembly/matrix";
import type { Core, Snapshot } from "../../host/wasm/core.ts";
import { eachCore, boot, COMMAND, run } from "./running.ts";

const phases = ["Booting", "Running", "Stopping", "Draining", "Finished"] as const;

/** A dot is a cell that can't happen. */
const table = `
                  Booting            Running          Stopping         Draining         Finished
None              .                  .                .                .                .
Booted            Boot               .                .                .                .
Named             Name               .                .                .                .
VariableRead      Variable           .                .                .                .
WordRead          Word               .                .                .                .
WordsEnded        WordsEnded         .                .                .                .
RecordOpened      RecordOpened       .                .                .                .
TerminalReleased  TerminalReleased   .                .                .                .
Spawned           Spawned            .                .                .                .
SpawnFailed       SpawnFailed        .                .                .                .
SignalReceived    Hold               Signal           Signal           DrainSignal      .
ChildExited       .                  ChildExited      ChildExited      ChildExited      .
ChildStopped      .                  ChildStopped     ChildStopped     Nothing          .
ChildTrapped      .                  ChildTrapped     ChildTrapped     ChildTrapped     .
NoChildrenLeft    .                  ProbeCommand     ProbeCommand     Drained          .
DeadlineReached   .                  DeadlineReached  DeadlineReached  DeadlineReached  .
ActionFailed      PreparationFailed  ActionFailed     ActionFailed     ActionFailed     .
ProcessFound      .                  .                .                TellProcess      .
ProcessesListed   .                  .                .                ProcessesListed          .
SandboxProbed     SandboxProbed      .                .                .                .
ForegroundMoved   .                  ForegroundMoved  ForegroundMoved  Nothing          .
`;

const rows = table
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.split(/\s+/));

const cells = rows.flatMap(([event = "", ...steps]) =>
  steps.map((step, index) => ({
    phase: phases[index]!,
    event: event as keyof typeof EventKind,
    step: (step === "." ? "Impossible" : step) as keyof typeof Step,
  })),
);

/** A core's state in each phase, reached by events. */
function statesOf(core: Core): Record<(typeof phases)[number], Snapshot> {
  core.reset();
  const Booting = core.snapshot();
  run(core, ["wasm-init", "--sandbox=off", "--drain", "-k", "TERM:1s,KILL", "server"]);
  const Running = core.snapshot();
  core.take({ kind: EventKind.SignalReceived, now: 1, signal: 15, pid: 9 });
  const Stopping = core.snapshot();
  core.take({ kind: EventKind.ChildExited, now: 2, pid: COMMAND, code: 1 });
  const Draining = core.snapshot();
  core.take({ kind: EventKind.NoChildrenLeft, now: 3 });
  core.take({ kind: EventKind.ProcessesListed, now: 3 });
  return { Booting, Running, Stopping, Draining, Finished: core.snapshot() };
}

test("the table has every cell", () => {
  expect(cells.length).toBe(EVENT_KINDS * PHASES);
  expect(new Set(cells.map(({ event }) => EventKind[event])).size).toBe(EVENT_KINDS);
  expect(phases.map((phase) => Phase[phase])).toEqual([0, 1, 2, 3, 4]);
});

describe.each(eachCore)("the $flavour core", ({ core }) => {
  test.each(cells)("$event while $phase: $step", ({ phase, event, step }) => {
    expect(Step[core.stepOf(Phase[phase], EventKind[event])]).toBe(step);
  });

  test("reaches every phase by events", () => {
    const states = statesOf(core);
    for (const phase of phases) {
      core.restore(states[phase]);
      expect(core.phase).toBe(Phase[phase]);
    }
  });

  const impossible = cells.filter(({ step }) => step === "Impossible");

  test.each(impossible)("traps on $event while $phase", ({ phase, event }) => {
    core.restore(statesOf(core)[phase]);
    expect(() => core.take({ kind: EventKind[event], now: 5 })).toThrow(WebAssembly.RuntimeError);
  });

  test("traps on an event or a phase that there is none of", () => {
    boot(core, ["wasm-init", "server"]);
    for (const kind of [-1, EVENT_KINDS, 1000])
      expect(() => core.take({ kind, now: 1 })).toThrow(WebAssembly.RuntimeError);
    expect(core.stepOf(PHASES as Phase, EventKind.Booted)).toBe(Step.Impossible);
    expect(core.stepOf(-1 as Phase, EventKind.Booted)).toBe(Step.Impossible);
  });
});
