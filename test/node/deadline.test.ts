// A deadline that becomes due in the middle of other things: they have their turn all the same.
import { setImmediate as loop } from "node:timers/promises";
import { expect, test } from "vitest";
import { freshCore } from "../support/cores.ts";
import { Surroundings } from "./surroundings.ts";
import { CONT, INT, TERM, USR1, USR2 } from "../support/signals.ts";

test("signals that were read before a deadline was due are handled after it", async () => {
  const around: Surroundings = new Surroundings(
    ["--stop=TERM:200ms,INT:1h"],
    freshCore("release"),
    0,
    (signal) => {
      // The step's time passes while signals are being read.
      if (signal === USR1) around.now += 300;
    },
  );
  const { init, sent } = around;
  init.start();
  around.comes(TERM);
  init.turn();
  around.comes(USR1);
  around.comes(USR2);
  init.turn();
  // Nothing new comes, and nobody calls: the init itself has to go on.
  for (let turns = 0; turns < 10 && around.isWaiting; turns++) await loop();
  expect(sent.filter((signal) => signal !== CONT)).toEqual([TERM, USR1, INT, USR2]);
  around.exited = true;
  init.turn();
  expect(around.ended).toBe(0);
});
