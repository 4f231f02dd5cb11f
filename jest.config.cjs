const typescript = [
  "@swc/jest",
  { swcrc: false, jsc: { parser: { syntax: "typescript" }, target: "es2023" }, module: { type: "commonjs" }, sourceMaps: "inline" },
];
const base = {
  rootDir: __dirname,
  testEnvironment: "node",
  // Workspace packages resolve to src/index.ts, so tests need no build.
  testEnvironmentOptions: { customExportConditions: ["@flow-rag/source", "node", "node-addons"] },
  transform: { "^.+\\.ts$": typescript },
  // Sources import "./x.js" as nodenext wants; jest finds x.ts.
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  modulePathIgnorePatterns: ["/dist/", "/\\.flow-rag/"],
};
const services = "\\.int\\.test\\.ts$";
const native = "\\.native\\.test\\.ts$";

module.exports = {
  testTimeout: 20_000,
  maxWorkers: 2, // tests mostly wait; jest alone would run one at a time on two cores
  projects: [
    {
      ...base,
      displayName: "unit",
      testMatch: ["**/src/**/*.test.ts", "**/test/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", services, native],
    },
    {
      ...base,
      displayName: "native",
      testEnvironment: "<rootDir>/shared/testing/src/jest-environment.cjs",
      testMatch: ["**/*.native.test.ts"],
    },
    { ...base, displayName: "int", testMatch: ["**/test/**/*.int.test.ts"] },
  ],
};
