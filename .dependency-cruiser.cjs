const tests = "\\.test\\.ts$|^(shared|services|deploy)/[^/]+/(test|eval|bench)/";
const middle = "queue|stores|models|insights|outlets";
const error = (name, from, to) => ({ name, severity: "error", from, to });

module.exports = {
  forbidden: [
    error("no-cycles", {}, { circular: true }),
    error("everything-resolves", {}, { couldNotResolve: true }), // an unresolved import would slip past every rule below
    error("dependencies-are-declared", {}, { dependencyTypes: ["npm-no-pkg", "npm-unknown"] }),

    // contracts, kernel <- queue, stores, models, insights <- rag <- report <- services
    error(
      "contracts-are-pure",
      { path: "^shared/contracts/", pathNot: tests },
      { pathNot: ["^shared/contracts/", "node_modules/zod/", "^(node:)?crypto$"] }, // crypto: job keys are hashes
    ),
    error(
      "kernel-is-the-bottom",
      { path: "^shared/kernel/", pathNot: tests },
      { path: "^(shared|services|deploy)/", pathNot: "^shared/kernel/" },
    ),
    error(
      "shared-siblings-apart",
      { path: `^shared/(${middle})/`, pathNot: tests },
      { path: `^shared/(${middle})/`, pathNot: "^shared/$1/" },
    ),
    error("middle-never-imports-rag", { path: `^shared/(${middle})/` }, { path: "^shared/rag/" }),
    error("below-report-never-imports-it", { path: `^shared/(contracts|kernel|${middle}|rag)/` }, { path: "^shared/report/" }),
    error(
      "insights-are-pure",
      { path: "^shared/insights/", pathNot: tests },
      { pathNot: ["^shared/(insights|contracts|kernel)/", "node_modules/zod/"] },
    ),
    error("shared-never-imports-services", { path: "^shared/", pathNot: tests }, { path: "^(services|deploy)/" }),
    error("services-are-islands", { path: "^services/([^/]+)/", pathNot: tests }, { path: "^services/", pathNot: "^services/$1/" }),
    error("dashboard-is-browser-code", { path: "^services/dashboard/" }, { path: "^shared/", pathNot: "^shared/contracts/" }),
    error("testing-stays-in-tests", { pathNot: `^shared/testing/|${tests}` }, { path: "^shared/testing/" }),

    // local services: for trying out and tests; the product must not know them
    error(
      "local-knows-the-kernel-only",
      { path: "^deploy/local/", pathNot: tests },
      { path: "^(shared|services)/", pathNot: "^shared/kernel/" },
    ),
    error("only-the-cli-starts-local-services", { pathNot: `^deploy/local/|^services/cli/|${tests}` }, { path: "^deploy/local/" }),

    // one importer per vendor
    error("only-queue-imports-bullmq", { pathNot: `^shared/queue/|${tests}` }, { path: "node_modules/(bullmq|bullmq-otel|ioredis)/" }),
    error("only-stores-imports-databases", { pathNot: `^shared/stores/|${tests}` }, { path: "node_modules/(mongodb|chromadb)/" }),
    error("only-local-speaks-bson", { pathNot: `^deploy/local/|${tests}` }, { path: "node_modules/(bson|mingo)/" }),
    error(
      "only-models-imports-model-sdks",
      { pathNot: `^shared/models/|${tests}` },
      { path: "node_modules/(@huggingface/transformers|onnxruntime-node|openai)/" },
    ),
    error(
      "only-kernel-imports-calendar-logger-and-metrics",
      { pathNot: `^shared/kernel/|${tests}` },
      { path: "node_modules/(luxon|pino|prom-client|@opentelemetry)/" },
    ),
    error("only-outlets-send", { pathNot: `^shared/outlets/|${tests}` }, { path: "node_modules/(@slack|nodemailer)/" }),
    error(
      "only-the-cli-reads-files-and-command-lines",
      { pathNot: `^services/cli/|${tests}` },
      { path: "node_modules/(csv-parse|chardet|iconv-lite|@streamparser/json|commander|cli-progress)/" },
    ),
    error(
      "only-record-files-are-decoded",
      { pathNot: `^services/cli/src/adapters/record-file/|${tests}` },
      { path: "node_modules/(chardet|iconv-lite|@streamparser/json)/" },
    ),
    error(
      "only-report-draws-and-reads-settings",
      { pathNot: `^shared/report/|^deploy/check/|${tests}` },
      { path: "node_modules/(sharp|yaml)/" },
    ),
    error("only-testing-parses-expressions", { pathNot: "^shared/testing/" }, { path: "node_modules/@eslint-community/regexpp/" }),
    error("only-testing-drives-a-browser", { pathNot: "^shared/testing/" }, { path: "node_modules/playwright-core/" }),
    error(
      "only-the-api-imports-express",
      { pathNot: `^services/api/|${tests}` },
      { path: "node_modules/(express|express-rate-limit|rate-limit-redis|helmet|swagger-ui-dist|@asteasolutions)/" },
    ),

    // inside a service
    error(
      "domain-does-no-io",
      { path: "^services/[^/]+/src/domain/", pathNot: tests },
      { pathNot: ["^services/[^/]+/src/domain/", "^shared/(contracts|kernel|insights)/"], dependencyTypesNot: ["type-only"] },
    ),
    error(
      "in-side-never-reaches-out-side",
      { path: "^services/(?!cli/)[^/]+/src/(serve\\.ts|entry/|domain/)" }, // a command is its own composition root
      { path: "^services/[^/]+/src/(adapters/|deps\\.ts|main\\.ts)" },
    ),
  ],
  options: {
    tsPreCompilationDeps: true, // see type-only imports too
    tsConfig: { fileName: "tsconfig.test.json" },
    exclude: { path: "^(shared|services|deploy)/[^/]+/dist/" }, // anchored: vendors resolve to node_modules/…/dist/
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      conditionNames: ["@flow-rag/source", "types", "import", "node", "default"],
      exportsFields: ["exports"],
      extensions: [".ts", ".js"],
    },
  },
};
