import { checkGuide, type GuideFacts } from "../src/check-guide.js";

const container = { environment: {}, secrets: [], volumes: [], profiles: [] };
const facts: GuideFacts = {
  containers: { worker: container, cli: container },
  profiles: new Set(["mail"]),
  secrets: ["mongo_uri"],
  variables: new Set(["MONGO_URI", "BUSINESS_TZ"]),
  exported: new Map([["flowrag_index_drift", new Set(["source"])]]),
  exists: (path) => path === "deploy/kubernetes/overlays/external",
  deployments: new Set(["cli"]),
};
const fence = (language: string, ...lines: string[]) => ["```" + language, ...lines, "```", ""].join("\n");
const found = (text: string) => checkGuide(text, facts).map(({ where, message }) => `${where}: ${message}`);

test("guide, everything that it names is there, has no problem", () => {
  const text = [
    "Set `MONGO_URI` (or `MONGO_URI_FILE`, from `secrets/mongo_uri`) and look at `flowrag_index_drift`.",
    "`docker compose up --scale worker=3`, `docker compose run --rm --env A=b cli status`, `docker compose --profile mail up`.",
    fence("text", "kubectl apply -k deploy/kubernetes/overlays/external", "kubectl -n x exec -it deploy/cli -- node"),
    fence("sh", "npx flow-rag status"),
    'Words of records: `{"status": [{"when": {"state": ["INTERNAL_ERROR"]}, "take": "state"}]}`.',
  ].join("\n\n");
  expect(found(text)).toEqual([]);
});

test.each([
  ["a variable that nothing reads", "Set `MONGO_URL`.", "MONGO_URL: nothing reads it"],
  ["a metric that is not exported", "See flowrag_drift.", "flowrag_drift: is not exported"],
  ["a secret that is not there", "Write `secrets/mongo`.", "mongo: is no secret of the compose file"],
  ["a path that is not there", "See `deploy/helm/chart`.", "deploy/helm/chart: does not exist"],
  ["a profile that is not there", "`docker compose --profile post up`", "docker compose --profile post up: there is no profile post"],
  [
    "a container that is not there",
    "`docker compose run --rm cly status`",
    "docker compose run --rm cly status: there is no container cly",
  ],
  [
    "a scaled container that is not there",
    "`docker compose up --scale workers=3`",
    "docker compose up --scale workers=3: there is no container workers",
  ],
  [
    "an overlay that is not there",
    "`kubectl apply -k deploy/kubernetes/overlays/here`",
    "kubectl apply -k deploy/kubernetes/overlays/here: deploy/kubernetes/overlays/here does not exist",
  ],
  ["a deployment that is not there", "`kubectl exec deploy/shell -- ls`", "kubectl exec deploy/shell -- ls: there is no deployment shell"],
  [
    "a command hidden as text",
    fence("text", "npx flow-rag status"),
    "npx flow-rag status: would escape the tests: it belongs in a block of sh",
  ],
  ["a command in a block without a language", fence("", "npm ci"), "npm ci: would escape the tests: the block has no language"],
  ["a block that no test reads", fence("bash", "npm ci"), "bash: a block of this language is read by no test"],
])("guide, %s, is found", (_what, text, expected) => {
  expect(found(text)).toContain(expected);
});
