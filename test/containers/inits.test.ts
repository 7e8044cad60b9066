// The same containers under our init and under the engine's own: podman's catatonit, docker's tini.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe } from "vitest";
import type { Engine } from "../support/engine.ts";
import { root } from "../support/paths.ts";
import { importSmallImage } from "../support/small-image.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";
import { engines, isOurs } from "./inits/columns.ts";
import { reasons } from "./inits/reasons.ts";
import { look, orphans, rows } from "./inits/rows.ts";

const IMAGE = "localhost/wasm-init-inits";

describe.each(engines)("$name run --init", ({ columns, whyAbsent, open }) => {
  const absent = whyAbsent();
  let engine: Engine | undefined;

  beforeAll(async () => {
    if (absent) return;
    engine = await open();
    await importSmallImage(engine, IMAGE);
  });
  afterAll(() => engine?.remove());

  describe.each(columns)("with $title", (column) => {
    const many = isOurs(column) || process.env.CI === "true" ? 20_000 : 2_000;
    test.for([...rows, orphans(many)].map((row) => [row.name, row] as const))(
      "%s",
      async ([, row], { skip, task }) => {
        if (!engine) return skipLoudly({ skip, task }, absent ?? "it did not start");
        const but = row.but?.find(({ under }) => under.includes(column.name));
        const seen = await look(engine, IMAGE, engine.init(column.program), row);
        expect(seen).toMatchObject({ ...row.seen, ...but?.seen });
      },
    );
  });
});

describe("the page", () => {
  const page = readFileSync(`${root}docs/containers.md`, "utf8").replace(/ +/g, " ");
  const used = rows.flatMap(({ but = [] }) => but.map(({ reason }) => reason));

  test.each(Object.entries(reasons))("tells of the difference: %s", (reason, text) => {
    // Ctrl-Z is tried in terminal.test.ts.
    if (reason !== "stop signals left blocked") expect(used).toContain(reason);
    expect(page).toContain(`| ${text} |`);
  });
});
