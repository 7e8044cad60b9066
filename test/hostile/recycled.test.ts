// Process ids that are used again at once, in a namespace that has few: a signal never reaches a
// process that is not ours. Here the init is no PID 1, and has strangers beside it.
import { recycleProgram } from "../support/fixtures.ts";
import { whyNoPid1 } from "../support/lab.ts";
import type { Lab } from "../support/lab.ts";
import { launched } from "../support/paths.ts";
import { whyNoStrace } from "../support/strace.ts";
import { describe, expect, skipLoudly, test } from "../support/system-test.ts";

const NAMESPACE = ["--pid", "--fork", "--mount-proc", "--kill-child"];

/** Runs an init so many times among strangers; answers what became of them. */
async function among(lab: Lab, rounds: number, init: string[], options: string[]) {
  const program = recycleProgram();
  const words = [...init, ...launched, ...options, "--drain=5ms", "--", program, "family"];
  const args = [...NAMESPACE, program, String(rounds), ...words];
  const { stdout, stderr } = await lab.run("unshare", ...args);
  try {
    return JSON.parse(stdout) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`${stdout}\n${stderr}`, { cause: error });
  }
}

/** Every signal waits for so long, in microseconds, after it was decided on. */
const slowly = (lab: Lab, time: number) => [
  ...["strace", "-D", "-o", `${lab.folder}/strace`, "-e", "trace=kill,pidfd_send_signal"],
  ...["-e", `inject=kill,pidfd_send_signal:delay_enter=${time}`],
];
const UNHARMED = { signalled: 0, killed: 0, signals: "0", failures: 0 };

describe("of strangers who take every id that gets free, none is signalled", () => {
  for (const plan of [[], ["--stop=TERM:2ms,KILL"]]) {
    const what = plan.length ? "a stop plan and a drain" : "a drain";
    test(`by ${what}`, async ({ lab, skip, task }) => {
      const why = whyNoPid1();
      if (why !== undefined) skipLoudly({ skip, task }, why);
      expect(await among(lab, 6, [], plan)).toMatchObject(UNHARMED);
    });

    test(`by ${what} whose signals come late`, async ({ lab, skip, task }) => {
      const why = whyNoPid1() ?? whyNoStrace();
      if (why !== undefined) skipLoudly({ skip, task }, why);
      const options = ["--sandbox=off", ...plan];
      expect(await among(lab, 3, slowly(lab, 3_000), options)).toMatchObject(UNHARMED);
    });
  }
});
