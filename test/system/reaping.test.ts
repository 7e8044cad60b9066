// The init's children by birth and by adoption.
import { hostUnderTest } from "../support/host.ts";
import { launched } from "../support/paths.ts";
import { childrenOf, parentOf, zombiesOf } from "../support/proc.ts";
import { POSITIONS, testScenarios } from "../support/scenario.ts";
import type { Scenario } from "../support/scenario.ts";
import { describe, expect, test } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";

const FENCE = 64;

/** Steps: a grandchild whose parent has gone, which then goes on with `steps`. */
const orphan = (...steps: string[]) => ["child{", "child{", "orphaned", ...steps, "}", "}"];

describe.each(POSITIONS)("as %s", (position) => {
  const pid1 = position === "PID 1";

  test("10,000 orphans, as fast as they can be made, leave no zombie", async ({ lab }) => {
    const init = lab.probeUnder({ pid1 }, "orphans:10000", `listen:${FENCE}`);
    await init.event("listening");
    const pid = await init.pid();
    await eventually("the command is the only child", () => childrenOf(pid).length === 1);
    expect(zombiesOf(pid)).toEqual([]);
    await init.signal(FENCE);
    expect(await init.finished()).toMatchObject({ status: 0, stderr: "" });
  });

  test("a signal in the middle of a storm of orphans arrives", async ({ lab }) => {
    const init = lab.probeUnder({ pid1 }, "block:10", "say:go", "orphans:5000", "listen:10");
    await init.event("say");
    await init.signal(10);
    await init.received(10);
    expect(await init.finished()).toMatchObject({ status: 0, stderr: "" });
  });

  test("the end of an orphan is not the end of the command", async ({ lab }) => {
    const init = lab.probeUnder({ pid1 }, ...orphan("exit:9"), `listen:${FENCE}`);
    await init.event("orphaned");
    await init.event("listening");
    const pid = await init.pid();
    await eventually("the command is the only child", () => childrenOf(pid).length === 1);
    await init.signal(FENCE);
    expect(await init.finished()).toMatchObject({ status: 0, stderr: "" });
  });

  test("the command's status is right, although orphans end at the same time", async ({ lab }) => {
    const init = lab.probeUnder({ pid1 }, "orphans:500", "exit:7");
    expect(await init.finished()).toMatchObject({ status: 7, stderr: "" });
  });
});

describe("as a plain process", () => {
  const cases: [claim: string, options: string[], adopts: boolean][] = [
    ["adopts orphans without being told", [], true],
    ["adopts orphans with --subreaper=auto", ["--subreaper=auto"], true],
    ["adopts orphans with --subreaper=on", ["--subreaper=on"], true],
    ["adopts orphans with --subreaper", ["--subreaper"], true],
    ["adopts orphans with -s", ["-s"], true],
    ["adopts orphans with -sv", ["-sv"], true],
    ["adopts no orphan with --subreaper=off", ["--subreaper=off"], false],
  ];
  for (const [claim, options, adopts] of cases) {
    test(claim, async ({ lab }) => {
      const init = lab.probeUnder({ options }, ...orphan(`listen:${FENCE}`), `listen:${FENCE}`);
      const { pid, ppid } = await init.event("orphaned");
      expect(parentOf(pid)).toBe(ppid);
      expect(ppid === (await init.pid())).toBe(adopts);
      await init.stdout.until("both listen", () =>
        init.events().filter((event) => event.event === "listening").length === 2
          ? true
          : undefined,
      );
      await init.signal(FENCE);
      expect(await init.finished()).toMatchObject({ status: 0 });
    });
  }
});

test("-s does no harm to PID 1", async ({ lab }) => {
  const init = lab.probeUnder(
    { options: ["-s"], pid1: true },
    ...orphan("exit:3"),
    "wait",
    "exit:7",
  );
  expect(await init.finished()).toMatchObject({ status: 7, stderr: "" });
});

/** Who asks to be traced is traced by its parent, which is the init. */
const traced: Scenario[] = [
  {
    name: "lets a command go that stops to be traced, with the signal it stopped for",
    run: async (scene) => {
      const init = scene.probe("traced", "raise:10", "say:survived");
      const { status, stdout } = await init.finished();
      return { status, stdout };
    },
    expected: { status: 128 + 10, stdout: "" },
  },
  {
    name: "lets a traced command go on over a signal that it ignores",
    run: async (scene) => {
      const init = scene.probe("traced", "ignore:10", "raise:10", "say:survived", "exit:7");
      const { status } = await init.finished();
      return { status, survived: (await init.event("say")).text };
    },
    expected: { status: 7, survived: "survived" },
  },
  {
    name: "lets a traced command's exec go on as if nothing had been",
    run: async (scene) => {
      const init = scene.probe("traced", "exec", scene.lab.probe, "say:after", "exit:7");
      const { status } = await init.finished();
      return { status, after: (await init.event("say")).text };
    },
    expected: { status: 7, after: "after" },
  },
  {
    name: "still forwards signals to a command that asked to be traced",
    run: async (scene) => {
      const init = scene.probe(
        ...["traced", "ignore:10", "raise:10", "default:10", `listen:${FENCE}`],
      );
      await init.event("listening");
      await init.signal(10);
      await init.received(10);
      await init.signal(FENCE);
      const { status } = await init.finished();
      return { status, signals: init.signals().map((received) => received.signal) };
    },
    expected: { status: 0, signals: [10, FENCE] },
  },
  {
    name: "lets an orphan go that stops to be traced, and the command runs on",
    run: async (scene) => {
      const init = scene.probe(
        ...orphan("traced", "say:stops", "raise:10", "say:survived"),
        `listen:${FENCE}`,
      );
      await init.event("say");
      await init.event("listening");
      const pid = await init.pid();
      await eventually("the orphan has ended", () => childrenOf(pid).length === 1);
      await init.signal(FENCE);
      const { status } = await init.finished();
      const said = init.events().filter((event) => event.event === "say");
      return { status, said: said.map((event) => event.text) };
    },
    expected: { status: 0, said: ["stops"] },
  },
  {
    name: "lets a traced orphan's exec go on",
    run: async (scene) => {
      const init = scene.probe(
        ...["child{", "child{", "orphaned", "traced"],
        ...["exec", scene.lab.probe, "say:after", "}", "}"],
        `listen:${FENCE}`,
      );
      await init.event("listening");
      const { text } = await init.event("say");
      const pid = await init.pid();
      await eventually("the orphan has ended", () => childrenOf(pid).length === 1);
      await init.signal(FENCE);
      return { text, status: (await init.finished()).status };
    },
    expected: { text: "after", status: 0 },
  },
];

// In its sandbox, which auto enters after a moment, the init may not trace a child that holds more
// privileges than it kept, and nobody has to be let go.
const unconfined = { ...hostUnderTest(), command: [...launched, "--sandbox=off"] };

testScenarios([unconfined], traced);
