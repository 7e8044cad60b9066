// The binary as PID 1 of containers that podman and runc start, stop, limit and attach terminals to.
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import type { TestContext } from "vitest";
import { binary } from "../support/paths.ts";
import { Podman, whyNoPodman } from "../support/podman.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";

const IMAGE = "localhost/wasm-init-engine";
const KILLED = 128 + 9;
const TERMINATED = 128 + 15;

/** Says that its traps are set, and lives on: a shell runs a trap between two commands. */
const WAIT = "echo ready; while :; do sleep 0.02; done";

describe("a container under podman and runc", () => {
  const absent = whyNoPodman();
  let started: Podman | undefined;

  const engine = (context: Pick<TestContext, "skip" | "task">): Podman =>
    started ?? skipLoudly(context, absent ?? "the image could not be built");

  beforeAll(async () => {
    if (absent) return;
    const podman = new Podman();
    const folder = mkdtempSync(join(tmpdir(), "wasm-init-image-"));
    copyFileSync(binary, join(folder, "wasm-init"));
    copyFileSync("/bin/busybox", join(folder, "busybox"));
    writeFileSync(
      join(folder, "Dockerfile"),
      [
        "FROM scratch",
        "COPY wasm-init busybox /",
        'RUN ["/busybox", "mkdir", "-p", "/bin", "/tmp"]',
        'RUN ["/busybox", "--install", "-s", "/bin"]',
        'ENTRYPOINT ["/wasm-init", "--"]',
        "",
      ].join("\n"),
    );
    await podman.build(IMAGE, folder);
    rmSync(folder, { recursive: true });
    started = podman;
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

  test("serves as podman's own init", async ({ skip, task }) => {
    const podman = engine({ skip, task });
    const init = ["--init", `--init-path=${binary}`, "--entrypoint", ""];
    const container = podman.run(IMAGE, init, "sh", "-c", `cat /proc/1/comm; ${WAIT}`);
    await container.stdout.line(/ready/);
    await podman.must("stop", "--time", "30", container.name);
    const { status, stdout } = await container.finished();
    expect(stdout).toMatch(/podman-init|wasm-init/);
    expect(status).toBe(TERMINATED);
  });

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

  test("leaves no zombie of 20,000 orphans within the pids limit", async ({ skip, task }) => {
    const podman = engine({ skip, task });
    // Each inner subshell loses its parent at once. It waits for nothing, so that only the init's
    // reaping keeps the count of processes below the limit.
    const script =
      "i=0; while [ $i -lt 20000 ]; do (: &) || exit 9; i=$((i+1)); done; " +
      "n=0; while grep -q '^State:.Z' /proc/[0-9]*/status 2>/dev/null; do " +
      "n=$((n+1)); [ $n -gt 500 ] && exit 8; sleep 0.01; done; echo clean";
    const container = podman.run(IMAGE, ["--pids-limit", "200"], "sh", "-c", script);
    expect(await container.finished()).toMatchObject({ status: 0, stdout: "clean\n", stderr: "" });
  });

  test("pauses as the pod's container does, by catatonit's -P, until it is stopped", async ({
    skip,
    task,
  }) => {
    const podman = engine({ skip, task });
    const pause = ["--entrypoint", '["/wasm-init","--as","catatonit","-P"]'];
    const container = podman.run(IMAGE, pause);
    await eventually("the container runs", async () => {
      const format = "--format={{.State.Status}}";
      const { stdout } = await podman.podman("container", "inspect", format, container.name);
      return stdout.trim() === "running";
    });
    await podman.must("stop", "--time", "30", container.name);
    expect((await container.finished()).status).toBe(0);
  });

  test("gives the command the terminal of run -it, and its size", async ({ skip, task }) => {
    const podman = engine({ skip, task });
    const name = "wasm-init-terminal";
    const run = `run --rm -it --network=none --name ${name} ${IMAGE} sh -c 'tty; stty size; exit 3'`;
    const { status, stdout } = await podman.onTerminal(`stty rows 31 cols 97; exec podman ${run}`);
    expect(stdout).toMatch(/\/dev\/(pts\/0|console)/);
    expect(stdout).toMatch(/31 97/);
    expect(status).toBe(3);
  });
});
