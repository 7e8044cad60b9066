import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import ts from "typescript-eslint";

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
  {
    // AssemblyScript is TypeScript to the parser, but its types are machine types: == compares
    // without converting.
    files: ["assembly/**/*.ts"],
    rules: {
      eqeqeq: "off",
    },
  },
);
