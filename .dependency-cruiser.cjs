const tests = "\\.test\\.ts$|^(shared|services)/[^/]+/test/";
const middle = "queue|stores|models|insights";
const error = (name, from, to) => ({ name, severity: "error", from, to });

module.exports = {
  forbidden: [
    error("no-cycles", {}, { circular: true }),
    error("everything-resolves", {}, { couldNotResolve: true }), // an unresolved import would slip past every rule below
    error("dependencies-are-declared", {}, { dependencyTypes: ["npm-no-pkg", "npm-unknown"] }),

    // contracts, kernel <- queue, stores, models, insights <- rag <- services
    error("contracts-are-pure", { path: "^shared/contracts/", pathNot: tests }, { pathNot: ["^shared/contracts/", "node_modules/zod/"] }),
    error("kernel-is-the-bottom", { path: "^shared/kernel/" }, { path: "^(shared|services)/", pathNot: "^shared/kernel/" }),
    error(
      "shared-siblings-apart",
      { path: `^shared/(${middle})/`, pathNot: tests },
      { path: `^shared/(${middle})/`, pathNot: "^shared/$1/" },
    ),
    error("middle-never-imports-rag", { path: `^shared/(${middle})/` }, { path: "^shared/rag/" }),
    error(
      "insights-are-pure",
      { path: "^shared/insights/", pathNot: tests },
      { pathNot: ["^shared/(insights|contracts|kernel)/", "node_modules/zod/"] },
    ),
    error("shared-never-imports-services", { path: "^shared/" }, { path: "^services/" }),
    error("services-are-islands", { path: "^services/([^/]+)/" }, { path: "^services/", pathNot: "^services/$1/" }),
    error("dashboard-is-browser-code", { path: "^services/dashboard/" }, { path: "^shared/", pathNot: "^shared/contracts/" }),
    error("testing-stays-in-tests", { pathNot: `^shared/testing/|${tests}` }, { path: "^shared/testing/" }),

    // one importer per vendor
    error("only-queue-imports-bullmq", { pathNot: `^shared/queue/|${tests}` }, { path: "node_modules/(bullmq|ioredis)/" }),
    error("only-stores-imports-databases", { pathNot: `^shared/stores/|${tests}` }, { path: "node_modules/(mongodb|chromadb)/" }),
    error(
      "only-models-imports-model-sdks",
      { pathNot: `^shared/models/|${tests}` },
      { path: "node_modules/(@huggingface/transformers|onnxruntime-node|openai)/" },
    ),

    // inside a service
    error(
      "domain-does-no-io",
      { path: "^services/[^/]+/src/domain/", pathNot: tests },
      { pathNot: ["^services/[^/]+/src/domain/", "^shared/(contracts|kernel|insights)/"], dependencyTypesNot: ["type-only"] },
    ),
    error(
      "in-side-never-reaches-out-side",
      { path: "^services/[^/]+/src/(serve\\.ts|entry/|domain/)" },
      { path: "^services/[^/]+/src/(adapters/|deps\\.ts|main\\.ts)" },
    ),
  ],
  options: {
    tsPreCompilationDeps: true, // see type-only imports too
    tsConfig: { fileName: "tsconfig.test.json" },
    exclude: { path: "^(shared|services)/[^/]+/dist/" }, // anchored: vendors resolve to node_modules/…/dist/
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      conditionNames: ["@flow-rag/source", "types", "import", "node", "default"],
      exportsFields: ["exports"],
      extensions: [".ts", ".js"],
    },
  },
};
