/** The same events through the core that the static binary has, and its actions beside Node's. */
import { execFileSync } from "node:child_process";
import { ActionKind, ARGUMENT_CAPACITY } from "../../assembly/abi";
import type { Action } from "../../host/wasm/core.ts";
import { coreDriverProgram } from "../support/core-driver.ts";
import type { Handled } from "../../replay/trace/drive.ts";

/**
 * Feeds runs to the native core, one after the other, and returns for each run the lines that
 * the driver prints for it: for each event a count, then the actions. The words that start the
 * driver are this machine's, or another architecture's under an emulator.
 */
export function nativeLines(
  runs: readonly (readonly Handled[])[],
  [program = "", ...words]: readonly string[] = [coreDriverProgram()],
): string[][] {
  const input = runs.map((run) => `R\n${run.map(eventText).join("")}`).join("");
  const output = execFileSync(program, words, { input, maxBuffer: 1 << 28, encoding: "utf8" });
  const lines = output.split("\n");
  return runs.map((run) => run.flatMap(() => takeEvent(lines)));
}

/** The lines that the driver would print if it did as Node did. */
export function expectedLines(run: readonly Handled[]): string[] {
  return run.flatMap(({ actions }) => [String(actions.length), ...actions.map(actionText)]);
}

/** One event's lines, taken off the front. */
function takeEvent(lines: string[]): string[] {
  const count = Number(lines[0]);
  return lines.splice(0, Number.isNaN(count) ? 1 : count + 1);
}

function eventText({ event, now }: Handled): string {
  const { kind, signal = 0, code = 0, pid = 0, uid = 0, low = 0, high = 0, bytes = "" } = event;
  const argument = Buffer.from(bytes).subarray(0, ARGUMENT_CAPACITY).toString("hex");
  return `E ${[kind, bits(now), signal, code, pid, uid, low, high, argument].join(" ")}\n`;
}

/** A double as the hexadecimal number that has the same bits. */
function bits(number: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number);
  return view.getBigUint64(0).toString(16);
}

function actionText(action: Action): string {
  const { kind, a, b, c, d, e } = action;
  const numbers = [kind, a, b, c, d, e].join(" ");
  switch (kind) {
    case ActionKind.ReadVariable:
    case ActionKind.HideVariable:
      return `${numbers} ${Buffer.from(action.name).toString("hex")}`;
    case ActionKind.Write:
      return `${numbers} ${Buffer.from(action.bytes).toString("hex")}`;
    default:
      return numbers;
  }
}
