// The repository's own Dockerfile, built for real: on a Debian system with Node in place of the
// image that it names by default.
import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { builders, stepsOf } from "../support/builders.ts";
import type { Builder, OpenBuilder } from "../support/builders.ts";
import { CERTIFICATES, debianSystem } from "../support/debian-system.ts";
import { probeProgram } from "../support/fixtures.ts";
import { run } from "../support/npm.ts";
import { root } from "../support/paths.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";

const BASE = "localhost/wasm-init-base";
const IMAGE = "localhost/wasm-init";
const REVISION = "0123456789abcdef";
const HOOK_MS = 1_200_000;
const LARGEST = 64_000;

const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { version: string };
const registry = run("npm", ["config", "get", "registry"]).stdout.trim();

test("the Dockerfile's default version is the package's", () => {
  expect(readFileSync(`${root}Dockerfile`, "utf8")).toContain(`\nARG VERSION=${version}\n`);
});

/** Why a builder is left out, if it is. One is enough for every day: a build takes minutes. */
function whyNot(builder: Builder): string | undefined {
  const absent = builder.whyAbsent();
  if (absent !== undefined) return absent;
  if (builder !== builders[0] && process.env.CI !== "true") {
    return `${builder.name} is tried with CI=true only`;
  }
  const { status } = run("npm", ["view", "typescript", "name"]);
  return status === 0 ? undefined : "npm reaches no registry";
}

/** An image as an archive: its files' lines of `tar -tv`, and all of its text. */
async function saved({ engine }: OpenBuilder): Promise<{ files: string[]; text: string }> {
  const folder = join(engine.folder, "saved");
  await engine.must("save", "--output", `${folder}.tar`, IMAGE);
  execFileSync("sh", ["-c", `mkdir ${folder} && tar -xf ${folder}.tar -C ${folder}`]);
  const text = execFileSync("sh", ["-c", `cat ${folder}/*.json`], { encoding: "utf8" });
  const [{ Layers: layers }] = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as [
    { Layers: string[] },
  ];
  const files = layers.flatMap((layer) =>
    execFileSync("tar", ["-tvf", join(folder, layer)], { encoding: "utf8" }).split("\n"),
  );
  for (const path of [folder, `${folder}.tar`]) rmSync(path, { recursive: true });
  return { files: files.filter((line) => line !== "" && !/ \.?\/$/.test(line)), text };
}

