// The scripts of the interactive page, which are joined into one when the page is written.

import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["**/vendor/**", "**/.venv/**", "**/*.d.ts"] },
  js.configs.recommended,
  {
    files: ["src/grannskap/maps/webmap/page/*.js", "src/grannskap/outputs/towns/*.js"],
    languageOptions: { globals: { ...globals.browser, L: "readonly" } },
    rules: {
      eqeqeq: "error",
      "no-shadow": "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-implied-eval": "error",
    },
  },
];
