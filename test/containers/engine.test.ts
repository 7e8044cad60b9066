// The binary as the entry point of an image: PID 1 of containers that podman and runc start, stop
// and limit. inits.test.ts is the binary, and others, as what the engines start for `--init`.
import { afterAll, beforeAll, describe } from "vitest";
import type { TestContext } from "vitest";
import { binary } from "../support/paths.ts";
import { Podman, whyNoPodman } from "../support/podman.ts";
import { importSmallImage } from "../support/small-image.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";

const IMAGE = "localhost/wasm-init-engine";
const KILLED = 128 + 9;

/** Says that its traps are set, and lives on: a shell runs a trap between two commands. */
const WAIT = "echo ready; while :; do sleep 0.02; done";

describe("a container under podman and runc", () => {
  const absent = whyNoPodman();
  let started: Podman | undefined;

  const engine = (context: Pick<TestContext, "skip" | "task">): Podman =>
    started ?? skipLoudly(context, absent ?? "the image could not be made");

  beforeAll(async () => {
    if (absent) return;
    started = new Podman();
    await importSmallImage(started, IMAGE);
  });

  afterAll(() => started?.remove());

  test.for(["HUP", "USR1", "TERM", "RTMIN+3"])(
    "hands podman kill -s %s on",
    async (signal, { skip, task }) => {
      const podman = engine({ skip, task });
      const trap = signal === "RTMIN+3" ? "37" : signal;
      const script = `trap 'echo got; exit 4' ${trap}; ${WAIT}`;
      const container = podman.run(IMAGE, [], "sh", "-c", script);
      await container.stdout.line(/ready/);
      await podman.must("kill", "--signal", signal, container.name);
      const { status, stdout } = await container.finished();
      expect(stdout).toMatch(/got/);
      expect(status).toBe(4);
    },
  );

  test("is killed by the engine when the command is deaf and no plan is set", async ({
    skip,
    task,
  }) => {
    const podman = engine({ skip, task });
    const container = podman.run(IMAGE, [], "sh", "-c", `trap '' TERM; ${WAIT}`);
    await container.stdout.line(/ready/);
    const begin = Date.now();
    await podman.must("stop", "--time", "1", container.name);
    expect((await container.finished()).status).toBe(KILLED);
    expect(Date.now() - begin).toBeGreaterThanOrEqual(1000);
  });

  test("keeps its stop plan, well within the engine's grace", async ({ skip, task }) => {
    const podman = engine({ skip, task });
    const plan = ["--entrypoint", '["/wasm-init","--stop","TERM:200ms,KILL","--"]'];
    const container = podman.run(IMAGE, plan, "sh", "-c", `trap '' TERM; ${WAIT}`);
    await container.stdout.line(/ready/);
    const begin = Date.now();
    await podman.must("stop", "--time", "30", container.name);
    expect((await container.finished()).status).toBe(KILLED);
    expect(Date.now() - begin).toBeLessThan(25_000);
  });

  // That each limit is in force at all, inits.test.ts shows.
  test.for([
    ["a read-only root", ["--read-only"]],
    ["no capabilities", ["--cap-drop=all"]],
    ["an unprivileged user", ["--user", "65534"]],
    ["twenty processes", ["--pids-limit", "20"]],
    ["eight megabytes", ["--memory", "8m"]],
    ["no new privileges", ["--security-opt=no-new-privileges"]],
    ["the host's processes in sight", ["--pid=host"]],
  ] as const)("forwards, reaps and exits with %s", async ([, options], { skip, task }) => {
    const podman = engine({ skip, task });
    const script = `trap 'exit 6' TERM; (true &); ${WAIT}`;
    const container = podman.run(IMAGE, [...options], "sh", "-c", script);
    await container.stdout.line(/ready/);
    await podman.must("kill", "--signal", "TERM", container.name);
    expect((await container.finished()).status).toBe(6);
  });

  test("keeps its orphans, and drains them alone, with the host's processes in sight", async ({
    skip,
    task,
  }) => {
    const podman = engine({ skip, task });
    const plan = ["--pid=host", "--entrypoint", '["/wasm-init","--drain","--"]'];
    // The subshell ends at once, and whoever adopts its child is the child's parent from then on.
    const script =
      `(sh -c 'trap "echo told; exit" TERM; >/tmp/up; while :; do sleep 0.02; done' & ` +
      "echo $! >/tmp/orphan); until [ -e /tmp/up ]; do sleep 0.02; done; " +
      "set -- $(grep PPid: /proc/$(cat /tmp/orphan)/status); cat /proc/$2/comm; exit 3";
    const container = podman.run(IMAGE, plan, "sh", "-c", script);
    expect(await container.finished()).toMatchObject({ status: 3, stdout: "wasm-init\ntold\n" });
  });

  test("refuses an init beside the host's processes", async ({ skip, task }) => {
    const podman = engine({ skip, task });
    const init = [...podman.init(binary), "--pid=host"];
    const { status, stderr } = await podman.run(IMAGE, init, "true").finished();
    expect(status).toBe(125);
    expect(stderr).toMatch(/init/);
  });
});
