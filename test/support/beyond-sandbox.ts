// What an init in a sandbox does otherwise, where WASM_INIT_OPTIONS=--sandbox=on sandboxes those of
// whole suites. Each test that a row names is run all the same, and has to fail: one that passes has
// no place here.
interface Row {
  readonly why: string;
  /** By the file and the names that lead to it. */
  readonly test: RegExp;
}

const rows: readonly Row[] = [
  {
    why: "the sandbox is probed before the command is started, which is one event more",
    test: /^test\/replay\/recorder\.test\.ts > .* > with a command that can't be started$/,
  },
];

const isSandboxed = (process.env.WASM_INIT_OPTIONS ?? "").includes("--sandbox=on");

/** Whether a test is one that has to fail in a sandbox. */
export function beyondSandbox(name: string): boolean {
  return isSandboxed && rows.some(({ test }) => test.test(name));
}
