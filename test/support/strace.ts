// The system calls of an init alone, without those of its command.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostUnderTest } from "./host.ts";
import type { Lab } from "./lab.ts";
import { launched } from "./paths.ts";
import type { StartedInit } from "./started.ts";

/** Why nothing can be traced here, if nothing can. */
export function whyNoStrace(): string | undefined {
  const traced = spawnSync("strace", ["-o", "/dev/null", "true"], { stdio: "ignore" });
  if (traced.error) return "strace is missing: apt-get install strace";
  return traced.status === 0 ? undefined : "strace may not trace here";
}

/** Runs an init to its end. Returns its system calls, one a line, in order. */
export async function systemCalls(
  lab: Lab,
  args: string[],
): Promise<{ calls: string[]; init: StartedInit }> {
  const file = `${lab.folder}/strace`;
  const host = { ...hostUnderTest(), command: ["strace", "-o", file, "--", ...launched] };
  const init = lab.start({ host, args });
  await init.finished();
  return { calls: readFileSync(file, "utf8").trimEnd().split("\n"), init };
}
