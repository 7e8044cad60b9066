// Little to live on, and children that mean no good.
import { closeSync, mkdtempSync, openSync, rmdirSync } from "node:fs";
import { after } from "../support/host.ts";
import { whyNoPid1 } from "../support/lab.ts";
import { theOnlyLine } from "../support/lines.ts";
import { copiesFor, whyNoOtherUser } from "../support/others.ts";
import { state } from "../support/proc.ts";
import { POSITIONS } from "../support/scenario.ts";
import { describe, expect, skipLoudly, test } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";

/** A user id that nobody has, as long as nobody else makes it up. */
const NOBODY = 61_235;

describe("with a standard stream closed", () => {
  for (let closed = 1; closed < 8; closed++) {
    const [stdin, stdout, stderr] = [0, 1, 2].map((it) => ((closed >> it) & 1 ? "closed" : "null"));
    test(`keeps the status: stdin ${stdin}, stdout ${stdout}, stderr ${stderr}`, async ({
      lab,
    }) => {
      const streams = { stdin, stdout, stderr } as Record<string, "closed" | "null">;
      const init = lab.probeUnder({ options: ["-vv"], ...streams }, "orphans:3", "exit:7");
      expect(await init.finished()).toMatchObject({ status: 7 });
    });
  }

  test("says nothing into a full device, and goes on", async ({ lab }) => {
    const full = openSync("/dev/full", "w");
    const init = lab.probeUnder({ options: ["-vv"], stdout: full, stderr: full }, "exit:7");
    closeSync(full);
    expect(await init.finished()).toMatchObject({ status: 7 });
  });
});

const LITTLE: [string, string[]][] = [
  ["no descriptor to be had", ["prlimit", "--nofile=3:3"]],
  ["little stack", ["prlimit", "--stack=262144:262144"]],
  ["no file to write to", ["prlimit", "--fsize=0:0"]],
  ["a user namespace of its own", ["unshare", "--user", "--map-root-user"]],
  ["no /proc", ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /proc; exec "$0" "$@"']],
  [
    "a root that can't be written to",
    ["unshare", "--mount", "sh", "-c", 'mount -o remount,bind,ro /; exec "$0" "$@"'],
  ],
];

describe("with little to live on", () => {
  for (const [what, words] of LITTLE) {
    test(`keeps signals and status: ${what}`, async ({ lab, skip, task }) => {
      const why = words[0] === "unshare" ? whyNoPid1() : undefined;
      if (why !== undefined) skipLoudly({ skip, task }, why);
      const steps = ["block:10", "send:parent:10", "listen:10", "exit:7"];
      const init = lab.probeUnder({ host: after(words) }, ...steps);
      expect(await init.finished()).toMatchObject({ status: 7, stderr: "" });
    });
  }

  test("a working directory that was deleted is no obstacle", async ({ lab }) => {
    const gone = mkdtempSync(`${lab.folder}/gone-`);
    const host = after(["sh", "-c", 'rmdir "$PWD"; exec "$0" "$@"']);
    const init = lab.probeUnder({ host, cwd: gone }, "exit:7");
    expect(await init.finished()).toMatchObject({ status: 7, stderr: "" });
    expect(() => {
      rmdirSync(gone);
    }).toThrow(/ENOENT/);
  });

  test("no process to be had ends with 125 and one line", async ({ lab, skip, task }) => {
    const why = whyNoOtherUser();
    if (why !== undefined) skipLoudly({ skip, task }, why);
    const init = lab.start({
      host: copiesFor(lab).host,
      prepare: ["limit:nproc:0", `user:${NOBODY}`],
      command: ["/bin/true"],
    });
    const { status, stderr } = await init.finished();
    expect(status).toBe(125);
    expect(theOnlyLine(stderr)).toMatch(/cannot fork to run/);
  });

  test("arguments of nearly 2 MB arrive whole", async ({ lab }) => {
    const words = Array.from({ length: 28 }, () => "x".repeat(65_536));
    const script = 'for word; do test ${#word} = 65536 || exit 1; done; exit "$#"';
    const init = lab.start({ command: ["sh", "-c", script, "sh", ...words] });
    expect(await init.finished()).toMatchObject({ status: 28, stderr: "" });
  });

  test("an environment of nearly 2 MB arrives whole", async ({ lab }) => {
    const entries = Array.from({ length: 28 }, (_, it) => [`BIG_${it}`, "x".repeat(65_536)]);
    const env = Object.fromEntries(entries) as Record<string, string>;
    const script = 'test "${#BIG_27}" = 65536 && exit 7';
    const init = lab.start({ env, command: ["sh", "-c", script] });
    expect(await init.finished()).toMatchObject({ status: 7, stderr: "" });
  });
});

describe.each(POSITIONS)("as %s", (position) => {
  const pid1 = position === "PID 1";

  test("outlives a million signals", async ({ lab }) => {
    const init = lab.probeUnder(
      { pid1 },
      ...["ignore:10", "repeat:1000000", "send:parent:10", "exit:7"],
    );
    expect(await init.finished(50_000)).toMatchObject({ status: 7, stderr: "" });
  });

  test("outlives ten thousand orphans", async ({ lab }) => {
    const init = lab.probeUnder({ pid1 }, "orphans:10000", "exit:7");
    expect(await init.finished(50_000)).toMatchObject({ status: 7, stderr: "" });
  });

  test("keeps a command that asks to be traced, and its signals", async ({ lab }) => {
    // In its sandbox the init may not trace whom it would have to let go.
    const options = ["--sandbox=off"];
    const init = lab.probeUnder({ pid1, options }, "traced", "ignore:10", "raise:10", "exit:7");
    expect(await init.finished()).toMatchObject({ status: 7, stderr: "" });
  });

  test("waits for a command that stops itself, and passes CONT on", async ({ lab }) => {
    const init = lab.start({ pid1, command: ["sh", "-c", "echo $$; kill -STOP $$; exit 7"] });
    const inner = Number(await init.stdout.line(/^\d+$/));
    const command = await init.outerPid(inner);
    await eventually("the command is stopped", () => state(command) === "T");
    await init.signal(18);
    // Not as PID 1, the init may have stopped itself, too: a second CONT finds the command.
    await eventually("the command goes on", async () => {
      if (state(command) === "T") await init.signalIfAlive(18);
      return state(command) !== "T";
    });
    expect(await init.finished()).toMatchObject({ status: 7 });
  });
});
