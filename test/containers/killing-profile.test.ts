// A container whose seccomp profile kills for what only we call: it lives, as it does under others.
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { probeProgram } from "../support/fixtures.ts";
import { theOnlyLine } from "../support/lines.ts";
import { binary, root } from "../support/paths.ts";
import { Podman, whyNoPodman } from "../support/podman.ts";
import { MADE_BY_US_ALONE } from "../support/profiles.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";

const IMAGE = "localhost/wasm-init-profile";

/** An engine's profile: all is allowed, but for calls that kill. */
function profile(calls: readonly string[]): string {
  const killing = { names: calls, action: "SCMP_ACT_KILL_PROCESS" };
  return JSON.stringify({ defaultAction: "SCMP_ACT_ALLOW", syscalls: [killing] });
}

// The engine itself makes some of the calls under the profile, before it starts us.
const ENGINES = ["capget", "capset", "clock_gettime", "getdents64", "geteuid", "waitid"];

describe.each([
  ["seccomp", ["seccomp"]],
  ["all that engines do without", MADE_BY_US_ALONE.filter((call) => !ENGINES.includes(call))],
])("under a profile that kills for %s", (_, calls) => {
  const absent = whyNoPodman();
  const mount = ["--volume", `${probeProgram()}:/probe:ro`];
  const folder = mkdtempSync(join(tmpdir(), "wasm-init-image-"));
  // The image's entry point takes no options.
  const by = (options: string) => [
    ...[...mount, "--security-opt", `seccomp=${folder}/profile.json`],
    ...["--env", `WASM_INIT_OPTIONS=${options}`],
  ];
  let podman: Podman | undefined;

  beforeAll(async () => {
    if (absent) return;
    podman = new Podman();
    copyFileSync(`${root}test/containers/minimal/Dockerfile`, join(folder, "Dockerfile"));
    copyFileSync(binary, join(folder, "wasm-init"));
    writeFileSync(join(folder, "profile.json"), profile(calls));
    await podman.build(IMAGE, folder);
  });

  afterAll(async () => {
    await podman?.remove();
    rmSync(folder, { recursive: true });
  });

  test("lives on after the sandbox's time, and ends with the command's status", async ({
    skip,
    task,
  }) => {
    if (!podman) return skipLoudly({ skip, task }, absent ?? "");
    const steps = ["say:ready", "listen:64", "exit:7"];
    const container = podman.run(IMAGE, by("-v"), "/probe", ...steps);
    await container.stderr.line(/EnterSandbox failed: operation not permitted/i);
    await podman.must("kill", "--signal", "64", container.name);
    expect(await container.finished()).toMatchObject({ status: 7 });
  });

  test("starts nothing where a sandbox was insisted on", async ({ skip, task }) => {
    if (!podman) return skipLoudly({ skip, task }, absent ?? "");
    const container = podman.run(IMAGE, by("--sandbox=on"), "/probe", "say:ready");
    const { status, stdout, stderr } = await container.finished();
    expect({ status, stdout }).toEqual({ status: 125, stdout: "" });
    expect(theOnlyLine(stderr)).toMatch(/sandbox.*operation not permitted/i);
  });
});
