// Pods: the binary as their pause container, and as the init of a container in one.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import type { TestContext } from "vitest";
import { binary } from "../support/paths.ts";
import { Podman, whyNoPodman } from "../support/podman.ts";
import { importSmallImage } from "../support/small-image.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";
import { CATATONIT } from "./inits/columns.ts";

const IMAGE = "localhost/wasm-init-pod";

/** What podman makes pods' first containers of: one file, and `-P` as catatonit has it. */
const pauses = [
  { init: "wasm-init", program: binary, entry: ["/pause", "--as", "catatonit", "-P"] },
  { init: "catatonit", program: CATATONIT, entry: ["/pause", "-P"] },
];
const pauseImage = (init: string) => `localhost/pause-of-${init}`;

/** Orphans of a command that is no init, and lives until none is left as a zombie. */
const ORPHANS =
  "i=0; while [ $i -lt 100 ]; do (: &); i=$((i+1)); done; " +
  "while grep -q '^State:.Z' /proc/[0-9]*/status 2>/dev/null; do sleep 0.02; done; " +
  "cat /proc/1/comm; exit 5";

/** Tells who adopts the child of a subshell that ends at once. */
const PARENT_OF_ORPHAN =
  "(sleep 1000 & echo $! >/tmp/orphan); orphan=$(cat /tmp/orphan); " +
  "set -- $(grep PPid: /proc/$orphan/status); cat /proc/$2/comm; kill -9 $orphan; exit 6";

/** As `kubectl` would print it; all that the engine does not have to pull. */
const pod = (grace: number) => `
apiVersion: v1
kind: Pod
metadata:
  name: served
spec:
  terminationGracePeriodSeconds: ${grace}
  containers:
    - name: server
      image: ${IMAGE}
      imagePullPolicy: Never
      command: ["/wasm-init", "--stop", "TERM:300ms,KILL", "--"]
      args: ["sh", "-c", "trap 'echo told' TERM; echo ready; while :; do sleep 0.02; done"]
`;

describe("podman's pods", () => {
  const absent = whyNoPodman();
  let started: Podman | undefined;

  const engine = (context: Pick<TestContext, "skip" | "task">): Podman =>
    started ?? skipLoudly(context, absent ?? "the image could not be made");

  beforeAll(async () => {
    if (absent) return;
    const podman = new Podman();
    await importSmallImage(podman, IMAGE);
    for (const { init, program, entry } of pauses) {
      const folder = join(podman.folder, init);
      mkdirSync(folder);
      copyFileSync(program, join(folder, "pause"));
      execFileSync("tar", ["-C", folder, "-cf", `${folder}.tar`, "."]);
      const entryPoint = `ENTRYPOINT ${JSON.stringify(entry)}`;
      await podman.import(`${folder}.tar`, pauseImage(init), entryPoint);
    }
    started = podman;
  });
  afterAll(() => started?.remove());

  test.for(pauses)(
    "paused by $init -P, have no zombies, and stop",
    async (pause, { skip, task }) => {
      const podman = engine({ skip, task });
      const name = `paused-by-${pause.init}`;
      const infra = ["--infra-name", `${name}-infra`, "--infra-image", pauseImage(pause.init)];
      await podman.must("pod", "create", "--network=none", "--share=pid", ...infra, name);
      await podman.must("pod", "start", name);
      await podman.runs(`${name}-infra`);
      const member = podman.run(IMAGE, ["--pod", name, "--entrypoint", ""], "sh", "-c", ORPHANS);
      expect(await member.finished()).toMatchObject({ status: 5, stdout: "pause\n", stderr: "" });
      // An init that is not PID 1 keeps its orphans to itself.
      const inited = podman.run(IMAGE, ["--pod", name], "sh", "-c", PARENT_OF_ORPHAN);
      expect(await inited.finished()).toMatchObject({ status: 6, stdout: "wasm-init\n" });
      await podman.must("pod", "stop", "--time=30", name);
      const exit = "--format={{.State.Status}} {{.State.ExitCode}}";
      expect(await podman.must("container", "inspect", exit, `${name}-infra`)).toBe("exited 0\n");
    },
  );

  test("played from a Kubernetes file, keep a stop plan within the grace period", async ({
    skip,
    task,
  }) => {
    const podman = engine({ skip, task });
    const file = join(podman.folder, "pod.yaml");
    const grace = 5;
    writeFileSync(file, pod(grace));
    await podman.play(file, pauseImage("wasm-init"));
    await podman.says("served-server", /ready/);
    const begin = Date.now();
    // Kubernetes gives the file's seconds to the stop; this podman does not read them.
    await podman.must("pod", "stop", "--time", String(grace), "served");
    expect(Date.now() - begin).toBeLessThan(grace * 1000);
    const exit = "--format={{.State.Status}} {{.State.ExitCode}}";
    expect(await podman.must("container", "inspect", exit, "served-server")).toBe("exited 137\n");
    expect(await podman.must("logs", "served-server")).toMatch(/told/);
    await podman.must("kube", "down", file);
  });
});
