// The core traps, and signals come that the process has sent itself: where it is shared with a
// program they are the program's, or an abort, and elsewhere the init's own doing.
import { afterEach, expect, test, vi } from "vitest";
import { EventKind, BootFlag } from "../../assembly/abi.ts";
import { freshCore } from "../support/cores.ts";
import { Surroundings } from "../node/surroundings.ts";
import { TERM, USR1, USR2 } from "../support/signals.ts";

afterEach(() => vi.restoreAllMocks());

test.each([
  ["shared with a program", BootFlag.Guest | BootFlag.SharedPid, [USR2, TERM]],
  ["all the init's", 0, [USR2]],
])("in a process that is %s, after a trap", (_, bootFlags, expected) => {
  const core = freshCore("release");
  const take = core.take.bind(core);
  vi.spyOn(core, "take").mockImplementation((event) =>
    take(event.kind === EventKind.SignalReceived ? { ...event, kind: EventKind.None } : event),
  );
  const around = new Surroundings([], core, bootFlags);
  const { init, sent } = around;
  init.start();
  around.comes(USR1);
  init.turn();
  around.comes(USR2);
  around.comesFromUs(TERM);
  init.turn();
  expect(sent).toEqual(expected);
  around.exited = true;
  init.turn();
  expect(around.ended).toBe(0);
});
