import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
    {
        ignores: [
            "dist",
            "node_modules",
            "test-results",
            "playwright-report",
            "src/api/schema.d.ts",
            "src/result/schema.d.ts",
        ],
    },
    js.configs.recommended,
    {
        files: ["**/*.{ts,tsx}"],
        extends: [tseslint.configs.strictTypeChecked],
        languageOptions: { parserOptions: { projectService: true } },
        rules: {
            // `${3} rows` reads well and cannot go wrong.
            "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
            // Handlers may be async: what they throw is told by the query client.
            "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
            "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
            "max-lines-per-function": ["error", { max: 120, skipBlankLines: true, skipComments: true }],
        },
    },
    {
        files: ["src/**/*.{ts,tsx}"],
        extends: [reactHooks.configs.flat.recommended, jsxA11y.flatConfigs.recommended],
    },
    { files: ["**/*.test.{ts,tsx}", "e2e/**"], rules: { "max-lines-per-function": "off" } },
    {
        files: ["scripts/**/*.mjs", "*.config.js"],
        languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } },
    },
);
