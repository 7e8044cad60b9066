// The modes of each peer: its options, and its environment, that change what it does.
import { membersOf } from "../peers.ts";
import type { Family, PeerName } from "../peers.ts";

export interface Mode {
  readonly peer: PeerName;
  readonly options: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const ofFamily: Record<Family, Omit<Mode, "peer">[]> = {
  "dumb-init": [{ options: [] }, { options: ["-c"] }],
  tini: [{ options: [] }, { options: ["-g"] }, { options: ["-s"] }],
  catatonit: [{ options: [] }, { options: ["-g"] }],
};

/** Each mode of each peer. */
export const MODES: readonly Mode[] = (Object.keys(ofFamily) as Family[]).flatMap((family) =>
  membersOf(family).flatMap((peer) => ofFamily[family].map((mode) => ({ peer, ...mode }))),
);

/** The plain mode of each peer. */
export const PLAIN: readonly Mode[] = MODES.filter((mode) => mode.options.length === 0);

/** Modes of one family's members. */
export function modesOf(family: Family, ...lines: string[][]): Mode[] {
  return membersOf(family).flatMap((peer) => lines.map((options) => ({ peer, options })));
}

/** A mode in a comparison's name: "-c, " or nothing. */
export function prefix({ options, env = {} }: Mode): string {
  const words = [...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...options];
  return words.length === 0 ? "" : `${words.join(" ")}: `;
}
