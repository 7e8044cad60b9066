/**
 * A cpu cgroup for what is measured, as every container has one.
 *
 * Outside of such a group the kernel schedules by session (autogroup, sched(7)): a command that
 * leads a session of its own then competes with its init as one group with another, and latencies
 * fall into two heaps, by a lot that is drawn at each start. In a cpu cgroup other than the root
 * autogroups play no part. Where there are none, or we are in a cgroup already, nothing is done.
 */
import { mkdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { say } from "./report.ts";

let warned = false;

/** Runs what is given with the folder of a fresh cpu cgroup, or undefined where none is needed. */
export function inCpuGroup<Result>(run: (folder: string | undefined) => Result): Result {
  const folder = needsGroup() ? makeGroup() : undefined;
  try {
    return run(folder);
  } finally {
    if (folder !== undefined) removeGroup(folder);
  }
}

function needsGroup(): boolean {
  if (read("/proc/sys/kernel/sched_autogroup_enabled").trim() !== "1") return false;
  // "1:cpu:/" or "4:cpu,cpuacct:/" in the old hierarchy, "0::/" in the unified one: cgroups(7).
  const lines = read("/proc/self/cgroup").split("\n");
  const old = lines.find((line) => /^\d+:([^:]*,)?cpu(,[^:]*)?:/.test(line));
  return (old ?? lines.find((line) => line.startsWith("0::")) ?? "").endsWith(":/");
}

function makeGroup(): string | undefined {
  try {
    const root = cpuHierarchy();
    if (root === undefined) throw new Error("no cpu controller");
    // The name is always the same, so that one left by an interrupted run is taken up again.
    const folder = join(root, "wasm-init-bench");
    mkdirSync(folder, { recursive: true });
    return folder;
  } catch (error) {
    if (!warned)
      say(`no cpu cgroup (${(error as Error).message}): latencies depend on the session`);
    warned = true;
    return undefined;
  }
}

/** Where the cpu controller's groups are made: an old hierarchy's mount, or the unified one. */
function cpuHierarchy(): string | undefined {
  const mounts = read("/proc/self/mounts")
    .split("\n")
    .map((line) => line.split(" "));
  const old = mounts.find(([, , type, options = ""]) => {
    return type === "cgroup" && options.split(",").includes("cpu");
  });
  if (old) return old[1];
  const unified = mounts.find(([, , type]) => type === "cgroup2")?.[1];
  if (unified === undefined) return undefined;
  const handedOn = read(join(unified, "cgroup.subtree_control")).trim().split(" ");
  return handedOn.includes("cpu") ? unified : undefined;
}

function removeGroup(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Another run of the benchmark is in it, and removes it.
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
