import { variablesOf } from "@flow-rag/kernel";
import { fileURLToPath } from "node:url";
import { schema as api } from "../../../services/api/src/config.js";
import { schema as cli } from "../../../services/cli/src/config.js";
import { schema as producer } from "../../../services/producer/src/config.js";
import { schema as reporter } from "../../../services/reporter/src/config.js";
import { schema as worker } from "../../../services/worker/src/config.js";
import { checkFiles } from "../src/check-files.js";
import { readKnown } from "../src/known.js";

const variables = new Set([api, cli, producer, reporter, worker].flatMap((schema) => variablesOf(schema)));
const known = readKnown(fileURLToPath(new URL("../../..", import.meta.url)), variables);

/** What is wrong once one file holds a mistake; the mistake must change the file. */
function problemsWith(file: string, mistake: (text: string) => string): string[] {
  const before = known.read(file);
  const after = mistake(before);
  expect(after).not.toBe(before);
  const checked = checkFiles({ ...known, read: (path) => (path === file ? after : known.read(path)) });
  return checked.flatMap(({ problems }) => problems.map(({ where, message }) => `${where}: ${message}`));
}
const replace = (from: string | RegExp, to: string) => (text: string) => text.replace(from, to);

test("deployment files, as they are, have no problem", () => {
  expect(checkFiles(known).filter(({ problems }) => problems.length > 0)).toEqual([]);
});

describe("docker-compose.yml", () => {
  const file = "docker-compose.yml";
  test.each([
    ["a key that the specification does not know", replace("restart: unless-stopped", "restarts: unless-stopped"), /restarts|additional/],
    ["a variable that .env.example lacks", replace("${GRAFANA_PORT:-3000}", "${GRAPH_PORT:-3000}"), /GRAPH_PORT: is not in .env.example/],
    ["a variable without a default", replace("${WORKER_CPUS:-2}", "${WORKER_CPUS}"), /WORKER_CPUS: has no default/],
    ["a setting that no process reads", replace("METRICS_PORT:", "METRIC_PORT:"), /no process reads METRIC_PORT/],
    ["a port that is open to the network", replace('"127.0.0.1:${API_PORT:-8000}:8000"', '"8000:8000"'), /services\.api\.ports/],
    [
      "a published database",
      replace('    volumes: ["redis:/data"]', '    ports: ["127.0.0.1:6379:6379"]\n    volumes: ["redis:/data"]'),
      /services\.redis\.ports/,
    ],
    ["a network that is not internal", replace("inside: { internal: true }", "inside: {}"), /is not internal/],
    ["an undeclared volume", replace("\n  chroma:\n  models:", "\n  models:"), /services\.chroma\.volumes: chroma is not declared/],
    ["an undeclared secret", replace(/\n {2}redis_url: .*/, ""), /redis_url is not declared/],
    [
      "a dependency that is not waited for",
      replace("redis: { condition: service_healthy }", "redis: { condition: service_started }"),
      /wait for service_healthy/,
    ],
    ["a grace shorter than the services' own", replace("stop_grace_period: 40s", "stop_grace_period: 20s"), /stop_grace_period/],
    ["kept capabilities", replace("cap_drop: [ALL]", "cap_drop: [NET_RAW]"), /drop ALL/],
    ["an image without a version", replace(/chromadb\/chroma:[\d.]+/, "chromadb/chroma:latest"), /services\.chroma\.image: pin/],
    ["a stage that does not exist", replace("target: worker", "target: labourer"), /no stage labourer/],
  ])("%s, is found", (_what, mistake, expected) => {
    expect(problemsWith(file, mistake).join("\n")).toMatch(expected);
  });
});

