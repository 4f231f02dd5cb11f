import { checkFiles } from "../src/check-files.js";
import { readFiles } from "./repository.js";

const known = readFiles();

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
    [
      "an API's grace without the time to leave",
      replace("stop_grace_period: 75s", "stop_grace_period: 65s"),
      /services\.api\.stop_grace_period/,
    ],
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
    [
      "a grace without the API's time to leave",
      "deploy/kubernetes/base/api.yaml",
      replace("terminationGracePeriodSeconds: 75", "terminationGracePeriodSeconds: 60"),
      /terminationGracePeriodSeconds: more than 65/,
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
      "a file that no kustomization names",
      "deploy/kubernetes/base/kustomization.yaml",
      replace("  - worker.yaml\n", ""),
      /worker\.yaml is not named/,
    ],
    [
      "a kustomization of what is not there",
      "deploy/kubernetes/overlays/external/kustomization.yaml",
      replace("components/keda", "components/kedda"),
      /components\/kedda does not exist/,
    ],
    [
      "an image without a registry",
      "deploy/kubernetes/overlays/in-cluster/kustomization.yaml",
      replace("name: flow-rag-worker,", "name: flow-rag-worcker,"),
      /flow-rag-worker is given no registry/,
    ],
    [
      "a probe of a port that is not there",
      "deploy/kubernetes/base/worker.yaml",
      replace("port: operation", "port: http"),
      /a probe asks port http/,
    ],
    [
      "a probe of a path that nobody serves",
      "deploy/kubernetes/base/api.yaml",
      replace("path: /ready", "path: /readyz"),
      /\/readyz is no probe/,
    ],
    [
      "a file system that can be written",
      "deploy/kubernetes/overlays/in-cluster/chroma.yaml",
      replace("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"),
      /chroma: readOnlyRootFilesystem/,
    ],
    [
      "a policy of the wrong type",
      "deploy/kubernetes/base/network-policies.yaml",
      replace("endPort: 6380", "endPort: tls"),
      /NetworkPolicy\/names-and-stores.*endPort/,
    ],
    [
      "a trigger by another list than the queue's",
      "deploy/kubernetes/components/keda/scaled-object.yaml",
      replace("records.embed:wait", "records.embed:waiting"),
      /the list of batches that wait is flow-rag:records\.embed:wait/,
    ],
    [
      "an autoscaler of the wrong type",
      "deploy/kubernetes/components/hpa/autoscaler.yaml",
      replace("maxReplicas: 8", "maxReplicas: eight"),
      /HorizontalPodAutoscaler\/worker.*maxReplicas/,
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

describe("what the compose file's containers are given", () => {
  const prometheus = "deploy/prometheus/prometheus.yml";
  const source = "deploy/grafana/provisioning/datasources/prometheus.yml";
  test.each([
    [
      "a scrape of a port without metrics",
      prometheus,
      replace("port: 9464", "port: 9465"),
      /producer: producer has its metrics on port 9464, not 9465/,
    ],
    ["a scrape of nobody", prometheus, replace("names: [worker]", "names: [labourer]"), /labourer has its metrics on port none/],
    ["a service that is not scraped", prometheus, replace("job_name: reporter", "job_name: reports"), /nobody asks reporter/],
    [
      "a key that prometheus is not given",
      prometheus,
      replace("secrets/metrics_key", "secrets/metric_key"),
      /not given the secret metric_key/,
    ],
    ["rules that are not there", prometheus, replace("alerts.yml", "alarms.yml"), /alarms\.yml does not exist/],
    ["a setting that prometheus does not know", prometheus, replace("scrape_interval", "scrape_intervals"), /global/],
    ["data from nowhere", source, replace("http://prometheus:", "http://prometeus:"), /no such container/],
    [
      "dashboards from nowhere",
      "deploy/grafana/provisioning/dashboards/flow-rag.yml",
      replace("/etc/grafana/dashboards", "/etc/dashboards"),
      /not mounted/,
    ],
    ["retries that are ours to make", "deploy/docker/litellm.yaml", replace("num_retries: 0", "num_retries: 3"), /num_retries/],
    [
      "a variable that LiteLLM is not given",
      "deploy/docker/litellm.yaml",
      replace("UPSTREAM_API_KEY", "UPSTREAM_KEY"),
      /not given UPSTREAM_KEY/,
    ],
    [
      "a model that the guide does not name",
      "deploy/docker/litellm.yaml",
      replace("model_name: flow-rag", "model_name: ours"),
      /does not name ours/,
    ],
    [
      "a secret that is not made",
      "deploy/docker/make-secrets.sh",
      replace(/^secret redis_url .*\n/m, ""),
      /redis_url: docker-compose.yml wants it/,
    ],
    [
      "a secret that nobody wants",
      "deploy/docker/make-secrets.sh",
      replace("secret metrics_key", "secret metric_key"),
      /metric_key: is made/,
    ],
    [
      "a password that MongoDB is not given",
      "deploy/docker/mongo-users.js",
      replace("mongo_reader_password", "mongo_readers_password"),
      /not given this secret/,
    ],
    [
      "a variable that MongoDB is not given",
      "deploy/docker/mongo-users.js",
      replace("SOURCE_DATABASE", "SOURCE_DB"),
      /SOURCE_DB: mongo is not given/,
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
    ["a panel that knows one Prometheus only", dashboard, replace('"uid": "${datasource}"', '"uid": "prometheus"'), /datasource\.uid/],
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
