// What npm run lint looks for beside the rest: files, exports and packages that nothing uses.
export default {
  entry: [
    "tools/*.mjs",
    // Run by their names.
    "tools/build/{addon,build,cross}.ts",
    "tools/check/{analyze,circles,dependencies,size}.ts",
    "tools/check/{compare/compare,coverage/coverage,fuzz/fuzz}.ts",
    "tools/release/{docs,npm,release}.ts",
    "bench/{bench,decisions,exploring,node-host,node-start,replay}.{ts,mjs}",
    "test/pid1/cluster-worker.mjs",
    // Bundled, compiled or packed.
    "assembly/index.ts",
    "host/node/{command,library,pid1/preload}.ts",
    "host/node/pid1/decisions.ts",
    "host/npm/install.mjs",
    "replay/cli/main.ts",
    "test/fuzz/traces.ts",
    // Where coverage is counted: vitest.config.ts.
    "test/support/hits.ts",
  ],
  project: ["**/*.{ts,mjs,js}"],
  // The core's names for what lies in other folders, or is generated.
  paths: {
    mailbox: ["assembly/memory/mailbox.ts"],
    state: ["assembly/memory/state.ts"],
    tables: ["assembly/options/tables.ts"],
    texts: ["assembly/messages.ts"],
  },
  // A type may be named for what an exported function takes.
  ignoreExportsUsedInFile: { interface: true, type: true },
  // Started as programs, or read from their folders.
  ignoreDependencies: ["clang-format", "node-addon-api", "node-gyp", "prettier", "tsx"],
  // Another bundle of the build.
  ignoreUnresolved: ["./pid1-deciding.cjs"],
  // Programs of the system are no packages; a 0 that says "none" is there for the reader.
  exclude: ["binaries", "enumMembers"],
};
