/** Says in what two builds of the same file, or two lists of names, differ. */

/** What is said of two things that do not differ. */
export const IDENTICAL = "identical";

/** Sections of a Wasm file by their id: WebAssembly Core Specification, Binary Format, Modules. */
const sectionNames = [
  ...["custom", "type", "import", "function", "table", "memory", "global", "export", "start"],
  ...["element", "code", "data", "data count", "tag"],
];

/** The contents of a Wasm file's sections, by their names; sections of one name are joined. */
function sectionsOf(wasm: Uint8Array): Map<string, Buffer> {
  const sections = new Map<string, Buffer>();
  // After the magic number and the version.
  let at = 8;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++];
      if (byte === undefined) throw new Error("a Wasm file ends within a section's header");
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < wasm.length) {
    const id = number();
    const length = number();
    const name = sectionNames[id] ?? `section ${id}`;
    const contents = wasm.subarray(at, at + length);
    sections.set(name, Buffer.concat([sections.get(name) ?? Buffer.of(), contents]));
    at += length;
  }
  return sections;
}

/** Names the sections in which two Wasm files differ. */
export function wasmDifference(before: Uint8Array, after: Uint8Array): string {
  if (Buffer.compare(before, after) === 0) return IDENTICAL;
  const old = sectionsOf(before);
  const present = sectionsOf(after);
  const names = sectionNames.filter((name) => {
    const [one, other] = [old.get(name), present.get(name)];
    return one === undefined || other === undefined ? one !== other : !one.equals(other);
  });
  const sizes = `${before.length} bytes before, ${after.length} after`;
  return `differs in ${names.map((name) => `the ${name} section`).join(", ")} (${sizes})`;
}

/** Counts the bytes in which two binaries differ, and tells whether only the core's sha256 does. */
export function binaryDifference(
  before: Uint8Array,
  after: Uint8Array,
  digests: { before: Uint8Array; after: Uint8Array },
): string {
  if (Buffer.compare(before, after) === 0) return IDENTICAL;
  if (before.length !== after.length)
    return `differs in its size (${before.length} bytes before, ${after.length} after)`;
  const blank = (binary: Uint8Array, digest: Uint8Array): Buffer => {
    const copy = Buffer.from(binary);
    for (let at = 0; (at = copy.indexOf(digest, at)) >= 0;) copy.fill(0, at, at + digest.length);
    return copy;
  };
  if (blank(before, digests.before).equals(blank(after, digests.after)))
    return "differs in the core's sha256 alone";
  const count = before.reduce((sum, byte, at) => sum + (byte === after[at] ? 0 : 1), 0);
  return `differs in ${count} of ${before.length} bytes`;
}

/** Names that only one of two lists has, as often as it has them more often than the other. */
export function listDifference(
  before: readonly string[],
  after: readonly string[],
): { removed: string[]; added: string[] } {
  const without = (list: readonly string[], other: readonly string[]): string[] => {
    const counts = new Map<string, number>();
    for (const name of other) counts.set(name, (counts.get(name) ?? 0) + 1);
    return list.filter((name) => {
      const count = counts.get(name) ?? 0;
      counts.set(name, count - 1);
      return count <= 0;
    });
  };
  return { removed: without(before, after), added: without(after, before) };
}
