// --log json: one object a line.
import { inBothPositions } from "../support/positions.ts";
import { theOnlyLine } from "../support/lines.ts";
import { describe, expect, test } from "../support/system-test.ts";
import { TERM, USR1 } from "../support/signals.ts";

interface Entry {
  ms: number;
  event: string;
  action?: string;
  pid?: number;
  signal?: string;
  message: string;
}

const entries = (lines: string[]) => lines.map((line) => JSON.parse(line) as Entry);

inBothPositions((claim) => {
  claim("--log json says each step with its fields", async ({ probe }) => {
    const options = ["-vv", "--log", "json", "-k", "TERM:30ms,none:10ms,KILL", "-d"];
    const init = probe(options, "report", "listen");
    await init.event("listening");
    const { pid } = await init.event("report");
    await init.signal(USR1);
    await init.received(USR1);
    await init.signal(TERM);
    expect((await init.finished()).status).toBe(137);

    const log = entries(init.stderr.lines);
    expect(init.stderr.text.endsWith("\n")).toBe(true);
    for (const entry of log) {
      expect(Object.keys(entry).filter((key) => !KEYS.includes(key))).toEqual([]);
      expect(Number.isInteger(entry.ms)).toBe(true);
      expect(entry.event).toMatch(/^[A-Z][A-Za-z]+$/);
      expect(entry.message).not.toBe("");
    }
    const times = log.map((entry) => entry.ms);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(log).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ event: "Spawned", action: "Spawn", pid }),
        expect.objectContaining({ event: "SignalReceived", signal: "USR1" }),
        expect.objectContaining({
          event: "SignalReceived",
          action: "SendSignal",
          signal: "USR1",
          pid,
        }),
        expect.objectContaining({
          event: "SignalReceived",
          action: "SendSignal",
          signal: "TERM",
          pid,
        }),
        expect.objectContaining({ event: "DeadlineReached", action: "SetDeadline" }),
        expect.objectContaining({
          event: "DeadlineReached",
          action: "SendSignal",
          signal: "KILL",
          pid,
        }),
        expect.objectContaining({ event: "ChildExited", action: "Reap", signal: "KILL", pid }),
      ]),
    );
    const at = (signal: string) => log.find((it) => it.action && it.signal === signal)?.ms ?? NaN;
    expect(at("KILL") - at("TERM")).toBeGreaterThanOrEqual(40);
  });

  claim("--log json names real-time signals", async ({ probe }) => {
    const init = probe(["-vv", "--log=json"], "listen:36", "exit:0");
    await init.event("listening");
    await init.signal(36);
    await init.finished();
    expect(entries(init.stderr.lines).map((it) => it.signal)).toContain("RTMIN+2");
  });

  claim("--log text speaks text, as without the option", async ({ probe }) => {
    for (const options of [["-v", "--log", "json", "--log", "text"], ["-v"]]) {
      const init = probe(options, "exit:3");
      await init.finished();
      expect(init.stderr.lines.length).toBe(2);
      for (const line of init.stderr.lines) expect(line).toMatch(/^wasm-init: /);
    }
  });
});

const KEYS = ["ms", "event", "action", "pid", "signal", "message"];

describe("a line of --log json parses", () => {
  const words = [
    '"',
    "\\",
    "\\u0041",
    "%0a",
    "%1b[1m",
    "%ff%fe",
    "a%00b",
    "%7f",
    "é",
    "🐳",
    "'",
    "</",
  ];
  for (const word of words) {
    test(`with ${JSON.stringify(word)} in an option and in a command`, async ({ lab }) => {
      const option = ["--log", "json", `--no-such${word}`];
      const command = [`/no/such/${word}`];
      for (const words of [
        [...option, "true"],
        ["--log", "json", "--", ...command],
      ]) {
        const init = lab.start({ args: words, escaped: true });
        await init.finished();
        const [entry] = entries([theOnlyLine(init.stderr.text)]);
        expect(entry).toMatchObject({ message: expect.stringContaining("such") as string });
      }
    });
  }
});
