// What the project needs from the system, which Debian package brings it, and how it gets there.
import { canInstall, install } from "./apt.mjs";
import { architectures, compilerOf } from "./architectures.mjs";
import { present } from "./paths.mjs";
import { say } from "./say.mjs";

/** @typedef {"build" | "addon" | "tests" | "terminals" | "browser" | "machines"} BuildingPurpose */
/** @typedef {BuildingPurpose | "containers" | "engines" | "releases" | "cross"} Purpose */

/**
 * @typedef {object} Tool
 * @property {string[]} anyOf programs or absolute paths, one of which is enough
 * @property {string[]} packages the Debian packages that bring it
 * @property {string} why what it is for
 */

/**
 * Purpose by purpose, the tools it takes. The binary is freestanding, so that the build needs a
 * compiler and the kernel's headers (which libc6-dev pulls in), and no C library.
 * @type {Record<Purpose, Tool[]>}
 */
const tools = {
  build: [
    { anyOf: ["gcc"], packages: ["gcc", "libc6-dev"], why: "compiles the static binary" },
    {
      anyOf: ["/usr/include/linux/prctl.h"],
      packages: ["libc6-dev"],
      why: "has the kernel's headers",
    },
  ],
  tests: [
    { anyOf: ["strace"], packages: ["strace"], why: "counts the init's system calls" },
    { anyOf: ["dumb-init"], packages: ["dumb-init"], why: "a peer to compare with" },
    { anyOf: ["tini"], packages: ["tini"], why: "a peer to compare with" },
    { anyOf: ["tini-static"], packages: ["tini"], why: "a peer to compare with" },
    { anyOf: ["catatonit"], packages: ["catatonit"], why: "a peer to compare with" },
    { anyOf: ["musl-gcc"], packages: ["musl-tools"], why: "compiles small static test programs" },
    { anyOf: ["unshare"], packages: ["util-linux"], why: "makes a real PID 1" },
    { anyOf: ["script"], packages: ["bsdutils"], why: "gives a command a terminal" },
    { anyOf: ["ps"], packages: ["procps"], why: "shows processes" },
    { anyOf: ["bash"], packages: ["bash"], why: "a shell with job control" },
    { anyOf: ["dash"], packages: ["dash"], why: "Debian's /bin/sh" },
    { anyOf: ["cppcheck"], packages: ["cppcheck"], why: "looks for mistakes in our C" },
  ],
  addon: addonTools("the Node addon"),
  terminals: addonTools("node-pty"),
  browser: [{ anyOf: ["chromium"], packages: ["chromium"], why: "runs the core in a browser" }],
  containers: [
    { anyOf: ["podman"], packages: ["podman"], why: "runs containers" },
    { anyOf: ["runc"], packages: ["runc"], why: "runs containers under any layout of cgroups" },
    { anyOf: ["busybox"], packages: ["busybox-static"], why: "the programs inside an image" },
  ],
  engines: [
    { anyOf: ["dockerd"], packages: ["docker.io"], why: "runs containers as Docker does" },
    { anyOf: ["docker-compose"], packages: ["docker-compose"], why: "reads compose files" },
    { anyOf: ["buildah"], packages: ["buildah"], why: "builds images" },
    { anyOf: ["mmdebstrap"], packages: ["mmdebstrap"], why: "makes a Debian system for images" },
  ],
  machines: [
    { anyOf: ["cppcheck"], packages: ["cppcheck"], why: "looks for mistakes in our C" },
    { anyOf: ["clang-tidy"], packages: ["clang-tidy"], why: "looks for mistakes in our C" },
    { anyOf: ["clang"], packages: ["clang", "libclang-rt-dev"], why: "builds the fuzzers" },
    { anyOf: ["valgrind"], packages: ["valgrind"], why: "sees what memory is read and written" },
  ],
  releases: [
    { anyOf: ["dpkg-deb"], packages: ["dpkg"], why: "makes Debian packages" },
    { anyOf: ["lintian"], packages: ["lintian"], why: "looks for mistakes in them" },
    { anyOf: ["faketime"], packages: ["faketime"], why: "makes a release at another time" },
    { anyOf: ["man"], packages: ["man-db"], why: "reads the man page" },
    { anyOf: ["mandoc"], packages: ["mandoc"], why: "looks for mistakes in it" },
    { anyOf: ["groff"], packages: ["groff-base"], why: "looks for mistakes in it" },
    { anyOf: ["zsh"], packages: ["zsh"], why: "a shell to complete in" },
    { anyOf: ["fish"], packages: ["fish"], why: "a shell to complete in" },
  ],
  cross: [
    ...crossTools(architectures),
    {
      anyOf: architectures.map(({ emulator }) => emulator),
      packages: ["qemu-user-static"],
      why: "runs the binaries of other architectures",
    },
  ],
};

/**
 * What node-gyp takes.
 * @param {string} what what it compiles
 * @returns {Tool[]}
 */
function addonTools(what) {
  return [
    { anyOf: ["g++"], packages: ["g++"], why: `compiles ${what}` },
    { anyOf: ["make"], packages: ["make"], why: `compiles ${what}` },
    { anyOf: ["python3"], packages: ["python3"], why: `runs node-gyp, which compiles ${what}` },
  ];
}

/**
 * What it takes to build for some architectures.
 * @param {readonly import("./architectures.mjs").Architecture[]} wanted
 * @returns {Tool[]}
 */
function crossTools(wanted) {
  return wanted.map((architecture) => ({
    anyOf: [compilerOf(architecture)],
    packages: architecture.packages,
    why: `compiles for ${architecture.name}`,
  }));
}

/**
 * Lists the tools of some purposes that this machine lacks.
 * @param {Purpose[]} purposes
 */
export function missing(purposes) {
  return purposes.flatMap((purpose) => tools[purpose]).filter(({ anyOf }) => !anyOf.some(present));
}

/**
 * Installs what is missing, if this user on this system can.
 * @param {Purpose[]} purposes
 * @returns {boolean} whether everything is there now; if not, a line on stderr has said what is not
 */
export function installTools(purposes) {
  return installAll(() => missing(purposes));
}

/**
 * Installs the compilers of some architectures, in the same way.
 * @param {readonly import("./architectures.mjs").Architecture[]} wanted
 */
export function installCross(wanted) {
  return installAll(() => crossTools(wanted).filter(({ anyOf }) => !anyOf.some(present)));
}

/** @param {() => Tool[]} find what is missing now */
function installAll(find) {
  let lacking = find();
  if (lacking.length === 0) return true;
  if (canInstall()) {
    install(packagesOf(lacking));
    lacking = find();
    if (lacking.length === 0) return true;
  }
  const names = lacking.map(({ anyOf }) => anyOf[0]).join(", ");
  say(`missing ${names}: install with: apt-get install ${packagesOf(lacking).join(" ")}`);
  return false;
}

/** @param {Tool[]} lacking */
function packagesOf(lacking) {
  return [...new Set(lacking.flatMap(({ packages }) => packages))];
}
