// The search along PATH goes on behind an entry that can't be searched, as that of execvp(3) does in
// the GNU C library.
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { after, hostUnderTest } from "../support/host.ts";
import { theOnlyLine } from "../support/lines.ts";
import { binary } from "../support/paths.ts";
import { inBothPositions } from "../support/positions.ts";
import { whyNoStrace } from "../support/strace.ts";
import { expect, skipLoudly } from "../support/system-test.ts";

/** About the entry: not there, not allowed, on a mount that is dead, too long, a loop of links. */
const PASSED = [
  ...["EACCES", "ENOENT", "ENOTDIR", "ESTALE", "ENODEV", "ETIMEDOUT", "ENAMETOOLONG"],
  ...["ELOOP", "ENOTCONN", "EHOSTDOWN", "EHOSTUNREACH"],
];
/** About the command that was found, or about all of them. */
const FINAL = ["E2BIG", "ENOMEM", "EIO", "ETXTBSY", "ELIBBAD"];

/** The host with the first execve(2) of its child failing. */
const failing = (errno: string, file: string) =>
  after(
    ["strace", "-D", "-f", "-o", file, "-e", "trace=execve"].concat(
      ...["-e", `inject=execve:error=${errno}:when=1`, "--"],
    ),
  );

inBothPositions((claim) => {
  for (const errno of PASSED) {
    claim(`runs the command of the next entry after ${errno}`, async (stage) => {
      const why = whyNoStrace();
      if (why !== undefined) return skipLoudly(stage.context, why);
      const host = failing(errno, `${stage.lab.folder}/strace`);
      const init = stage.start({ host, prepare: ["set:PATH=/bin:/bin"], command: ["echo", "run"] });
      expect(await init.finished()).toMatchObject({ status: 0, stdout: "run\n", stderr: "" });
    });
  }

  for (const errno of FINAL) {
    claim(`runs no other command after ${errno}`, async (stage) => {
      const why = whyNoStrace();
      if (why !== undefined) return skipLoudly(stage.context, why);
      const host = failing(errno, `${stage.lab.folder}/strace`);
      const init = stage.start({ host, prepare: ["set:PATH=/bin:/bin"], command: ["echo", "run"] });
      const { status, stdout, stderr } = await init.finished();
      expect({ status, stdout }).toEqual({ status: 126, stdout: "" });
      expect(theOnlyLine(stderr)).toContain("'echo'");
    });
  }

  claim("runs the command behind entries that are too long", async ({ start }) => {
    const path = `/${"x".repeat(300)}:${"/x".repeat(2500)}:/bin`;
    const init = start({ prepare: [`set:PATH=${path}`], command: ["echo", "run"] });
    expect(await init.finished()).toMatchObject({ status: 0, stdout: "run\n", stderr: "" });
  });

  claim("can't run a script without #! where there is no shell", async ({ lab, start }) => {
    const folder = `${lab.folder}/scratch`;
    mkdirSync(folder);
    copyFileSync(binary, `${folder}/init`);
    chmodSync(`${folder}/init`, 0o755);
    writeFileSync(`${folder}/script`, "exit 3\n", { mode: 0o755 });
    const host = { ...hostUnderTest(), command: ["/usr/sbin/chroot", folder, "/init"] };
    for (const name of ["/script", "script"]) {
      const init = start({ host, prepare: ["set:PATH=/"], command: [name] });
      const { status, stderr } = await init.finished();
      expect(status).toBe(126);
      expect(theOnlyLine(stderr)).toMatch(/script': exec format error/i);
    }
  });
});