describe.each(builders)("the Dockerfile, built by $name", (builder) => {
  let opened: OpenBuilder | undefined;
  let absent = whyNot(builder);
  let log = "";
  const checkout = mkdtempSync(join(tmpdir(), "wasm-init-checkout-"));

  const build = (at: OpenBuilder) => {
    const certificates = existsSync(CERTIFICATES) ? CERTIFICATES : "";
    const variables = {
      BASE,
      REVISION,
      npm_config_registry: registry,
      NODE_EXTRA_CA_CERTS: certificates,
    };
    const args = Object.entries(variables).flatMap(([name, value]) => [
      "--build-arg",
      `${name}=${value}`,
    ]);
    return at.build("--network=host", ...args, "--tag", IMAGE, checkout);
  };

  beforeAll(async () => {
    if (absent) return;
    const system = await debianSystem("node");
    if ("why" in system) {
      absent = system.why;
      return;
    }
    const left = [".git", "build", "node_modules", "host/node/addon/build"].map((it) => root + it);
    const filter = (path: string) => !left.includes(path);
    cpSync(root, checkout, { recursive: true, filter });
    const builderAtWork = await builder.open();
    opened = builderAtWork;
    await builderAtWork.engine.import(system.path, BASE);
    log = await build(builderAtWork);
  }, HOOK_MS);

  afterAll(async () => {
    await opened?.engine.remove();
    rmSync(checkout, { recursive: true, force: true });
  }, HOOK_MS);

  const claim = (name: string, check: (at: OpenBuilder) => Promise<void>, timeout = 60_000) =>
    test(name, { timeout }, async ({ skip, task }) => {
      if (!opened) return skipLoudly({ skip, task }, absent ?? "the build failed");
      await check(opened);
    });

  claim("runs the core's tests on the way", async () => {
    expect(log).toMatch(/Tests .*\d+ passed/);
    await Promise.resolve();
  });

  claim("holds the binary, its links and nothing else", async (at) => {
    const { files } = await saved(at);
    const links = files.flatMap((line) => /(\S+) -> wasm-init$/.exec(line)?.[1] ?? []);
    expect(links.sort()).toEqual(["catatonit", "docker-init", "dumb-init", "tini"]);
    const others = files.filter((line) => !line.endsWith(" -> wasm-init"));
    expect(others).toHaveLength(1);
    expect(others[0]).toMatch(/^-rwxr-xr-x .* wasm-init$/);
    const size = Number(others[0]?.split(/\s+/)[2]);
    expect(size).toBeGreaterThan(0);
    expect(size).toBeLessThan(LARGEST);
    // What podman adds is the layer's headers and the image's description.
    const image = await at.engine.must("image", "inspect", "--format={{.Size}}", IMAGE);
    expect(Number(image)).toBeLessThan(size + 10_000);
  });

  claim("describes itself by OCI labels", async (at) => {
    const config = await at.engine.must("image", "inspect", "--format={{json .Config}}", IMAGE);
    const { Entrypoint, Labels } = JSON.parse(config) as {
      Entrypoint: string[];
      Labels: Record<string, string>;
    };
    expect(Entrypoint).toEqual(["/wasm-init", "--"]);
    const label = (name: string) => Labels[`org.opencontainers.image.${name}`];
    expect(label("title")).toBe("wasm-init");
    expect(label("description")).toMatch(/init/);
    expect(label("source")).toMatch(/^https:\/\//);
    expect(label("version")).toBe(version);
    expect(label("revision")).toBe(REVISION);
    expect(label("licenses")).toBe("MIT");
  });

  claim("keeps nothing of how packages were fetched", async (at) => {
    const history = await at.engine.must("history", "--no-trunc", IMAGE);
    const { text } = await saved(at);
    for (const said of [history, text]) {
      expect(said).toContain("wasm-init");
      expect(said).not.toMatch(/npm_config|NODE_EXTRA|ca-certificates/);
      expect(said).not.toContain(registry);
    }
  });

  claim("runs a command, and answers to every name", async ({ engine }) => {
    const mount = ["--volume", `${probeProgram()}:/probe:ro`];
    const container = engine.run(IMAGE, mount, "/probe", "say:hello", "exit:7");
    expect(await container.finished()).toMatchObject({ status: 7, stderr: "" });
    expect(container.stdout.text).toContain("hello");
    for (const [link, says] of [
      ["tini", /^tini version /],
      ["docker-init", /^tini version /],
      ["dumb-init", /^dumb-init v/],
      ["catatonit", /_catatonit \(wasm-init /],
    ] as const) {
      const named = engine.run(IMAGE, ["--entrypoint", `/${link}`], "--version");
      const { stdout, stderr } = await named.finished();
      expect(stdout + stderr).toMatch(says);
    }
  });

  claim(
    "installs and builds nothing anew when a test changes",
    async (at) => {
      appendFileSync(join(checkout, "test/core/options.test.ts"), "\n");
      const steps = stepsOf(await build(at));
      const cached = (what: RegExp) => steps.find(({ text }) => what.test(text))?.cached;
      expect(cached(/^RUN apt-get/)).toBe(true);
      expect(cached(/^RUN node tools\/setup\/setup/)).toBe(true);
      expect(cached(/^RUN npm run build/)).toBe(true);
      expect(cached(/^COPY \. \./)).toBe(false);
      expect(cached(/^RUN .*vitest/)).toBe(false);
    },
    HOOK_MS,
  );
});
