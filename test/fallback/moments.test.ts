// The core traps at every kind of moment: the container lives on.
import { EventKind } from "../../assembly/abi.ts";
import { hostUnderTest } from "../support/host.ts";
import { trapping } from "../support/paths.ts";
import { POSITIONS } from "../support/scenario.ts";
import { describe, expect, test } from "../support/system-test.ts";

const host = hostUnderTest(trapping);
const plant = (kind: EventKind | 0, at: number) => ({
  TRAP_KIND: String(kind),
  TRAP_AT: String(at),
});

describe.each(POSITIONS)("as %s", (position) => {
  const pid1 = position === "PID 1";

  test("a trap at boot ends with 125 before the command", async ({ lab }) => {
    const init = lab.start({
      ...{ host, pid1, env: plant(EventKind.Booted, 1) },
      command: ["echo", "started"],
    });
    const { status, stdout, stderr } = await init.finished();
    expect({ status, stdout }).toEqual({ status: 125, stdout: "" });
    expect(stderr).toMatch(/^wasm-init: the core trapped [^\n]*at event 01:[^\n]*\n$/);
  });

  test("a trap at a deadline keeps the command and its status", async ({ lab }) => {
    const init = lab.start({
      ...{ host, pid1, env: plant(EventKind.DeadlineReached, 1) },
      command: ["sh", "-c", "sleep 0.3; exit 7"],
    });
    const { status, stderr } = await init.finished();
    expect(status).toBe(7);
    expect(stderr).toMatch(/^wasm-init: the core trapped [^\n]*at event 15:[^\n]*\n$/);
  });

  test("a trap at the hundredth event keeps the command and its status", async ({ lab }) => {
    // The command stays until the trap has been met: its end would be the last event.
    const env = plant(0, 100);
    const init = lab.probeUnder({ host, pid1, env }, "orphans:300", "listen:64", "exit:7");
    await init.stderr.line(/trapped/);
    await init.event("listening");
    await init.signal(64);
    const { status, stderr } = await init.finished();
    expect(status).toBe(7);
    expect(stderr).toMatch(/^wasm-init: the core trapped [^\n]*\n$/);
  });
});
