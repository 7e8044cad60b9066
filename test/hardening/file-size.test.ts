// A limit of file sizes that leaves no room for a recording. The kernel sends XFSZ to who reaches
// it (setrlimit(2)): its default would be the end of the init.
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { after } from "../support/host.ts";
import { theOnlyLine } from "../support/lines.ts";
import { got, inBothPositions } from "../support/positions.ts";
import { expect } from "../support/system-test.ts";
import { USR1, USR2 } from "../support/signals.ts";

inBothPositions((claim) => {
  claim("starts nothing where nothing can be recorded", async ({ lab, start }) => {
    const init = start({
      host: after(["prlimit", "--fsize=0:0"]),
      options: ["--record", `${lab.folder}/trace`],
      command: ["echo", "started"],
    });
    const { status, stdout, stderr } = await init.finished();
    expect({ status, stdout }).toEqual({ status: 125, stdout: "" });
    expect(theOnlyLine(stderr)).toMatch(/cannot record to .*: File too large/);
    expect(statSync(`${lab.folder}/trace`).size).toBe(0);
  });

  claim("ends the recording alone when room runs out later, with one warning", async (stage) => {
    const init = stage.probe(["--record", `${stage.lab.folder}/trace`], "listen:64", "exit:7");
    await init.event("listening");
    execFileSync("prlimit", ["--pid", String(await init.pid()), "--fsize=0:0"]);
    for (const signal of [USR1, USR2]) {
      await init.signal(signal);
      await init.received(signal);
    }
    await init.signal(64);
    const { status, stderr } = await init.finished();
    expect(status).toBe(7);
    expect(theOnlyLine(stderr)).toMatch(/stopped recording: File too large/);
    // The XFSZ is the init's own affair.
    expect(got(init)).toEqual([USR1, USR2, 64]);
  });
});
