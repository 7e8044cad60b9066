// The programs that build images from a Dockerfile, each in an engine that then runs them.
import { Docker, whyNoDocker } from "./docker.ts";
import { whyNoTools } from "./engine.ts";
import type { Engine } from "./engine.ts";
import { Podman, whyNoPodman } from "./podman.ts";

/** A build that fetches packages, compiles and runs tests. */
const PATIENCE_MS = 900_000;

export interface OpenBuilder {
  readonly engine: Engine;
  /** Builds an image, and returns all that the builder said. */
  build(...args: string[]): Promise<string>;
}

export interface Builder {
  readonly name: string;
  whyAbsent(): string | undefined;
  open(): Promise<OpenBuilder>;
}

/** A step of a build, as its log tells of it. */
export interface Step {
  readonly text: string;
  readonly cached: boolean;
}

async function openPodman(...words: string[]): Promise<OpenBuilder> {
  const engine = new Podman();
  const options = ["--layers", "--format=docker", "--pull=never"];
  const build = (...args: string[]) => engine.tool(PATIENCE_MS, ...words, ...options, ...args);
  return Promise.resolve({ engine, build });
}

export const builders: readonly Builder[] = [
  {
    name: "podman build",
    whyAbsent: whyNoPodman,
    open: () => openPodman("podman", "build"),
  },
  {
    name: "buildah bud",
    whyAbsent: () => whyNoPodman() ?? whyNoTools("buildah"),
    open: () => openPodman("buildah", "bud"),
  },
  {
    name: "docker build",
    whyAbsent: whyNoDocker,
    open: async () => {
      const engine = new Docker("/usr/bin/docker-init");
      await engine.ready();
      return { engine, build: (...args) => engine.build(PATIENCE_MS, ...args) };
    },
  },
];

/** The steps of a build's log: podman's and buildah's, or BuildKit's plain one. */
export function stepsOf(log: string): Step[] {
  const kit = [...log.matchAll(/^(#\d+) \[[^\]]*\d+\/\d+\] (.*)/gm)];
  if (kit.length > 0) {
    const cached = new Set([...log.matchAll(/^(#\d+) CACHED$/gm)].map(([, id]) => id));
    return kit.map(([, id, text = ""]) => ({ text, cached: cached.has(id) }));
  }
  const steps = log.split(/^(?:\[\d+\/\d+\] )?STEP \d+\/\d+: /m).slice(1);
  return steps.map((step) => ({
    text: step.split("\n")[0] ?? "",
    cached: /^--> Using cache /m.test(step),
  }));
}
