// The recipes of docs/containers.md and of the README: built, played and composed as they are
// written, on small images that bear the names of the large ones.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { debianSystem } from "../support/debian-system.ts";
import { Docker, whyNoDocker } from "../support/docker.ts";
import { whyNoTools } from "../support/engine.ts";
import { probeProgram } from "../support/fixtures.ts";
import { binary, root } from "../support/paths.ts";
import { Podman, whyNoPodman } from "../support/podman.ts";
import { importSmallImage } from "../support/small-image.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";

const page = readFileSync(`${root}docs/containers.md`, "utf8");
const readme = readFileSync(`${root}README.md`, "utf8");

/** The page's blocks in a language. */
const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, "g"))].map(
    ([, it]) => it ?? "",
  );

// The README also has lines of a Dockerfile for the npm package.
const dockerfiles = [...blocks(page, "Dockerfile"), ...blocks(readme, "Dockerfile")].filter((it) =>
  it.startsWith("FROM "),
);
const others = [...page.matchAll(/`FROM (\S+)`/g)].map(([, base]) => base ?? "");
const bases = new Set([...dockerfiles.map((it) => /^FROM (\S+)/.exec(it)?.[1] ?? ""), ...others]);
const [compose = "", kubernetes = ""] = blocks(page, "yaml");

/** The loader of musl, which is Alpine's C library, as Debian's package of musl has it. */
const LOADER = readdirSync("/lib").find((name) => /^ld-musl-.*\.so\.1$/.test(name));

/** A program that wants that loader, made in a folder. */
function muslProgram(folder: string): string {
  const path = join(folder, "musl-program");
  const input = '#include <stdio.h>\nint main(void) { puts("musl"); return 7; }\n';
  execFileSync("musl-gcc", ["-x", "c", "-o", path, "-"], { input });
  return path;
}

/** A name as engines complete it. */
function fullName(image: string): string {
  const name = image.includes("/") ? image : `docker.io/library/${image}`;
  return name.includes(":") ? name : `${name}:latest`;
}

