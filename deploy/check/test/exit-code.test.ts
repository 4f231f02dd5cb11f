import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

jest.setTimeout(180_000);

const root = fileURLToPath(new URL("../../..", import.meta.url));
const loader = new URL("../../local/bin/source.mjs", import.meta.url).href;
const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
let copy: string;
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "flow-rag-deploy-"));
  // Sources are named by the Dockerfile; what is in them is nobody's business here.
  const unwanted = /\/(?:node_modules|dist|\.git|\.flow-rag|src|test|bench|eval|assets)(?:\/|$)/;
  await cp(root, copy, { recursive: true, filter: (path) => !unwanted.test(path.slice(root.length - 1)) });
});
afterAll(() => rm(copy, { recursive: true }));

/** What the command says and ends with. */
const check = () =>
  new Promise<{ code: number; said: string }>((resolve) => {
    const args = ["--import", loader, main, "--files", "--root", copy];
    execFile(process.execPath, args, (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), said: stdout + stderr }));
  });

/** One mistake for each kind of file. */
const mistakes: readonly (readonly [file: string, from: string, to: string])[] = [
  ["docker-compose.yml", "cap_drop: [ALL]", "cap_drop: []"],
  [".env.example", "# LOG_LEVEL=", "# LOGLEVEL="],
  ["deploy/docker/Dockerfile", "RUN npm ci\n", "RUN npm install\n"],
  ["deploy/docker/litellm.yaml", "num_retries: 0", "num_retries: 3"],
  ["deploy/docker/make-secrets.sh", "secret metrics_key", "secret metric_key"],
  ["deploy/docker/mongo-users.js", "SOURCE_DATABASE", "SOURCE_DB"],
  ["deploy/kubernetes/base/api.yaml", "replicas: 2", "replicas: two"],
  ["deploy/kubernetes/base/config.yaml", "LOG_LEVEL", "LOGLEVEL"],
  ["deploy/kubernetes/base/kustomization.yaml", "  - worker.yaml\n", ""],
  ["deploy/kubernetes/base/network-policies.yaml", "endPort: 6380", "endPort: tls"],
  ["deploy/kubernetes/components/hpa/autoscaler.yaml", "maxReplicas: 8", "maxReplicas: eight"],
  ["deploy/kubernetes/components/keda/scaled-object.yaml", "records.embed:wait", "records.embed:waiting"],
  ["deploy/grafana/dashboards/flow-rag.json", "flowrag_index_drift", "flowrag_index_drifts"],
  ["deploy/grafana/provisioning/datasources/prometheus.yml", "http://prometheus:", "http://prometeus:"],
  ["deploy/prometheus/prometheus.yml", "names: [worker]", "names: [labourer]"],
  ["docs/OPERATIONS.md", "QUERY_LOG_RETENTION", "QUERY_LOG_KEPT"],
  ["README.md", "`SLACK_BOT_TOKEN`", "`SLACK_TOKEN`"],
  ["deploy/prometheus/alerts.yml", "flowrag_breaker_state", "flowrag_breakers"],
];

test("check:deploy, files as they are, ends with 0; one mistake in a file of each kind, ends with 1 and names each", async () => {
  expect(await check()).toMatchObject({ code: 0 });
  for (const [file, from, to] of mistakes) {
    const text = await readFile(join(copy, file), "utf8");
    expect([file, text.includes(from)]).toEqual([file, true]);
    await writeFile(join(copy, file), text.replace(from, to));
  }
  const { code, said } = await check();
  const failed = [...said.matchAll(/^FAIL (.*)$/gm)].map(([, name]) => name);
  expect([code, failed]).toEqual([1, expect.arrayContaining(mistakes.map(([file]) => file))]);
});
