/**
 * Makes the npm package, build/wasm-init-VERSION.tgz or in another folder.
 *
 *   tsx tools/release/npm.ts [ARCH|all [FOLDER]]
 *
 * Everything in it has been built before: the binaries, of these architectures, and the addon, of
 * this machine's.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { architecturesNamed, binaryOf, ownArchitecture } from "../setup/architectures.mjs";
import { declarations } from "./declarations";
import { put as putFile } from "./files";

/** Where the package is put together: others may be at it, too. */
const folder = `build/npm-${process.pid}`;

interface Manifest {
  name: string;
  version: string;
  description: string;
  license: string;
  type: string;
  engines: object;
  os: string[];
  /** The sources of the types, and the bundles. */
  exports: Record<string, { types: string; require?: string; default: string }>;
}

const root = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;

/** Puts a file into the package. */
function put(path: string, bytes: string | Uint8Array, mode?: number): void {
  putFile(join(folder, path), bytes, mode);
}

/** Where a bundle of build/ stands in the package. */
function placeOf(bundle: string): string {
  return `./lib/${basename(bundle)}`;
}

/** The package's own description of itself: no scripts and no packages of the checkout's. */
function manifest(): string {
  const exported = Object.entries(root.exports).map(([name, { default: bundle, require }]) => {
    const place = placeOf(bundle);
    const older = require === undefined ? {} : { require: placeOf(require) };
    return [name, { types: place.replace(/\.mjs$/, ".d.ts"), ...older, default: place }];
  });
  const { name, version, description, license, type, engines, os } = root;
  const described = {
    ...{ name, version, description, license, type, engines, os },
    keywords: ["init", "pid1", "container", "docker", "signals", "zombie", "dumb-init", "tini"],
    bin: {
      "wasm-init": "bin/wasm-init",
      "wasm-init-node": "lib/wasm-init.mjs",
      "wasm-init-trace": "lib/wasm-init-trace.mjs",
    },
    exports: {
      ...Object.fromEntries(exported),
      "./core.wasm": "./lib/core.wasm",
      "./package.json": "./package.json",
    },
    files: ["bin", "host", "install.mjs", "lib", "prebuilt"],
    scripts: { install: "node install.mjs" },
  };
  return `${JSON.stringify(described, null, 2)}\n`;
}

/** The addon's sources, with node-addon-api's headers beside them: there will be no packages. */
function addonSources(): void {
  const include = `"<!(node -p \\"require('node-addon-api').include_dir\\")"`;
  const gyp = readFileSync("host/node/addon/binding.gyp", "utf8");
  if (!gyp.includes(include)) throw new Error("binding.gyp does not say where napi.h is");
  put("host/node/addon/binding.gyp", gyp.replace(include, '"napi"'));
  const sources = [...gyp.matchAll(/"([\w./-]+\.(?:cc|c|S))"/g)].map(([, path = ""]) => path);
  for (const path of sources) copy(join("host/node/addon", path));
  for (const sub of ["host/node/addon", "host/shim"])
    for (const file of readdirSync(sub).sort()) if (file.endsWith(".h")) copy(join(sub, file));
  for (const file of ["napi.h", "napi-inl.h", "napi-inl.deprecated.h", "LICENSE.md"])
    put(`host/node/addon/napi/${file}`, readFileSync(`node_modules/node-addon-api/${file}`));
}

function copy(path: string, to = path, mode?: number): void {
  put(to, readFileSync(path), mode);
}

/** Fills the package's folder. */
function fill(word: string): void {
  put("package.json", manifest());
  copy("README.md");
  copy("LICENSE");
  copy("host/npm/install.mjs", "install.mjs");
  copy("host/npm/wasm-init.sh", "bin/wasm-init", 0o755);
  for (const architecture of architecturesNamed(word)) {
    const own = architecture.name === ownArchitecture;
    const place = `bin/${basename(binaryOf(architecture))}`;
    copy(own ? "build/wasm-init" : binaryOf(architecture), place, 0o755);
  }
  const bundles = Object.values(root.exports).flatMap(({ require, default: bundle }) =>
    require === undefined ? [bundle] : [bundle, require],
  );
  for (const bundle of [...bundles, "build/pid1-deciding.cjs", "build/core.wasm"])
    copy(bundle, placeOf(bundle));
  for (const tool of ["build/wasm-init.mjs", "build/wasm-init-trace.mjs"])
    copy(tool, placeOf(tool), 0o755);
  const sources = Object.values(root.exports).map(({ types }) => types);
  const texts = declarations(sources);
  for (const { types, default: bundle } of Object.values(root.exports))
    put(placeOf(bundle).replace(/\.mjs$/, ".d.ts"), texts.get(types) ?? "");
  copy("build/wasm-init.node", `prebuilt/linux-${process.arch}.node`);
  addonSources();
}

/** Makes the tarball: npm gives every file the same date. */
export function packageFor(word: string, destination = "build"): void {
  try {
    fill(word);
    mkdirSync(destination, { recursive: true });
    const args = ["pack", "--silent", "--offline", "--pack-destination", resolve(destination)];
    // Whoever makes it need not have a home: npm wants a cache even where nothing comes from it.
    const env = { ...process.env, npm_config_cache: resolve(`${folder}.cache`) };
    execFileSync("npm", args, { cwd: folder, env, stdio: ["ignore", "ignore", "inherit"] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(`${folder}.cache`, { recursive: true, force: true });
  }
}

if (process.argv[1]?.endsWith("npm.ts")) packageFor(process.argv[2] ?? "all", process.argv[3]);
