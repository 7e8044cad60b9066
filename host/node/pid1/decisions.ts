/** The init of a program that is PID 1, in a bundle of its own: program.ts loads it when needed. */
import { Boot } from "../../wasm/boot.ts";
import { Core } from "../../wasm/core.ts";
import type { Addon } from "../addon/addon.ts";
import { Init } from "../loop/init.ts";
import { type Hooks, ProgramWorld } from "./program_world.ts";

export { Core };

/** An init that is to be started, and its surroundings. */
export function initOf(addon: Addon, core: Core, hooks: Hooks) {
  const world = new ProgramWorld(addon, hooks);
  const boot = new Boot({
    // The program alone is signalled: the rest of its group are its children, not ours.
    argv: ["wasm-init", "--single-child", "--", process.argv[1] ?? process.argv0],
    env: process.env,
    bootFlags: world.bootFlags(),
    pid: world.pid,
    uid: addon.user(),
  });
  // The program has its environment already.
  const init = new Init({ addon, core, boot, world, environment: () => [] });
  return { boot, init, world };
}
