/** Drives a core through a trace, and keeps every event with what it led to. */
import { Boot, type PendingEvent } from "../../host/wasm/boot.ts";
import type { Action, Core } from "../../host/wasm/core.ts";
import type { Step, Trace } from "./prose.ts";
import { actionLine, eventOf } from "../../host/wasm/vocabulary.ts";

/** One event that a core handled, and its actions. */
export interface Handled {
  event: PendingEvent;
  now: number;
  actions: Action[];
}

/** What a step of a trace led to. */
export interface Outcome {
  step: Step;
  /** The actions as lines, without those of the boot protocol. */
  actions: string[];
}

/** Runs a trace on a core that is as good as new. */
export function drive(core: Core, trace: Trace): { outcomes: Outcome[]; handled: Handled[] } {
  core.reset();
  const boot = new Boot(trace.input);
  const handled: Handled[] = [];
  const done: { action: Action; index: number }[] = [];
  const outcomes = trace.steps.map((step): Outcome => {
    const events =
      step.event === "Boot"
        ? boot.start()
        : [eventAt(trace, step, () => eventOf(step.event, { boot, done }))];
    const lines: string[] = [];
    for (let event = events.shift(); event !== undefined; event = events.shift()) {
      const next = { ...event, now: step.now };
      const actions = eventAt(trace, step, () => core.take(next));
      handled.push({ event, now: step.now, actions });
      for (const [index, action] of actions.entries()) {
        done.push({ action, index });
        const answer = boot.perform(action);
        if (answer.answer !== undefined) events.push(answer.answer);
        if (!answer.done) lines.push(actionLine(action));
      }
    }
    return { step, actions: lines };
  });
  return { outcomes, handled };
}

/** Says where in which trace something went wrong. */
function eventAt<T>(trace: Trace, step: Step, what: () => T): T {
  try {
    return what();
  } catch (error) {
    throw new Error(`${trace.file}:${step.line}: ${step.event}: ${String(error)}`, {
      cause: error,
    });
  }
}