describe(".env.example", () => {
  test.each([
    ["a variable that is missing", replace(/^# REDIS_URL=.*\n/m, ""), /REDIS_URL: a process reads it/],
    ["a variable that no process reads", replace("# LOG_LEVEL=", "# LOGLEVEL="), /LOGLEVEL: no process reads it/],
    ["a variable that is there twice", replace("# API_PORT=8000\n", "# API_PORT=8000\n# API_PORT=8001\n"), /API_PORT: is there twice/],
    [
      "another default than the compose file's",
      replace("# WORKER_CPUS=2", "# WORKER_CPUS=4"),
      /docker-compose.yml has no \$\{WORKER_CPUS:-4\}/,
    ],
  ])("%s, is found", (_what, mistake, expected) => {
    expect(problemsWith(".env.example", mistake).join("\n")).toMatch(expected);
  });
});

describe("Dockerfile", () => {
  const file = "deploy/docker/Dockerfile";
  test.each([
    ["an unknown instruction", replace("WORKDIR /app", "WORKDIRS /app"), /WORKDIRS/i],
    ["a process of root", replace(/USER 10001:10001\nEXPOSE/, "EXPOSE"), /api: runs as root/],
    [
      "a workspace without its manifest",
      replace("COPY shared/rag/package.json shared/rag/\n", ""),
      /shared\/rag\/package\.json is not copied/,
    ],
    [
      "a source that does not exist",
      replace("COPY deploy/docker/probe.mjs", "COPY deploy/docker/probes.mjs"),
      /probes\.mjs does not exist/,
    ],
    ["a stage that does not exist", replace("--from=api-packages", "--from=api-package"), /no stage api-package/],
    ["npm install", replace("RUN npm ci\n", "RUN npm install\n"), /npm ci installs/],
    ["an unpinned base", replace(/NODE_IMAGE=node:\S+/, "NODE_IMAGE=node:lts"), /pin the base image/],
  ])("%s, is found", (_what, mistake, expected) => {
    expect(problemsWith(file, mistake).join("\n")).toMatch(expected);
  });
});

describe("Kubernetes manifests", () => {
  test.each([
    ["a field of the wrong type", "deploy/kubernetes/base/api.yaml", replace("replicas: 2", "replicas: two"), /Deployment\/api.*replicas/],
    [
      "a kind that does not exist",
      "deploy/kubernetes/base/api.yaml",
      replace("kind: Deployment", "kind: Deploymint"),
      /Deploymint is not a kind/,
    ],
    ["a container without a probe", "deploy/kubernetes/base/worker.yaml", replace("readinessProbe", "readyProbe"), /worker: a readiness/],
    ["a pod of root", "deploy/kubernetes/base/producer.yaml", replace("runAsNonRoot: true", "runAsNonRoot: false"), /runAsNonRoot/],
    [
      "a setting that no process reads",
      "deploy/kubernetes/base/config.yaml",
      replace("LOG_LEVEL", "LOGLEVEL"),
      /no process reads LOGLEVEL/,
    ],
    [
      "a trigger KEDA would refuse",
      "deploy/kubernetes/components/keda/scaled-object.yaml",
      replace('listLength: "10"', "listLength: 10"),
      /trigger metadata are strings/,
    ],
  ])("%s, is found", (_what, file, mistake, expected) => {
    expect(problemsWith(file, mistake).join("\n")).toMatch(expected);
  });
});

describe("dashboard and alert rules", () => {
  const dashboard = "deploy/grafana/dashboards/flow-rag.json";
  const alerts = "deploy/prometheus/alerts.yml";
  test.each([
    [
      "a panel of a metric that is not exported",
      dashboard,
      replace("flowrag_index_drift", "flowrag_index_drifts"),
      /flowrag_index_drifts is not exported/,
    ],
    ["a panel by a label that the metric lacks", dashboard, replace("by (outcome)", "by (pipeline)"), /no label pipeline/],
    ["a panel that is not PromQL", dashboard, replace("max(flowrag_index_drift)", "max flowrag_index_drift)"), /not PromQL/],
    [
      "an alert on a metric that is not exported",
      alerts,
      replace("flowrag_breaker_state", "flowrag_breakers"),
      /flowrag_breakers is not exported/,
    ],
    [
      "an alert without a section in the guide",
      alerts,
      replace("docs/OPERATIONS.md: index out of sync", "docs/OPERATIONS.md: drift"),
      /no section/,
    ],
  ])("%s, is found", (_what, file, mistake, expected) => {
    expect(problemsWith(file, mistake).join("\n")).toMatch(expected);
  });
});
