/** Short ways to a core that has booted, for tests of the command line. */
import { ActionKind, type EventKind } from "../../assembly/abi";
import {
  bootCore,
  type Booted,
  type BootInput,
  type PendingEvent,
  type Word,
} from "../../host/wasm/boot.ts";
import type { Action, Core } from "../../host/wasm/core.ts";
import { freshCore, type Flavour, flavours } from "../support/cores.ts";
import { actionLine } from "../traces/vocabulary.ts";

export const COMMAND = 100;

const cores: Record<Flavour, Core> = { release: freshCore("release"), debug: freshCore("debug") };

/** Every flavour's core, to be run through the same test. */
export const eachCore = flavours.map((flavour) => ({ flavour, core: cores[flavour] }));

/** Boots a core with these words, argv[0] first. */
export function boot(core: Core, argv: readonly Word[], more: Partial<BootInput> = {}): Booted {
  core.reset();
  return bootCore(core, { argv, pid: 1, ...more });
}

/** The same, on to a running command. */
export function run(core: Core, argv: readonly Word[], more: Partial<BootInput> = {}): Booted {
  const booted = boot(core, argv, more);
  if (booted.actions.at(-1)?.kind !== ActionKind.Spawn)
    throw new Error(`no spawn:\n${booted.actions.map(actionLine).join("\n")}`);
  core.take({ ...booted.boot.spawned(COMMAND), now: 0 });
  return booted;
}

/** Takes an event, and returns its actions as lines. */
export function lines(
  core: Core,
  kind: EventKind,
  fields: Omit<PendingEvent, "kind"> = {},
  now = 1,
) {
  return core.take({ kind, now, ...fields }).map(actionLine);
}

/** What actions print on stderr. */
export function stderr(actions: readonly Action[]): string {
  return printed(actions, 2);
}

/** What actions print on stdout. */
export function stdout(actions: readonly Action[]): string {
  return printed(actions, 1);
}

function printed(actions: readonly Action[], stream: number): string {
  return actions
    .map((it) => (it.kind === ActionKind.Write && it.stream === stream ? it.text : ""))
    .join("");
}

/** The status that actions end with, if they end. */
export function exitStatus(actions: readonly Action[]): number | undefined {
  const last = actions.at(-1);
  return last?.kind === ActionKind.Exit ? last.status : undefined;
}
