// The init and the probe for users who may not enter the repository.
import { chmodSync, copyFileSync } from "node:fs";
import { copyOfProgram } from "./copies.ts";
import { hostUnderTest } from "./host.ts";
import type { Host } from "./host.ts";
import type { Lab } from "./lab.ts";

/** Why nobody can become another user here, if nobody can. */
export function whyNoOtherUser(): string | undefined {
  return process.getuid?.() === 0 ? undefined : "only root can become another user";
}

/** Copies in the test's own folder, the probe with this mode. */
export function copiesFor(lab: Lab, mode = 0o755): { host: Host; probe: string } {
  const host: Host = { ...hostUnderTest(), command: copyOfProgram(`${lab.folder}/init`) };
  const probe = `${lab.folder}/probe`;
  copyFileSync(lab.probe, probe);
  chmodSync(probe, mode);
  return { host, probe };
}
