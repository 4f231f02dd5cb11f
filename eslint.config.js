import js from "@eslint/js";
import tseslint from "typescript-eslint";

const noEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: "process.env is read in main.ts only: take configuration as an argument.",
};
const noFormatters = {
  selector: "NewExpression[callee.object.name='Intl'], CallExpression[callee.property.name=/^toLocale.*String$/]",
  message: "A formatter takes a millisecond and 2 MB to make: use createFormat, which keeps them, or localReading and localDay.",
};

export default tseslint.config(
  { ignores: ["deploy/docker/mongo-users.js", "**/dist/", "**/node_modules/", "coverage/", ".flow-rag/", "models/"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: "./tsconfig.test.json", tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-import-type-side-effects": "off",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // Fakes and callbacks keep the async signature of what they stand for.
      "@typescript-eslint/require-await": "off",
      // An abort signal's reason and a vendor's rejection are rethrown as they are.
      "@typescript-eslint/only-throw-error": ["error", { allowThrowingAny: true, allowThrowingUnknown: true }],
      "no-restricted-syntax": ["error", noEnvironment],
    },
  },
  {
    files: ["shared/{rag,insights,stores,kernel}/src/**/*.ts", "services/api/src/**/*.ts"],
    ignores: ["shared/rag/src/number-format.ts", "services/api/src/entry/routes/bi.ts"],
    rules: { "no-restricted-syntax": ["error", noEnvironment, noFormatters] },
  },
  { files: ["**/main.ts", "**/*.test.ts", "**/test/**/*.ts", "shared/testing/**/*.ts"], rules: { "no-restricted-syntax": "off" } },
  {
    files: ["**/*.{mjs,cjs,js}"],
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        require: "readonly",
        module: "readonly",
        __dirname: "readonly",
        globalThis: "readonly",
        Buffer: "readonly",
        fetch: "readonly",
        AbortSignal: "readonly",
      },
    },
  },
);
