import js from "@eslint/js";
import globals from "globals";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules/", ".modelfleet/", "dev/toolchain/go/", "**/node_modules/"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ["**/*.{js,mjs,ts}"],
    languageOptions: { globals: globals.node },
    rules: {
      eqeqeq: "error",
      "max-lines": ["error", { max: 250 }],
      "@typescript-eslint/consistent-type-imports": "error",
    },
  },
  {
    files: ["**/*.ts"],
    ignores: ["config/load.ts", "cli/**", "dev/**", "lib/**", "test/**", "examples/**"],
    rules: {
      "no-restricted-properties": [
        "error",
        {
          object: "process",
          property: "env",
          message: "Only config/load.ts reads the environment; pass what you need as an argument.",
        },
      ],
    },
  },
);
