// The binary as what dockerd runs for `docker run --init`.
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe } from "vitest";
import { Docker, whyNoDocker } from "../support/docker.ts";
import { binary } from "../support/paths.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";

const IMAGE = "wasm-init-busybox";
const RUN = ["run", "--network=none", "--init"];

describe("a container under dockerd with our init", () => {
  const absent = whyNoDocker();
  let docker: Docker | undefined;

  beforeAll(async () => {
    if (absent) return;
    docker = new Docker(binary);
    await docker.ready();
    const files = spawnSync("tar", ["-C", "/bin", "-c", "busybox"], { maxBuffer: 1 << 24 });
    expect(docker.docker(["import", "-", IMAGE], files.stdout).status).toBe(0);
  });
  afterAll(() => docker?.remove());

  test("is known to docker info, without a warning about it", ({ skip, task }) => {
    if (!docker) return skipLoudly({ skip, task }, absent ?? "");
    const { stdout, stderr } = docker.docker(["info"]);
    expect(stdout).toMatch(/Init Binary: /);
    expect(stdout).toMatch(/init version: /);
    expect(stderr).not.toMatch(/init/);
  });

  test("ends with the command's status", ({ skip, task }) => {
    if (!docker) return skipLoudly({ skip, task }, absent ?? "");
    const command = [IMAGE, "/busybox", "sh", "-c", "/busybox cat /proc/1/comm; exit 7"];
    const { status, stdout } = docker.docker([...RUN, "--rm", ...command]);
    expect(stdout).toMatch(/^docker-init\n/);
    expect(status).toBe(7);
  });

  test("hands docker stop's TERM to the command at once", ({ skip, task }) => {
    if (!docker) return skipLoudly({ skip, task }, absent ?? "");
    const { stdout } = docker.docker([...RUN, "-d", IMAGE, "/busybox", "sleep", "1000"]);
    const id = stdout.trim();
    expect(docker.docker(["stop", "--time", "30", id]).status).toBe(0);
    const format = "--format={{.State.ExitCode}}";
    expect(docker.docker(["inspect", format, id]).stdout.trim()).toBe("143");
  });
});
