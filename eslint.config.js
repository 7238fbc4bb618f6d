import js from "@eslint/js";
import perfectionist from "eslint-plugin-perfectionist";
import globals from "globals";
import tseslint from "typescript-eslint";

/** The folders of the product, lowest first: each may import itself and those before it. */
const LAYERS = ["lib", "fleet", "config", "kubernetes", "failures", "components", "ownership", "cli"];
/** Folders that nothing of the product may import. */
const AROUND = ["dev", "test", "examples"];

/**
 * Forbids imports of other folders of this checkout, and of its public surface, with what to do instead.
 *
 * @param {string[]} files
 * @param {string[]} folders
 * @param {string} message
 * @returns {import("eslint").Linter.Config}
 */
function forbidImports(files, folders, message) {
  const regex = `^(\\./|(\\.\\./)+)((${folders.join("|")})/|package$)`;
  return { files, rules: { "no-restricted-imports": ["error", { patterns: [{ regex, message }] }] } };
}

const layerRules = LAYERS.map((layer, index) =>
  forbidImports(
    [`${layer}/**`],
    // lib/ and fleet/ are floors beside each other: neither imports anything of the project.
    [...LAYERS.slice(index + 1), ...(layer === "fleet" ? ["lib"] : []), ...AROUND],
    `${layer}/ imports only ${layer === "fleet" ? "itself" : LAYERS.slice(0, index + 1).join("/, ")}/: ` +
      "move what both need to the lower folder, or pass it as an argument.",
  ),
);

export default tseslint.config(
  { ignores: ["**/node_modules/", ".modelfleet/", "dist/", "template/", "dev/toolchain/go/", "**/*.json"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ["**/*.{js,mjs,ts}"],
    languageOptions: {
      globals: globals.node,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { perfectionist },
    rules: {
      eqeqeq: "error",
      "max-lines": ["error", { max: 250 }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/return-await": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/prefer-promise-reject-errors": "error",
      "@typescript-eslint/no-unnecessary-type-assertion": "error",
      "@typescript-eslint/no-unnecessary-condition": "off",
      "perfectionist/sort-imports": [
        "error",
        {
          newlinesBetween: 0,
          groups: [
            ["builtin", "type-builtin"],
            ["external", "type-external"],
            ["parent", "sibling", "index", "type-parent", "type-sibling", "type-index"],
          ],
        },
      ],
      "perfectionist/sort-named-imports": "error",
    },
  },
  {
    files: ["**/*.{mjs,ts}"],
    ignores: ["test/**"],
    rules: { "max-lines-per-function": ["error", { max: 40, skipBlankLines: true, skipComments: true }] },
  },
  // A peer of the benchmark is written as its own users write it, mostly as one long program.
  { files: ["dev/bench/peers/**"], rules: { "max-lines-per-function": "off" } },
  {
    files: ["test/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        { paths: [{ name: "vitest", importNames: ["it"], message: "Say test: one word for one thing." }] },
      ],
    },
  },
  ...layerRules,
  forbidImports(["package.ts"], AROUND, "The product imports nothing of dev/, test/ and examples/."),
  // The program of a checkout and the component are users of the package.
  {
    files: ["index.ts", "plugin/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: "^(\\./|\\.\\./)(?!package$|package\\.json$|fleet$)",
              message: "A program imports package.ts only: add to it what is missing.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["{index.ts,package.ts,fleet/**,config/**,failures/**,components/**,ownership/**,kubernetes/**}"],
    ignores: ["config/load.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        {
          object: "process",
          property: "env",
          message: "Only config/load.ts reads the environment; pass what you need as an argument.",
        },
        {
          object: "pulumi",
          property: "getStack",
          message: "Only config/load.ts knows the stack; pass its name as an argument.",
        },
        {
          object: "pulumi",
          property: "Config",
          message: "Only config/load.ts reads config; pass what you need as an argument.",
        },
      ],
    },
  },
);
