// The architectures that the binary is built for, in Debian's names, and who compiles each.

/**
 * @typedef {object} Architecture
 * @property {string} name Debian's name: the only spelling that files and options know
 * @property {string} triplet Debian's GNU triplet, from which the compiler has its name
 * @property {string[]} packages the Debian packages of the cross compiler and the kernel's headers
 * @property {string} emulator qemu's emulator of one program
 */

/**
 * @param {string} name
 * @param {string} triplet
 * @param {string} emulated qemu's name of the processor
 * @returns {Architecture}
 */
function architecture(name, triplet, emulated) {
  const packages = [`gcc-${triplet.replace("_", "-")}`, `linux-libc-dev-${name}-cross`];
  return { name, triplet, packages, emulator: `qemu-${emulated}-static` };
}

/** @type {readonly Architecture[]} */
export const architectures = [
  architecture("amd64", "x86_64-linux-gnu", "x86_64"),
  architecture("arm64", "aarch64-linux-gnu", "aarch64"),
  architecture("armhf", "arm-linux-gnueabihf", "arm"),
  architecture("i386", "i686-linux-gnu", "i386"),
  architecture("ppc64el", "powerpc64le-linux-gnu", "ppc64le"),
  architecture("s390x", "s390x-linux-gnu", "s390x"),
  architecture("riscv64", "riscv64-linux-gnu", "riscv64"),
];

/** @type {Record<string, string>} */
const debianNames = { x64: "amd64", ia32: "i386", arm: "armhf", ppc64: "ppc64el" };

/** This machine's architecture. */
export const ownArchitecture = debianNames[process.arch] ?? process.arch;

/**
 * The compiler for an architecture: on that very architecture, the machine's own.
 * @param {Architecture} architecture
 */
export function compilerOf({ name, triplet }) {
  return name === ownArchitecture ? "gcc" : `${triplet}-gcc`;
}

/**
 * The file of an architecture's binary, relative to the checkout.
 * @param {Architecture} architecture
 */
export function binaryOf({ name }) {
  return `build/wasm-init-linux-${name}`;
}

/**
 * Those that a word names: one, or `all`; none if it names none.
 * @param {string} word
 */
export function architecturesNamed(word) {
  return architectures.filter(({ name }) => word === "all" || word === name);
}
