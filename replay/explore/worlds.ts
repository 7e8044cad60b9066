/**
 * The worlds that a policy is checked in: where the init can find itself, and what the kernel, a
 * shell and others can do to it there.
 */
import { BootFlag } from "../../assembly/abi";
import { EIO, ENOENT, EPERM } from "../../assembly/linux";
import type { Bounds } from "./configuration.ts";
import type { Incident } from "./world.ts";

/** A world by its name. */
export interface NamedWorld {
  name: string;
  pid: number;
  bootFlags: number;
  /** Signals that come there beside those that are asked for. */
  more?: readonly string[];
  bounds: Pick<Bounds, "incidents" | "ignores" | "refusals" | "foreground">;
}

const { Terminal, SessionLeader, Foreground } = BootFlag;
const SUBREAPER = 7;
const jobControl: readonly Incident[] = [
  "suspend-key",
  "command-reads",
  "neighbour-reads",
  "neighbour-takes",
  "shell-takes",
  "shell-gives",
];

const places = [
  { place: "PID 1", pid: 1 },
  { place: "subreaper", pid: SUBREAPER },
];

export const worlds: readonly NamedWorld[] = [
  ...places.flatMap(({ place, pid }): NamedWorld[] => [
    { name: place, pid, bootFlags: 0, bounds: { incidents: ["stop", "wait", "linger"] } },
    {
      name: `${place}, the command becomes another user's`,
      pid,
      bootFlags: 0,
      more: ["queued USR2"],
      bounds: { incidents: ["refuse", "full", "doubt", "linger"] },
    },
    {
      name: `${place}, processes come and vanish`,
      pid,
      bootFlags: 0,
      bounds: { incidents: ["adopt", "lose", "reuse", "trap"] },
    },
    {
      name: `${place}, a process comes late, and signals are ignored`,
      pid,
      bootFlags: 0,
      bounds: { incidents: ["fork"], ignores: ["INT"] },
    },
    {
      name: `${place}, the kernel refuses what it can`,
      pid,
      bootFlags: 0,
      bounds: { refusals: { signals: EPERM, list: ENOENT, sandbox: EPERM } },
    },
  ]),
  {
    name: "a terminal that is handed over",
    pid: 1,
    bootFlags: Terminal | SessionLeader | Foreground,
    more: ["HUP", "own HUP"],
    bounds: { incidents: ["stop", "linger"] },
  },
  {
    name: "a terminal that can't be released",
    pid: 1,
    bootFlags: Terminal | SessionLeader | Foreground,
    bounds: { incidents: ["stop"], refusals: { release: EIO, terminal: EIO } },
  },
  {
    name: "a shell's job in the foreground",
    pid: SUBREAPER,
    bootFlags: Terminal | Foreground,
    bounds: { incidents: jobControl },
  },
  {
    name: "a shell's job in the background",
    pid: SUBREAPER,
    bootFlags: Terminal,
    bounds: { incidents: jobControl },
  },
  {
    name: "a job in a pipeline",
    pid: SUBREAPER,
    bootFlags: Terminal,
    bounds: { incidents: jobControl, foreground: "ours" },
  },
  {
    name: "a job in an orphaned group",
    pid: SUBREAPER,
    bootFlags: Terminal | Foreground,
    bounds: { incidents: jobControl, refusals: { stop: EPERM } },
  },
  {
    name: "a terminal without a shell",
    pid: 1,
    bootFlags: Terminal | Foreground,
    bounds: { incidents: ["suspend-key", "command-reads", "neighbour-reads", "stop"] },
  },
];
