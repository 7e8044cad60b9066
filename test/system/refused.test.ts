// The kernel may refuse to let the init signal its command.
import { theOnlyLine } from "../support/lines.ts";
import type { Lab } from "../support/lab.ts";
import { copiesFor, whyNoOtherUser } from "../support/others.ts";
import { signalSet, statusField, waitsForSignals } from "../support/proc.ts";
import type { StartedInit } from "../support/started.ts";
import { eventually } from "../support/wait.ts";
import { describe, expect, skipLoudly, test } from "../support/system-test.ts";
import { TERM } from "../support/signals.ts";

/** A user id that nobody has, as long as nobody else makes it up. */
const NOBODY = 61_234;

/**
 * Starts an init as an ordinary user, with a command that becomes root for good. Returns what is
 * the matter where this can't be done.
 */
async function startRefused(lab: Lab, options: string[]): Promise<StartedInit | string> {
  const why = whyNoOtherUser();
  if (why !== undefined) return why;
  const { host, probe: setuid } = copiesFor(lab, 0o4755);
  const init = lab.start({
    host,
    cwd: lab.folder,
    prepare: [`user:${NOBODY}`],
    options,
    command: [setuid, "user:0", "report", "pause"],
  });
  const root = await init.stdout
    .until("the command is root", () => init.events().length > 0 || undefined)
    .catch(() => false);
  if (root) return init;
  await lab.endTheRest();
  return `${lab.folder} is mounted nosuid`;
}

/** Sends TERM to the init, and waits until it has taken it and waits for the next signal. */
async function sendTerm(init: StartedInit) {
  const pid = await init.pid();
  await init.signal(TERM);
  await eventually("TERM was taken", () => {
    return signalSet(pid, "ShdPnd") === 0n && waitsForSignals(pid);
  });
}

describe("a command that has become another user", () => {
  for (const [mode, options] of [
    ["its group", []],
    ["-c", ["-c"]],
  ] as [string, string[]][]) {
    test(`can't be signalled: one warning, and the init goes on (${mode})`, async ({
      lab,
      skip,
      task,
    }) => {
      const init = await startRefused(lab, options);
      if (typeof init === "string") return skipLoudly({ skip, task }, init);
      expect(statusField(await init.pid(), "Uid")).toBe(Array(4).fill(NOBODY).join("\t"));
      await sendTerm(init);
      process.kill((await init.event("report")).pid, "SIGKILL");
      const finished = await init.finished();
      expect(finished.status).toBe(137);
      const warning = theOnlyLine(finished.stderr);
      expect(warning).toMatch(/TERM/);
      expect(warning).toMatch(/not permitted/i);
    });
  }

  test("is no reason for a word with -q", async ({ lab, skip, task }) => {
    const init = await startRefused(lab, ["-q"]);
    if (typeof init === "string") return skipLoudly({ skip, task }, init);
    await sendTerm(init);
    process.kill((await init.event("report")).pid, "SIGKILL");
    expect(await init.finished()).toMatchObject({ status: 137, stderr: "" });
  });
});
