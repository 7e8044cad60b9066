// The smallest image that works: nothing but the binary, as the entry point.
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { probeProgram } from "../support/fixtures.ts";
import { binary, root } from "../support/paths.ts";
import { Podman, whyNoPodman } from "../support/podman.ts";
import { parseProbeEvent } from "../support/probe.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";
import { TERM } from "../support/signals.ts";

const IMAGE = "localhost/wasm-init-minimal";

describe("an image FROM scratch with the binary as its entry point", () => {
  const absent = whyNoPodman();
  // The command comes from outside: the image has none.
  const mount = ["--volume", `${probeProgram()}:/probe:ro`];
  let podman: Podman | undefined;

  beforeAll(async () => {
    if (absent) return;
    podman = new Podman();
    const folder = mkdtempSync(join(tmpdir(), "wasm-init-image-"));
    copyFileSync(`${root}test/containers/minimal/Dockerfile`, join(folder, "Dockerfile"));
    copyFileSync(binary, join(folder, "wasm-init"));
    await podman.build(IMAGE, folder);
    rmSync(folder, { recursive: true });
  });

  afterAll(() => podman?.remove());

  test("runs the command as a child of PID 1 and ends with its status", async ({ skip, task }) => {
    if (!podman) return skipLoudly({ skip, task }, absent ?? "");
    const container = podman.run(IMAGE, mount, "/probe", "report", "exit:7");
    const { status, stdout, stderr } = await container.finished();
    expect(stderr).toBe("");
    expect(status).toBe(7);
    expect(parseProbeEvent(stdout.trimEnd())).toMatchObject({ event: "report", ppid: 1 });
  });

  test("hands the engine's TERM to the command, and says 143", async ({ skip, task }) => {
    if (!podman) return skipLoudly({ skip, task }, absent ?? "");
    // The probe itself would ignore it as PID 1: the kernel does so for the default action.
    const container = podman.run(IMAGE, mount, "/probe", "say:ready", "pause");
    await container.stdout.line(/ready/);
    await podman.must("kill", "--signal", "TERM", container.name);
    expect(await container.finished()).toMatchObject({ status: 128 + TERM, stderr: "" });
  });

  test("lets a command that handles TERM end with its own status", async ({ skip, task }) => {
    if (!podman) return skipLoudly({ skip, task }, absent ?? "");
    const container = podman.run(IMAGE, mount, "/probe", `listen:${TERM}`, "exit:3");
    await container.stdout.line(/listening/);
    await podman.must("stop", "--time", "30", container.name);
    expect(await container.finished()).toMatchObject({ status: 3, stderr: "" });
  });

  test("names a command that the image does not have, with 127", async ({ skip, task }) => {
    if (!podman) return skipLoudly({ skip, task }, absent ?? "");
    const { status, stdout, stderr } = await podman.run(IMAGE, [], "/bin/sh").finished();
    expect({ status, stdout }).toEqual({ status: 127, stdout: "" });
    expect(stderr).toMatch(/^[^\n]*\/bin\/sh[^\n]*\n$/);
  });
});
