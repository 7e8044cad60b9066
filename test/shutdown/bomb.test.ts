// A fork bomb that respawns itself until it is killed, all of it.
import { bombProgram } from "../support/fixtures.ts";
import { underNode } from "../support/paths.ts";
import { pidsWithEnvironment } from "../support/proc.ts";
import { describe, expect, test } from "../support/system-test.ts";

describe.each([
  // In Node a drain need not outrun hundreds: docs/hosts.md says so.
  ["PID 1", true, underNode ? 10 : 100],
  // On a busy machine hundreds outrun a walk through /proc: only PID 1 kills all in one call.
  ["a subreaper", false, 10],
])("a fork bomb of pairs that respawn each other, under %s", (_, pid1, pairs) => {
  test("is ended by a drain, within the drain and one second", async ({ lab }) => {
    const command = [bombProgram(), String(pairs)];
    const init = lab.start({ pid1, options: ["--drain=50ms"], command });
    await init.stdout.line(/started/);
    expect(await init.finished()).toMatchObject({ status: 5, stderr: "" });
    await lab.isQuiet();
  });

  test("that outlives the command of a stop plan is ended by the drain after it", async ({
    lab,
  }) => {
    const options = ["--stop", "TERM:20ms,KILL", "--drain=20ms"];
    const command = [bombProgram(), String(pairs), "stay"];
    const init = lab.start({ pid1, options, command });
    await init.stdout.line(/started/);
    expect(pidsWithEnvironment(lab.mark).length).toBeGreaterThanOrEqual(2 * pairs);
    await init.signal(15);
    expect(await init.finished()).toMatchObject({ status: 143, stderr: "" });
    await lab.isQuiet();
  });
});
