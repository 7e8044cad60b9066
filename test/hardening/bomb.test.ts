// A fork bomb without end, bounded by the number of processes that its user may have.
import { whyNoPid1 } from "../support/lab.ts";
import type { Lab } from "../support/lab.ts";
import { pidsWithEnvironment } from "../support/proc.ts";
import { copiesFor, whyNoOtherUser } from "../support/others.ts";
import { inBothPositions } from "../support/positions.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";
import { KILL, TERM, USR1 } from "../support/signals.ts";

/** A user id of this file's own: its processes are counted. */
const USER = 61_239;
const LIMIT = 60;

/** An init whose command has filled all there is with processes that go on forking, and listens. */
async function bombed(lab: Lab, pid1: boolean, ...options: string[]) {
  const { host, probe } = copiesFor(lab);
  const bomb = ["session{", "name:bomb", "block:all", "forks", "}"];
  const init = lab.start({
    host,
    pid1,
    prepare: [`limit:nproc:${LIMIT}`, `user:${USER}`],
    options,
    command: [probe, ...bomb, "name:command", "listen"],
  });
  await init.event("listening", "command");
  await init.event("full");
  expect(pidsWithEnvironment(lab.mark).length).toBeGreaterThan(LIMIT / 2);
  return init;
}

inBothPositions((claim) => {
  claim("forwards during a fork bomb without end, and ends it", async ({ lab, pid1, context }) => {
    const why = whyNoOtherUser();
    if (why !== undefined) skipLoudly(context, why);
    const init = await bombed(lab, pid1, "--stop=TERM:20ms,KILL", "--drain=20ms");
    await init.signal(USR1);
    await init.received(USR1, "command");
    await init.signal(TERM);
    expect(await init.finished()).toMatchObject({ status: 128 + KILL, stderr: "" });
    await lab.isQuiet();
  });
});

test("takes a fork bomb without end along with the namespace", async ({ lab, skip, task }) => {
  const why = whyNoPid1() ?? whyNoOtherUser();
  if (why !== undefined) skipLoudly({ skip, task }, why);
  const init = await bombed(lab, true, "--stop=TERM:20ms,KILL");
  await init.signal(TERM);
  expect(await init.finished()).toMatchObject({ status: 128 + KILL, stderr: "" });
  await lab.isQuiet();
});
