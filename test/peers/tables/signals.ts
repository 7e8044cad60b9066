// Every signal from 1 to 64, sent to the init: who gets what, who stops, who ends.
import { kill, MEMBERS, startFamily } from "../family.ts";
import type { Relatives } from "../family.ts";
import type { Comparison, Side } from "../comparison.ts";
import { endOf, gone, lives, settled } from "../observe.ts";
import { SI_USER } from "../../support/probe.ts";
import { MODES, modesOf, prefix } from "./modes.ts";
import type { Mode } from "./modes.ts";
import { CONT } from "../../support/signals.ts";

const SIGNALS = Array.from({ length: 64 }, (_, index) => index + 1);
const classic = Array.from({ length: 31 }, (_, index) => index + 1);

async function rest(family: Relatives): Promise<Record<string, string>> {
  const states: Record<string, string> = { init: await settled(family.pid) };
  // With its PID 1 the whole namespace ends, if not at once.
  const doomed = states.init === "gone" && family.init.isPid1;
  for (const [who, pid] of family.pids) states[who] = await (doomed ? gone(pid) : settled(pid));
  return states;
}

/** Sends signals, one at a time, as long as the init lives; returns those that are left. */
async function sendSome(
  family: Relatives,
  signals: number[],
  outcomes: Record<string, unknown>,
): Promise<number[]> {
  const { pid } = family;
  for (const [index, signal] of signals.entries()) {
    process.kill(pid, signal);
    const states = await rest(family);
    const odd = Object.entries(states).filter(([, letter]) => letter !== "asleep");
    if (odd.length > 0) outcomes[signal] = odd.map((it) => it.join(" ")).join(", ");
    if (states.init === "gone") {
      const exit = await family.init.exit();
      // Node has no names for real-time signals, and says that nothing was the matter.
      outcomes[`${signal} ends the init`] = signal > 31 || endOf(exit);
      const left = [...family.pids].filter(([, member]) => lives(member));
      outcomes[`${signal} leaves alive`] = left.map(([who]) => who).join(", ");
      return signals.slice(index + 1);
    }
    if (odd.length > 0) {
      process.kill(pid, CONT);
      const after = await rest(family);
      // What an init stops and does not wake again would spoil what follows.
      for (const [who, member] of family.pids) {
        if (after[who] !== "stopped") continue;
        outcomes[`${signal}, then CONT`] = `${who} stopped`;
        process.kill(member, CONT);
        await settled(member);
      }
    }
  }
  return [];
}

function received(family: Relatives, into: Record<string, Record<number, number>>) {
  for (const who of MEMBERS) {
    const counts = (into[who] ??= {});
    for (const { signal, code } of family.init.signals(who)) {
      // CHLD also comes from the kernel, for the command's own children.
      if (code <= SI_USER) counts[signal] = (counts[signal] ?? 0) + 1;
    }
  }
}

async function sendAll(side: Side, mode: Mode) {
  const outcomes: Record<string, unknown> = {};
  const got: Record<string, Record<number, number>> = {};
  for (let left = SIGNALS; left.length > 0;) {
    const family = await startFamily(side, mode);
    left = await sendSome(family, left, outcomes);
    kill(family.pid);
    for (const pid of family.pids.values()) kill(pid);
    await family.init.finished();
    received(family, got);
  }
  return { outcomes, received: got };
}

const rewrites = (pairs: [number, number][]) => pairs.flatMap(([a, b]) => ["-r", `${a}:${b}`]);

const modes: Mode[] = [
  ...MODES,
  ...modesOf(
    "dumb-init",
    ["-r", "20:0", "-r", "21:15", "-r", "22:22"],
    ["-c", "-r", "20:0", "-r", "21:15", "-r", "22:22"],
    ["-c", "-r", "20:19"],
    rewrites(classic.filter((it) => it < 16 && it !== 8).map((it) => [it, it + 1])),
    ["-c", ...rewrites(classic.map((it) => [it, 0]))],
  ),
  ...modesOf("tini", ["-sg"], ["-v"]).filter(({ peer }) => peer === "tini"),
];

export const signals: readonly Comparison[] = modes.map((mode) => ({
  peer: mode.peer,
  name: `${prefix(mode)}every signal`,
  run: (side) => sendAll(side, mode),
}));
