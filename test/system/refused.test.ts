// The kernel may refuse to let the init signal its command.
import { chmodSync, copyFileSync } from "node:fs";
import { nativeHost } from "../support/host.ts";
import type { Host } from "../support/host.ts";
import { theOnlyLine } from "../support/lines.ts";
import { binary } from "../support/paths.ts";
import { statusField } from "../support/proc.ts";
import { describe, expect, skipLoudly, test } from "../support/system-test.ts";

/** A user id that nobody has, as long as nobody else makes it up. */
const NOBODY = 61_234;
const TERM = 15;

describe.each([
  ["its group", []],
  ["-c", ["-c"]],
])("a command that has become another user (%s)", (_, options: string[]) => {
  test("is warned about once, and the init goes on", async ({ lab, skip, task }) => {
    if (process.getuid?.() !== 0) {
      skipLoudly({ skip, task }, "only root can make a setuid program and become a user");
    }
    // Copies in a folder that another user may enter.
    const host: Host = { ...nativeHost(), command: [`${lab.folder}/init`] };
    const setuid = `${lab.folder}/setuid`;
    copyFileSync(binary, `${lab.folder}/init`);
    copyFileSync(lab.probe, setuid);
    chmodSync(setuid, 0o4755);

    const init = lab.start({
      host,
      cwd: lab.folder,
      prepare: [`user:${NOBODY}`],
      options,
      command: [setuid, "user:0", "report", "pause"],
    });
    const { uid, euid, pid } = await init.event("report");
    if (uid !== 0 || euid !== 0) {
      process.kill(pid, "SIGKILL");
      await init.finished();
      skipLoudly({ skip, task }, `${lab.folder} is mounted nosuid`);
    }
    expect(statusField(await init.pid(), "Uid")).toBe(Array(4).fill(NOBODY).join("\t"));

    await init.signal(TERM);
    await init.stderr.line(/./);
    // A signal that the init takes as data, and nothing else, shows that it goes on.
    await init.ready();
    process.kill(pid, "SIGKILL");
    const finished = await init.finished();
    expect(finished.status).toBe(137);
    const warning = theOnlyLine(finished.stderr);
    expect(warning).toMatch(/TERM/);
    expect(warning).toMatch(/not permitted/i);
  });
});
