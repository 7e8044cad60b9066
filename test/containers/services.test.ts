// Real services, each in a container: started, used over loopback, and stopped.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { debianSystem } from "../support/debian-system.ts";
import type { Engine } from "../support/engine.ts";
import { root } from "../support/paths.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";
import { engines, isOurs } from "./inits/columns.ts";
import { services, ZOMBIES } from "./services/services.ts";
import type { First } from "./services/services.ts";

const IMAGE = "localhost/wasm-init-services";
const HOOK_MS = 600_000;
/** The engine's patience: much for what ends by itself, little for what is killed in the end. */
const [PATIENT_S, SHORT_S] = [60, 2];

/** A job that cron starts at once; it writes its own log, since cron mails what jobs print. */
const JOB = `#!/bin/sh
trap 'echo the job is put away >>/job/log; exit' TERM
(true &)
echo the job is up >>/job/log
while :; do sleep 0.02; done
`;

describe.each(engines)("in $name", ({ name: engineName, columns, whyAbsent, open }) => {
  let absent = whyAbsent();
  if (engineName !== "podman" && process.env.CI !== "true") {
    absent ??= `services run in ${engineName} with CI=true only`;
  }
  let engine: Engine | undefined;

  beforeAll(async () => {
    if (absent) return;
    const system = await debianSystem("services", "nginx-light", "postgresql-15", "cron");
    if ("why" in system) {
      absent = system.why;
      return;
    }
    engine = await open();
    await engine.import(system.path, IMAGE);
  }, HOOK_MS);
  afterAll(() => engine?.remove(), HOOK_MS);

  /** What cron needs in the container, and the file that its job writes. */
  const cron = (at: Engine, title: string) => {
    const folder = join(at.folder, title.replace(/\W+/g, "-"));
    mkdirSync(folder);
    writeFileSync(join(folder, "table"), "@reboot root /job/run\n");
    writeFileSync(join(folder, "run"), JOB, { mode: 0o755 });
    writeFileSync(join(folder, "log"), "");
    const mounts = ["--volume", `${folder}/table:/etc/cron.d/job:ro`, "--volume", `${folder}:/job`];
    return { mounts, log: () => readFileSync(join(folder, "log"), "utf8") };
  };

  const inits: { title: string; first: First; program?: string }[] = [
    ...columns.map((column) => ({
      title: `under ${column.title}`,
      first: isOurs(column) ? ("ours" as const) : ("own" as const),
      program: column.program,
    })),
    { title: "as PID 1", first: "none" },
  ];

  describe.each(inits)("$title", ({ title, first, program }) => {
    test.for(services.map((service) => [service.name, service] as const))(
      "%s is served, and stopped",
      { timeout: 180_000 },
      async ([name, service], { skip, task }) => {
        if (!engine) return skipLoudly({ skip, task }, absent ?? "it did not start");
        const { plan, options = [], command, ready, use, answer } = service;
        const { status, early, log = [], never } = service.ending[first];
        const { mounts, log: jobLog } = cron(engine, `${title} ${name}`);
        const container = engine.run(
          IMAGE,
          [
            ...(program === undefined ? [] : engine.init(program)),
            ...(plan === undefined ? [] : ["--env", `WASM_INIT_OPTIONS=${plan}`]),
            ...mounts,
            ...options,
          ],
          ...command,
        );
        const said = () => container.stdout.text + container.stderr.text + jobLog();
        await eventually(`${name} serves`, () => ready.every((it) => it.test(said())), 60_000);
        const used = await engine.inside(
          container.name,
          `exec bash -c '${use.replaceAll("'", `'\\''`)}'`,
        );
        expect(used.stdout).toMatch(answer);
        // Without an init it depends: nginx reaps, but not who ended before it was listening.
        if (first !== "none") await engine.insideAtLast(container.name, `! ${ZOMBIES}`);
        const begin = Date.now();
        const patience = early ? PATIENT_S : SHORT_S;
        await engine.must("stop", "--time", String(patience), container.name);
        const took = Date.now() - begin;
        const ended = await container.finished();
        for (const pattern of log) expect(said()).toMatch(pattern);
        if (never) expect(said()).not.toMatch(never);
        expect({ status: ended.status, early: took < patience * 1000 }).toEqual({ status, early });
      },
    );
  });
});

describe("the page", () => {
  const page = readFileSync(`${root}docs/containers.md`, "utf8");
  test.each(services.map(({ name }) => name))("says whether an init is needed: %s", (name) => {
    expect(page.includes(`\n| ${name} `)).toBe(true);
  });
});
