// A deadline that becomes due in the middle of other things: they have their turn all the same.
import { setImmediate as loop } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Addon } from "../../host/node/addon.ts";
import { Boot } from "../../host/node/boot.ts";
import { Init } from "../../host/node/init.ts";
import type { ArrivedSignal } from "../../host/node/signals.ts";
import type { World } from "../../host/node/world.ts";
import { freshCore } from "../support/cores.ts";

const [USR1, USR2, TERM, INT] = [10, 12, 15, 2];
const COMMAND = 100;

test("signals that were read before a deadline was due are handled after it", async () => {
  let now = 0;
  const sent: number[] = [];
  const waiting: number[] = [];
  let ended: number | undefined;
  let exited = false;
  const nothing = () => 0;
  const addon = new Proxy(
    {
      now: () => now,
      spawn: () => ({ pid: COMMAND, error: 0, missing: false }),
      send: (_: number, signal: number) => sent.push(signal) && 0,
      queue: (_: number, signal: number) => sent.push(signal) && 0,
    } as unknown as Addon,
    { get: (own, name) => (own as unknown as Record<PropertyKey, unknown>)[name] ?? nothing },
  );
  const world = new Proxy(
    {
      pid: 1,
      terminal: -1,
      descriptors: [],
      nextChild: () => (exited ? { pid: COMMAND, code: 1, status: 0 } : 0),
      nextSignal: (): ArrivedSignal | undefined => {
        const number = waiting.shift();
        // The step's time passes while signals are being read.
        if (number === USR1) now += 300;
        return number === undefined
          ? undefined
          : { number, code: 0, pid: 7, uid: 0, low: 0, high: 0 };
      },
      end: (status: number) => (ended = status),
    } as unknown as World,
    { get: (own, name) => (own as unknown as Record<PropertyKey, unknown>)[name] ?? nothing },
  );
  const argv = "wasm-init -c --sandbox=off --stop=TERM:200ms,INT:1h -- server".split(" ");
  const boot = new Boot({ argv, env: {}, facts: 0, pid: 1, uid: 0 });
  const core = freshCore("release");
  const init = new Init({ addon, core, boot, world, environment: () => [] });
  init.start();
  waiting.push(TERM);
  init.turn();
  waiting.push(USR1, USR2);
  init.turn();
  // Nothing new comes, and nobody calls: the init itself has to go on.
  for (let turns = 0; turns < 10 && waiting.length > 0; turns++) await loop();
  expect(sent.filter((signal) => signal !== 18)).toEqual([TERM, USR1, INT, USR2]);
  exited = true;
  init.turn();
  expect(ended).toBe(0);
});
