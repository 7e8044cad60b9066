// The init gives up what it does not need; the command never notices.
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, vi } from "vitest";
import { after, hostUnderTest } from "../support/host.ts";
import { launched, root } from "../support/paths.ts";
import { confined } from "../support/profiles.ts";
import { POSITIONS } from "../support/scenario.ts";
import { statusField } from "../support/proc.ts";
import { describe, expect, test } from "../support/system-test.ts";
import { asContainer } from "../support/terminal.ts";
import { eventually } from "../support/wait.ts";

const FILTERED = "2";
/** Capabilities that may stay in effect: CAP_KILL and CAP_SYS_PTRACE. */
const KEPT = (1n << 5n) | (1n << 19n);
const FENCE = 64;
const FIELDS = ["Seccomp", "NoNewPrivs", "CapEff", "CapPrm", "CapInh", "CapBnd"];

function privileges(pid: number): Record<string, string | undefined> {
  return Object.fromEntries(FIELDS.map((field) => [field, statusField(pid, field)]));
}

describe.each(POSITIONS)("as %s", (position) => {
  const pid1 = position === "PID 1";

  for (const when of ["on", "auto"]) {
    test(`--sandbox=${when} leaves the init a filter and at most KILL and SYS_PTRACE`, async ({
      lab,
    }) => {
      const init = await lab.listening({ pid1, options: [`--sandbox=${when}`] });
      const pid = await init.pid();
      await eventually("the filter is there", () => statusField(pid, "Seccomp") === FILTERED);
      const { CapEff, CapInh, CapPrm, NoNewPrivs } = privileges(pid);
      const own = privileges(process.pid);
      expect({ CapEff, CapInh, CapPrm, NoNewPrivs }).toEqual({
        CapEff: (BigInt(`0x${own.CapEff ?? "0"}`) & KEPT).toString(16).padStart(16, "0"),
        CapInh: "0".repeat(16),
        CapPrm: own.CapPrm,
        NoNewPrivs: "1",
      });
      // The command has all that the test itself has.
      const { pid: inner } = await init.event("listening");
      expect(privileges(await init.outerPid(inner))).toEqual(privileges(process.pid));
      await init.signal(10);
      await init.received(10);
      await init.signal(15);
      await init.received(15);
      await lab.endTheRest();
    });
  }

  for (const when of ["on", "auto", "off"]) {
    test(`--sandbox=${when} leaves it to the command to be traced, at any time`, async ({
      lab,
    }) => {
      const options = [`--sandbox=${when}`];
      const steps = ["listen:64", "traced", "say:traced", "exit:7"];
      const init = lab.probeUnder({ pid1, options }, ...steps);
      await init.event("listening");
      const pid = await init.pid();
      if (when !== "off")
        await eventually("the filter is there", () => statusField(pid, "Seccomp") === FILTERED);
      await init.signal(64);
      expect(await init.finished()).toMatchObject({ status: 7, stderr: "" });
    });
  }

  test("--sandbox=on drains all the same", async ({ lab }) => {
    const init = lab.probeUnder(
      { pid1, options: ["--sandbox=on", "--drain=10s"] },
      ...["session{", "pause", "}", "exit:7"],
    );
    expect(await init.finished()).toMatchObject({ status: 7, stderr: "" });
  });

  test("--sandbox=on reaps and forwards all the same, payloads too", async ({ lab }) => {
    const init = lab.probeUnder(
      { pid1, options: ["--sandbox=on"] },
      ...["block:all", "orphans:200", "send:parent:10", "send:parent:34:5"],
      ...[`send:parent:${FENCE}`, `listen:${FENCE}`, "exit:7"],
    );
    expect(await init.finished()).toMatchObject({ status: 7, stderr: "" });
    const seen = init.signals().filter(({ signal }) => signal !== 17);
    expect(seen.map(({ signal }) => signal)).toEqual([10, 34, FENCE]);
  });
});

test("--sandbox=on records all the same", async ({ lab }) => {
  const file = `${lab.folder}/trace`;
  const init = lab.probeUnder(
    { options: ["--sandbox=on", "--record", file, "--record-limit=64K"] },
    ...["orphans:400", "exit:7"],
  );
  expect(await init.finished()).toMatchObject({ status: 7, stderr: "" });
  expect(readFileSync(file).toString("latin1")).toMatch(/^WITRACE/);
});

test("a call that the filter forbids fails with one warning, and the init goes on", async ({
  lab,
}) => {
  const init = lab.probeUnder(
    {
      host: hostUnderTest(`${root}build/wasm-init-trap`),
      options: ["--sandbox=on"],
      env: { FORBIDDEN_CALL: "1" },
    },
    ...["orphans:5", "listen:64", "exit:7"],
  );
  await init.stderr.line(/Operation not permitted/);
  await init.event("listening");
  await init.signal(64);
  const { status, stderr } = await init.finished();
  expect(status).toBe(7);
  expect(stderr).toMatch(/^wasm-init: [^\n]*: Operation not permitted\n$/);
});

describe("a suite's WASM_INIT_OPTIONS", () => {
  beforeEach(() => void vi.stubEnv("WASM_INIT_OPTIONS", "--sandbox=on"));
  afterEach(() => void vi.unstubAllEnvs());
  // Where there is no sandbox, only an init that insists on it refuses.
  const words = confined("deny", 38, ["seccomp"]);

  test("sandbox an init that a lab starts", async ({ lab }) => {
    const init = lab.start({ host: after(words), command: ["echo", "started"] });
    const { status, stdout, stderr } = await init.finished();
    expect({ status, stdout }).toEqual({ status: 125, stdout: "" });
    expect(stderr).toMatch(/--sandbox=on/);
  });

  test("sandbox an init on a terminal", async ({ lab }) => {
    const terminal = asContainer(lab, ...words, ...launched, "echo", "started");
    await terminal.shows(/--sandbox=on/);
    expect(await terminal.ended()).toMatchObject({ exitCode: 125 });
  });
});

test("the filter names no call that opens, runs or maps anything", () => {
  const source = readFileSync(`${root}host/shim/sandbox.c`, "utf8");
  const loop = [...source.matchAll(/__NR_(\w+), SANDBOX_LOOP/g)].map((match) => match[1]);
  expect(loop.filter((call) => /exec|fork|clone|^open|mmap|mount|socket/.test(call ?? ""))).toEqual(
    [],
  );
});
