/**
 * The words of a tool's command line that say which of its parts to run, all of them if there is
 * none. Ends the process with 2 and one line for a word that is no part.
 */
export function asked<T extends string>(parts: readonly T[]): T[] {
  const words = process.argv.slice(2);
  const odd = words.find((word) => !(parts as readonly string[]).includes(word));
  if (odd !== undefined) {
    process.stderr.write(`'${odd}' is not a part: expected ${parts.join(", ")}\n`);
    process.exit(2);
  }
  return parts.filter((part) => words.length === 0 || words.includes(part));
}
