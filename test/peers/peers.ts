// The inits that are compared: each of Debian's, and our binary under the same name.
import { accessSync, constants, symlinkSync } from "node:fs";
import { join } from "node:path";
import { listensBy, type Host } from "../support/host.ts";
import type { Lab } from "../support/lab.ts";
import { binary, launchedAt } from "../support/paths.ts";

export type PeerName = "dumb-init" | "tini" | "tini-static" | "catatonit";
/** A command line, whichever binary speaks it. */
export type Family = "dumb-init" | "tini" | "catatonit";

const PEERS: readonly PeerName[] = ["dumb-init", "tini", "tini-static", "catatonit"];

export function familyOf(peer: PeerName): Family {
  return peer === "tini-static" ? "tini" : peer;
}

/** The peers of a family. */
export function membersOf(family: Family): PeerName[] {
  return PEERS.filter((peer) => familyOf(peer) === family);
}

function hostOf(
  name: string,
  command: string[],
  whyAbsent: () => string | undefined,
  listensBy: Host["listensBy"] = "SigBlk",
): Host {
  return { name, command, listensBy, options: () => undefined, whyAbsent };
}

/** Ours, by any words. */
function ours(name: string, command: string[]): Host {
  return hostOf(name, command, () => whyAbsent(binary, "npm run build"), listensBy);
}

function whyAbsent(path: string, remedy: string): string | undefined {
  try {
    accessSync(path, constants.X_OK);
    return undefined;
  } catch {
    return `${path} is missing: ${remedy}`;
  }
}

/** The real program. */
export function realPeer(peer: PeerName): Host {
  const path = `/usr/bin/${peer}`;
  const remedy = `apt-get install ${familyOf(peer)}`;
  return hostOf(`Debian's ${peer}`, [path], () => whyAbsent(path, remedy));
}

/** Our binary as the same name, by a symbolic link in the lab's folder. */
export function ourPeer(lab: Lab, name: string): Host {
  const path = join(lab.folder, name);
  symlinkSync(binary, path);
  return ours(`wasm-init as ${name}`, launchedAt(path));
}

/** Our binary under its own name, told by its first words which command line to speak. */
export function ourHost(...words: string[]): Host {
  return ours(`wasm-init ${words.join(" ")}`, [...launchedAt(binary), ...words]);
}
