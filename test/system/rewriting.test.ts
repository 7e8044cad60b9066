// --rewrite: which signal arrives in place of which.
import { describe, expect, test } from "../support/system-test.ts";
import { HUP, INT, QUIT, TERM, USR1, WINCH } from "../support/signals.ts";

const FENCE = 64;

/** Options, what is sent, what arrives. */
type Row = [claim: string, options: string[], sent: number[], received: number[]];

const rows: Row[] = [
  ["by name", ["-r", "TERM:QUIT"], [TERM], [QUIT]],
  ["by name with SIG", ["-r", "SIGTERM:SIGQUIT"], [TERM], [QUIT]],
  ["by name in lower case", ["-r", "term:quit"], [TERM], [QUIT]],
  ["by name in mixed case", ["-r", "SigTerm:sigQUIT"], [TERM], [QUIT]],
  ["by number", ["-r", "15:3"], [TERM], [QUIT]],
  ["by number and name", ["-r", "15:QUIT"], [TERM], [QUIT]],
  ["with the value in the same word", ["-r15:3"], [TERM], [QUIT]],
  ["by the long option and the next word", ["--rewrite", "15:3"], [TERM], [QUIT]],
  ["by the long option and =", ["--rewrite=15:3"], [TERM], [QUIT]],
  ["after other options in a cluster", ["-vr", "15:3"], [TERM], [QUIT]],
  ["after other options in a cluster, with the value", ["-cvr15:3"], [TERM], [QUIT]],
  ["from RTMIN to RTMAX-1", ["-r", "RTMIN:RTMAX-1"], [34], [63]],
  ["from RTMIN+n to RTMAX-n", ["-r", "RTMIN+1:RTMAX-2"], [35], [62]],
  ["from SIGRTMIN+n in any case", ["-r", "sigrtmin+2:usr1"], [36], [USR1]],
  ["from a number to RTMIN+n", ["-r", "10:RTMIN+3"], [USR1], [37]],
  ["from RTMAX-30, which is RTMIN", ["-r", "RTMAX-30:WINCH"], [34], [WINCH]],
  ["of the signals that libc keeps for itself", ["-r", "32:33", "-r", "33:32"], [32], [33]],
  ["of a signal to itself", ["-r", "TERM:TERM"], [TERM], [TERM]],
  [
    "of several signals",
    ["-r", "15:3", "-r", "1:2", "-r", "10:28"],
    [TERM, HUP, USR1],
    [QUIT, INT, WINCH],
  ],
  ["by the last rewrite of a signal", ["-r", "15:3", "-r", "15:10"], [TERM], [USR1]],
  ["by the last rewrite, even back", ["-r", "15:0", "-r", "15:15"], [TERM], [TERM]],
  ["once: a swap is no loop", ["-r", "15:2", "-r", "2:15"], [TERM, INT], [INT, TERM]],
  ["to nothing by 0", ["-r", "15:0"], [TERM, USR1], [USR1]],
  ["to nothing by none", ["-r", "TERM:none"], [TERM, USR1], [USR1]],
  ["of others only: the rest arrives as it is", ["-r", "15:3"], [HUP, USR1], [HUP, USR1]],
];

describe("rewrites a signal", () => {
  for (const [claim, options, sent, received] of rows) {
    test(claim, async ({ lab }) => {
      const init = lab.probeUnder({ options }, `listen:${FENCE}`);
      await init.event("listening");
      for (const [index, signal] of sent.entries()) {
        await init.signal(signal);
        // One at a time: what is pending at the same time is delivered by number.
        const expected = sent.length === received.length ? received[index] : undefined;
        if (expected !== undefined) await init.received(expected);
      }
      expect(await init.signalsUntilFence()).toEqual(received);
      expect(await init.finished()).toMatchObject({ status: 0 });
    });
  }

  test("by each name that signal(7) has for the signals 1-31", async ({ lab }) => {
    const names = [
      ..."HUP INT QUIT ILL TRAP ABRT IOT BUS FPE USR1 SEGV USR2 PIPE ALRM TERM".split(" "),
      ..."STKFLT CHLD CLD CONT TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH".split(" "),
      ..."IO POLL PWR SYS".split(" "),
    ];
    const refused = [];
    for (const name of names) {
      // The version comes after the rewrite, so it only comes when that was right.
      const value = `${name}:sig${name.toLowerCase()}`;
      const { status } = await lab.start({ args: ["-r", value, "-V"] }).finished();
      if (status !== 0) refused.push(name);
    }
    expect(refused).toEqual([]);
  });

  test("to KILL, which ends the command", async ({ lab }) => {
    const init = lab.probeUnder({ options: ["-r", "TERM:KILL"], pid1: true }, "listen");
    await init.event("listening");
    await init.signal(TERM);
    expect(await init.finished()).toMatchObject({ status: 137, stderr: "" });
  });

  test("and keeps its payload", async ({ lab }) => {
    const init = lab.probeUnder({ options: ["-c", "-r", "35:36"] }, `listen:36`);
    await init.event("listening");
    await lab.run(lab.probe, `send:${await init.pid()}:35:0x1234`);
    expect(await init.received(36)).toMatchObject({ value: "0000000000001234" });
    expect(await init.finished()).toMatchObject({ status: 0 });
  });
});
