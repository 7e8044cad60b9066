// Signals that the init caused itself are its own affair.
import { closeSync, openSync } from "node:fs";
import { Pipe } from "../support/streams.ts";
import { POSITIONS } from "../support/scenario.ts";
import { describe, expect, test } from "../support/system-test.ts";
import { PIPE, USR1 } from "../support/signals.ts";

const FENCE = 64;

describe.each(POSITIONS)("as %s", (position) => {
  const pid1 = position === "PID 1";

  test("does not forward the PIPE of its own dead stderr", async ({ lab }) => {
    const pipe = new Pipe(lab.folder);
    pipe.closeReader();
    const init = lab.probeUnder({ options: ["-vv"], pid1, stderr: pipe.writer }, `listen:${FENCE}`);
    closeSync(pipe.writer);
    await init.event("listening");
    await init.signal(USR1);
    await init.received(USR1);
    expect(await init.signalsUntilFence()).toEqual([USR1]);
    expect(await init.finished()).toMatchObject({ status: 0 });
  });

  test("forwards a PIPE that a user sent, dead stderr or not", async ({ lab }) => {
    const pipe = new Pipe(lab.folder);
    pipe.closeReader();
    const init = lab.probeUnder({ options: ["-vv"], pid1, stderr: pipe.writer }, `listen:${FENCE}`);
    closeSync(pipe.writer);
    await init.event("listening");
    await init.signal(PIPE);
    await init.received(PIPE);
    expect(await init.signalsUntilFence()).toEqual([PIPE]);
    expect(await init.finished()).toMatchObject({ status: 0 });
  });

  test("does not forward the XFSZ of its own full stderr", async ({ lab }) => {
    const file = openSync(`${lab.folder}/log`, "w");
    const init = lab.probeUnder(
      // With this limit there can be no recording.
      { options: ["-vv"], pid1, stderr: file, prepare: ["limit:fsize:0"], recorded: false },
      `listen:${FENCE}`,
    );
    closeSync(file);
    await init.event("listening");
    await init.signal(USR1);
    await init.received(USR1);
    expect(await init.signalsUntilFence()).toEqual([USR1]);
    expect(await init.finished()).toMatchObject({ status: 0 });
  });
});
