// --explain: the policy as a table, before anything is started.
// May not know: events, phases.

import { print, STDOUT } from "./log";
import { Text } from "texts";

/** Prints what would happen. */
export function explain(): void {
  print(STDOUT, Text.helpOwn);
}
