import js from "@eslint/js";
import globals from "globals";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules/", ".modelfleet/", "tools/go/", "**/node_modules/"] },
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
    ignores: [
      "config/load.ts",
      "cli/**",
      "local/**",
      "tools/**",
      "lib/**",
      "test/**",
      "bench/**",
      "examples/**",
    ],
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
