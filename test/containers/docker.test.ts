// What dockerd itself says of the binary as its init; inits.test.ts is what it does for containers.
import { afterAll, beforeAll, describe } from "vitest";
import { Docker, whyNoDocker } from "../support/docker.ts";
import { binary } from "../support/paths.ts";
import { importSmallImage } from "../support/small-image.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";

const IMAGE = "localhost/wasm-init-docker";

describe("dockerd with our init", () => {
  const absent = whyNoDocker();
  let docker: Docker | undefined;

  beforeAll(async () => {
    if (absent) return;
    docker = new Docker(binary);
    await docker.ready();
    await importSmallImage(docker, IMAGE);
  });
  afterAll(() => docker?.remove());

  test("tells its version in docker info, without a warning about it", async ({ skip, task }) => {
    if (!docker) return skipLoudly({ skip, task }, absent ?? "it did not start");
    const { status, stdout, stderr } = await docker.call("info");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ Init Binary: \S+\/docker-init$/m);
    // The daemon asks the program itself, and shows what tini has a commit for.
    expect(stdout).toMatch(/^ init version: wasm-init-\d+-\d+-\d+$/m);
    expect(stderr).not.toMatch(/init/);
    expect(docker.said()).not.toMatch(/level=(warning|error)[^\n]*init version/);
  });

  test("starts it in the place of docker-init", async ({ skip, task }) => {
    if (!docker) return skipLoudly({ skip, task }, absent ?? "it did not start");
    const words = ["sh", "-c", "cat /proc/1/comm; /sbin/docker-init --version"];
    const container = docker.run(IMAGE, ["--init", "--entrypoint", ""], ...words);
    const { stdout } = await container.finished();
    expect(stdout).toMatch(/^docker-init\ntini version .*wasm-init/);
  });

  test("starts none beside the host's processes", async ({ skip, task }) => {
    if (!docker) return skipLoudly({ skip, task }, absent ?? "it did not start");
    const options = ["--init", "--pid=host", "--entrypoint", ""];
    const container = docker.run(IMAGE, options, "sh", "-c", "cat /proc/$PPID/comm");
    expect((await container.finished()).stdout).not.toMatch(/init/);
  });
});