describe("the pages' Dockerfiles", () => {
  const absent = whyNoPodman();
  let podman: Podman | undefined;
  const mount = ["--volume", `${probeProgram()}:/probe:ro`];

  beforeAll(async () => {
    if (absent) return;
    podman = new Podman();
    const folder = join(podman.folder, "image");
    mkdirSync(folder);
    copyFileSync(binary, join(folder, "wasm-init"));
    execFileSync("tar", ["-C", folder, "-cf", `${folder}.tar`, "."]);
    await podman.import(`${folder}.tar`, "localhost/wasm-init");
    await importSmallImage(podman, "localhost/small");
    if (LOADER !== undefined) {
      const more = { [`/lib/${LOADER}`]: `/lib/${LOADER}`, "/bin/server": muslProgram(folder) };
      await importSmallImage(podman, "localhost/small-musl", more);
    }
    for (const base of bases) {
      if (base === "scratch") continue;
      const small = base === "alpine" && LOADER !== undefined ? "small-musl" : "small";
      await podman.must("tag", `localhost/${small}`, fullName(base));
    }
  });
  afterAll(() => podman?.remove());

  /** Builds a Dockerfile in a folder of its own, and returns the image's name. */
  const build = async (at: Podman, name: string, text: string) => {
    const folder = join(at.folder, name);
    mkdirSync(folder);
    writeFileSync(join(folder, "Dockerfile"), text);
    await at.build(`localhost/${name}`, folder);
    return `localhost/${name}`;
  };

  test("are there to be tested", () => {
    expect(dockerfiles.length).toBeGreaterThanOrEqual(4);
    expect([...bases].sort()).toEqual([
      "alpine",
      "debian:bookworm-slim",
      "gcr.io/distroless/base-debian12",
      "node:22-bookworm-slim",
      "scratch",
    ]);
  });

  test.for(dockerfiles.map((text, index) => [index, text] as const))(
    "make an image whose command runs under the init (number %i)",
    async ([index, text], { skip, task }) => {
      if (!podman) return skipLoudly({ skip, task }, absent ?? "it did not start");
      const image = await build(podman, `recipe-${index}`, text);
      const { status, stdout } = await podman
        .run(image, mount, "sh", "-c", "cat /proc/1/comm; exit 7")
        .finished();
      const name = /ENTRYPOINT \["(?:.*?\/)?([^"/]+)"/.exec(text)?.[1];
      expect({ status, stdout }).toEqual({ status: 7, stdout: `${name}\n` });
    },
  );

  test.for([...bases])("work on %s", async (base, { skip, task }) => {
    if (!podman) return skipLoudly({ skip, task }, absent ?? "it did not start");
    const text = (dockerfiles[0] ?? "").replace(/^FROM \S+/, `FROM ${base}`);
    const image = await build(podman, `on-${base.replace(/\W/g, "-")}`, text);
    const { status, stderr } = await podman.run(image, mount, "/probe", "exit:7").finished();
    expect({ status, stderr }).toEqual({ status: 7, stderr: "" });
  });

  test("run a program of musl's where there is no other C library", async ({ skip, task }) => {
    if (!podman) return skipLoudly({ skip, task }, absent ?? "it did not start");
    if (LOADER === undefined) return skipLoudly({ skip, task }, "apt-get install musl-tools");
    const text = (dockerfiles[0] ?? "").replace(/^FROM \S+/, "FROM alpine");
    const image = await build(podman, "on-musl", text);
    const { status, stdout } = await podman.run(image, [], "/bin/server").finished();
    expect({ status, stdout }).toEqual({ status: 7, stdout: "musl\n" });
  });

  test("keep a real Node server's plan", { timeout: 600_000 }, async ({ skip, task }) => {
    if (!podman) return skipLoudly({ skip, task }, absent ?? "it did not start");
    if (process.env.CI !== "true")
      return skipLoudly({ skip, task }, "a whole system with Node is run with CI=true only");
    const system = await debianSystem("node");
    if ("why" in system) return skipLoudly({ skip, task }, system.why);
    await podman.import(system.path, "localhost/with-node");
    const recipe = dockerfiles.find((it) => it.startsWith("FROM node:")) ?? "";
    const text = recipe.replace(/^FROM \S+/, "FROM localhost/with-node");
    const image = await build(podman, "node-server", text);
    for (const [name, asksFor, status, least] of [
      ["deaf", "", 143, 0],
      ["stubborn", 'process.on("SIGTERM", () => {});', 137, 8_000],
    ] as const) {
      const file = join(podman.folder, `${name}.js`);
      const listen = 'require("http").createServer().listen(0, () => console.log("listening"));';
      writeFileSync(file, asksFor + listen);
      const server = podman.run(image, ["--volume", `${file}:/server.js:ro`]);
      await server.stdout.line(/listening/);
      const begin = Date.now();
      await podman.must("stop", "--time", "50", server.name);
      expect(Date.now() - begin).toBeGreaterThanOrEqual(least);
      expect(await server.finished()).toMatchObject({ status, stderr: "" });
    }
  });

  test("keep the page's pod within its grace period", async ({ skip, task }) => {
    if (!podman) return skipLoudly({ skip, task }, absent ?? "it did not start");
    const grace = Number(/terminationGracePeriodSeconds: (\d+)/.exec(kubernetes)?.[1]);
    const words = JSON.parse(/command: (\[.*\])/.exec(kubernetes)?.[1] ?? "[]") as string[];
    const explained = execFileSync(binary, [...words.slice(1, -1), "--explain"], {
      encoding: "utf8",
    });
    const longest = Number(/stop signal to the exit: (\d+)s/.exec(explained)?.[1]);
    expect(longest).toBeLessThan(grace);

    await build(podman, "my-server", dockerfiles[0] ?? "");
    const pause = await build(
      podman,
      "pause",
      'FROM scratch\nCOPY --from=wasm-init /wasm-init /catatonit\nENTRYPOINT ["/catatonit", "-P"]\n',
    );
    const file = join(podman.folder, "pod.yaml");
    // The server is a shell, and local images are not pulled.
    const server = `["sh", "-c", "trap 'exit 0' TERM; echo ready; while :; do sleep 0.02; done"]`;
    writeFileSync(
      file,
      kubernetes
        .replace('["my-server"]', server)
        .replace("image: my-server", "image: localhost/my-server\n      imagePullPolicy: Never"),
    );
    await podman.play(file, pause);
    await podman.says("my-server-server", /ready/);
    const begin = Date.now();
    await podman.must("pod", "stop", "--time", String(grace), "my-server");
    // The plan begins with five seconds in which a load balancer looks away.
    expect(Date.now() - begin).toBeGreaterThanOrEqual(5_000);
    const exit = "--format={{.State.ExitCode}}";
    expect(await podman.must("container", "inspect", exit, "my-server-server")).toBe("0\n");
  });
});

describe("the page's compose file", () => {
  const absent = whyNoDocker() ?? whyNoTools("docker-compose");

  test("runs the daemon's init, with its options", async ({ skip, task }) => {
    if (absent) return skipLoudly({ skip, task }, absent);
    const docker = new Docker(binary);
    try {
      await docker.ready();
      await importSmallImage(docker, "my-server");
      const script = "cat /proc/1/comm; trap '' TERM; echo ready; while :; do sleep 0.02; done";
      const added = [
        "network_mode: none",
        "container_name: composed",
        "entrypoint: []",
        `command: ["sh", "-c", "${script}"]`,
      ];
      const file = join(docker.folder, "compose.yaml");
      const plan = compose.replace("TERM:8s", "TERM:100ms");
      writeFileSync(file, plan.trimEnd() + added.map((line) => `\n    ${line}`).join("") + "\n");
      await docker.compose("--file", file, "up", "--detach");
      await docker.insideAtLast("composed", "true");
      await docker.compose("--file", file, "stop");
      const { stdout } = await docker.call("logs", "composed");
      expect(stdout).toBe("docker-init\nready\n");
      const exit = "--format={{.State.ExitCode}} {{.HostConfig.Init}}";
      expect(await docker.must("inspect", exit, "composed")).toBe("137 true\n");
    } finally {
      await docker.remove();
    }
  });
});
