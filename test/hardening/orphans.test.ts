// A hundred thousand orphans: none stays a zombie, and the init does not grow.
import { residentMemory } from "../support/memory.ts";
import { vi } from "vitest";
import { inBothPositions } from "../support/positions.ts";
import { childrenOf, statusField } from "../support/proc.ts";
import { expect, skipLoudly } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";
import { USR1 } from "../support/signals.ts";

// On a busy machine.
vi.setConfig({ testTimeout: 300_000 });

inBothPositions((claim) => {
  claim("reaps a hundred thousand orphans, and stays as small as it was", async (stage) => {
    if (process.env.CI !== "true") skipLoudly(stage.context, "with CI=true only");
    const steps = ["orphans:1000", "listen:10", "orphans:100000", "listen:10", "exit:7"];
    const init = stage.probe([], ...steps);
    const pid = await init.pid();
    const onlyTheCommand = () => childrenOf(pid).length === 1;
    // The first orphans and the sandbox have touched what pages there are to touch.
    await init.event("listening");
    await eventually("the sandbox is there", () => statusField(pid, "Seccomp") === "2");
    await eventually("the first orphans are reaped", onlyTheCommand);
    await init.signal(USR1);
    await init.received(USR1);
    const before = residentMemory(pid);
    const made = () => init.events().find((it) => it.event === "orphans" && it.count === 100_000);
    await init.stdout.until("all orphans are made", made, 200_000);
    await eventually("all orphans are reaped", onlyTheCommand);
    expect(residentMemory(pid)).toEqual(before);
    await init.signal(USR1);
    expect(await init.finished()).toMatchObject({ status: 7, stderr: "" });
  });
});
