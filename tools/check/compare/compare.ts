/**
 * npm run compare -- COMMIT: tells whether a refactoring has changed what is built.
 *
 * Builds COMMIT, in a temporary folder, and this checkout as it is, each by its own set-up. Then it
 * compares the release core, the static binary of each architecture, what the two cores do with the
 * same events (see runs.ts), and the names of the tests. A line for each comparison; exit status 1 if
 * anything differs, 2 for a COMMIT that is none,
 * 125 where one of the two can't be built or asked.
 */
import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { architectures, binaryOf } from "../../setup/architectures.mjs";
import { buildAll, checkOut, commitNamed, coreOf, testNames } from "./checkout.ts";
import { binaryDifference, IDENTICAL, listDifference, wasmDifference } from "./differences.ts";
import { runsDifference } from "./runs.ts";

let differs = false;

function print(what: string, difference: string): void {
  if (!difference.endsWith(IDENTICAL)) differs = true;
  process.stdout.write(`${what}: ${difference}\n`);
}

async function compare(before: string, after: string): Promise<void> {
  // This one first: the other may use its packages, and what is compiled in them.
  buildAll(after);
  buildAll(before);
  const read = (file: string) => [before, after].map((root) => readFileSync(join(root, file)));
  const [old, present] = read("build/core.wasm") as [Buffer, Buffer];
  print("core.wasm", wasmDifference(old, present));
  const sha256 = (core: Buffer) => createHash("sha256").update(core).digest();
  const digests = { before: sha256(old), after: sha256(present) };
  for (const architecture of architectures) {
    const file = binaryOf(architecture);
    const [one, other] = read(file) as [Buffer, Buffer];
    print(file.replace("build/", ""), binaryDifference(one, other, digests));
  }
  print("traces", runsDifference(await coreOf(before), await coreOf(after)));
  const names = testNames(after);
  const { removed, added } = listDifference(testNames(before), names);
  const changed = removed.length + added.length > 0;
  const counts = changed ? `${removed.length} removed, ${added.length} added` : IDENTICAL;
  print("test names", `${names.length}, ${counts}`);
  for (const name of removed) process.stdout.write(`  - ${name}\n`);
  for (const name of added) process.stdout.write(`  + ${name}\n`);
}

const [word, ...rest] = process.argv.slice(2);
if (word === undefined || rest.length > 0) {
  process.stderr.write("wasm-init: compare: expected one commit: npm run compare -- COMMIT\n");
  process.exit(2);
}
let commit: string;
try {
  commit = commitNamed(word);
} catch {
  process.stderr.write(`wasm-init: compare: '${word}' is not a commit of this repository\n`);
  process.exit(2);
}
// The step that runs is interrupted, too, and its failure leads to the clean-up.
process.on("SIGINT", () => {});
const folder = checkOut(commit);
try {
  await compare(folder, process.cwd());
  process.exitCode = differs ? 1 : 0;
} catch (error) {
  // The step has said on stderr what is wrong.
  process.stderr.write(`wasm-init: compare: ${(error as Error).message}\n`);
  process.exitCode = 125;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
