import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import { builtinModules } from "node:module";
import ts from "typescript-eslint";

/** Node's own modules, by either name. */
const node = { regex: `^(node:|(${builtinModules.join("|")})(/|$))` };

/**
 * A folder is a boundary: what its files may not import, and why.
 * @param {string} files
 * @param {string} why
 * @param {...(string | { regex: string })} folders by relative paths, or Node's modules
 * @returns {import("eslint").Linter.Config}
 */
const boundary = (files, why, ...folders) => ({
  files: [files],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: folders.map((folder) => ({
          ...(typeof folder === "string" ? { regex: `^\\.\\.?/(.*/)?${folder}/` } : folder),
          message: why,
        })),
      },
    ],
  },
});
const outside = ["tools", "bench", "test"];

export default defineConfig(
  globalIgnores(["build/", "host/node/addon/build/", "node_modules/"]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  ts.configs.recommended,
  {
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      // TypeScript knows the globals, of Node and of AssemblyScript alike.
      "no-undef": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  {
    // Promises are where a mistake stays unseen: these rules need the types.
    files: ["{tools,bench,host,replay,test}/**/*.ts", "*.ts"],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      // A default says that the rest was thought of.
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    // A test that is left out, or the only one that runs, is a mistake.
    files: ["test/**/*.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        ...["test", "it", "describe"].flatMap((object) =>
          ["only", "skip", "todo"].map((property) => ({ object, property })),
        ),
      ],
    },
  },
  // assembly <- host/wasm <- host/node and replay, each of which does without the other.
  boundary(
    "assembly/**/*.ts",
    "The core imports nothing but itself.",
    ...[...outside, "host", "replay", node],
  ),
  boundary(
    "host/wasm/**/*.ts",
    "This runs in any JavaScript engine, under any host.",
    ...[...outside, "node", "npm", "replay", node],
  ),
  boundary("host/node/**/*.ts", "The host does without the tools.", ...outside, "replay"),
  boundary(
    "replay/{*,trace/**/*,explore/**/*}.ts",
    "This runs in browsers: only replay/cli/ makes system calls.",
    ...[...outside, "host/node", "host/npm", "cli", node],
  ),
  boundary(
    "replay/cli/**/*.ts",
    "Traces are read where there is no host, too.",
    ...[...outside, "host/node", "host/npm"],
  ),
  {
    // AssemblyScript is TypeScript to the parser, but its types are machine types: == compares
    // without converting.
    files: ["assembly/**/*.ts"],
    rules: {
      eqeqeq: "off",
    },
  },
);
