// The set-up's voice: short lines on stderr, since stdout may belong to somebody's command.
import { writeSync } from "node:fs";

/**
 * Says one line on stderr, under the project's name.
 * @param {string} line
 */
export function say(line) {
  write(`wasm-init: ${line}\n`);
}

/**
 * Writes text to stderr. A stderr that is closed or full is no reason to fail.
 * @param {string} text
 */
export function write(text) {
  try {
    writeSync(2, text);
  } catch {
    // Nobody listens.
  }
}
