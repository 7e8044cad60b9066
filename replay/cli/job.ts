/** What the commands of the trace tool share: what each is given, and how it refuses. */
import type { Core } from "../../host/wasm/core.ts";
import type { Trace } from "../trace/format.ts";

/** A command line that can't be understood. */
export class UsageError extends Error {}

/** What a command is given. */
export interface Job {
  trace: Trace;
  /** The core to replay with, and whether it is the one that the trace is of. */
  core: Core;
  sameCore: boolean;
  options: Readonly<Record<string, string | true>>;
  file: string;
}
