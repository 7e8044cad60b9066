// waitid(2) fails again and again: the Node host tells its core as the static binary does.
import { expect, test } from "vitest";
import { theOnlyLine } from "../support/lines.ts";
import { freshCore } from "../support/cores.ts";
import { Surroundings } from "./surroundings.ts";
import { USR1 } from "../support/signals.ts";

const [ECHILD, EINVAL] = [10, 22];

test.each([ECHILD, EINVAL])("errno %i is told once, and no end is missed", (errno) => {
  const around = new Surroundings([], freshCore("release"));
  const { init, sent } = around;
  init.start();
  around.blindness = errno;
  for (let turns = 0; turns < 19; turns++) init.turn();
  expect(around.said).toBe("");
  for (let turns = 0; turns < 50; turns++) init.turn();
  expect(theOnlyLine(around.said)).toMatch(/cannot wait for children/);
  around.comes(USR1);
  init.turn();
  expect(sent).toEqual([USR1]);
  around.exited = true;
  around.blindness = 0;
  init.turn();
  expect(around.ended).toBe(0);
});
