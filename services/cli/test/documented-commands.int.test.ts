import type { Delivery } from "@flow-rag/contracts";
import { createDeliveryStore, createKeyStore } from "@flow-rag/stores";
import { createHarness, type Harness } from "@flow-rag/testing";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { environmentOf, flowRag, killRunning, startServiceOf } from "./command-line.js";

jest.setTimeout(600_000);

const root = new URL("../../../", import.meta.url);
const readText = (path: string): string => readFileSync(new URL(path, root), "utf8");
const documents = ["README.md", ...readdirSync(new URL("docs", root)).flatMap((name) => (name.endsWith(".md") ? [`docs/${name}`] : []))];

/** Lines of the ```sh blocks, in order, without what they say about themselves; a line that ends with a backslash or within quotes goes on. */
const commandsOf = (text: string): string[] =>
  [...text.matchAll(/^```sh\n([^]*?)^```/gm)].flatMap(([, block = ""]) =>
    block
      .replaceAll("\\\n", " ")
      .replaceAll(/'[^']*'/g, (quoted) => quoted.replaceAll("\n", " "))
      .split("\n")
      .map((line) => line.replace(/\s+#.*$/, "").trim())
      .filter((line) => line !== "" && !line.startsWith("#")),
  );
/** Words of a command line, as a shell would split it. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? "");

/** What is run by other means, word for word, so that nothing new can hide here. */
const elsewhere = new Map([
  ["npm ci", ".ci/run"],
  ["npm run demo", ".ci/run"],
  ["npx flow-rag up", "the ingestion tests, which end it by Ctrl-C"],
  ["cp .env.example .env", "the test of .env.example"],
]);

const deliveryInDoubt = (at: Date): Delivery => ({
  id: "daily-2026-05-06-c1",
  reportId: "daily-2026-05-06-europe-paris",
  route: "default",
  channel: "slack",
  target: "C1",
  state: "unknown",
  parts: [{ name: "main", state: "unknown", startedAt: at, receipt: null, reason: null }],
  attempts: 1,
  reason: "no answer",
  createdAt: at,
  requestedAt: at,
  dueAt: at,
  endedAt: at,
});

let world: Harness;
let dir: string;
/** What a person has read off an earlier answer: the id of a key, and of a delivery in doubt. */
let read: Readonly<Record<string, string>>;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  world = await createHarness();
  env = environmentOf(world);
  dir = await mkdtemp(join(tmpdir(), "flow-rag-docs-"));
  await flowRag(["sample", "--days", "3", "--pipelines", "8", "--out", "runs.ndjson"], env, { cwd: dir });
  await writeFile(join(dir, "runs.csv"), `pipeline_name;status;timestamp\norders;KO;${new Date().toISOString()}\n`);
  for (const args of [["import", "runs.ndjson"], ["ingest"]]) expect(await flowRag(args, env, { cwd: dir })).toMatchObject({ code: 0 });
  await cp(new URL("deploy/docker/make-secrets.sh", root), join(dir, "deploy/docker/make-secrets.sh"));
  const made = await createKeyStore(world.state).create({ name: "old", scopes: ["query"], sources: null, expiresAt: null }, new Date());
  const delivery = deliveryInDoubt(new Date());
  await createDeliveryStore(world.state).add([delivery]);
  read = { KEY_ID: made.key.id, DELIVERY: delivery.id };
  for (const name of ["producer", "worker"] as const) await startServiceOf(name, env); // as where the commands are typed
});
afterAll(async () => {
  killRunning();
  expect(await world.lifecycle.close()).toBe(true);
  await rm(dir, { recursive: true });
});

test.each(documents)("commands in %s, in order, beside a source that was ingested, all do what they say", async (document) => {
  for (const line of commandsOf(readText(document))) {
    if (elsewhere.has(line) || line.startsWith("curl ")) continue; // curl: the API's test runs the recipes against a live server
    if (line.startsWith("sh ")) {
      expect({ line, ...(await promisify(execFile)("sh", wordsOf(line).slice(1), { cwd: dir })) }).toMatchObject({ line, stderr: "" });
      continue;
    }
    const [npx, name, ...args] = wordsOf(line.replace(/\$\((date [^)]*)\)/, "2026-05-06"));
    expect([document, line, npx, name]).toEqual([document, line, "npx", "flow-rag"]);
    const known = args.map((word) => word.replace(/^\$(\w+)$/, (all, variable: string) => read[variable] ?? all));
    const own = known.filter((word) => word !== "--demo"); // the demo's data are not here; the sample is what they are
    expect({ line, ...(await flowRag(own, env, { cwd: dir })) }).toMatchObject({ line, code: 0 });
  }
});

/** Of commands in prose, in the containers' form too: the command with its subcommand, and the flags it is given anywhere on the page. */
function namedIn(text: string): Map<string, Set<string>> {
  const named = new Map<string, Set<string>>();
  const forms = /(?:(?:`|npx )flow-rag|--rm(?: --(?:volume|env) \S+)* cli|cli\/dist\/main\.js) ([a-z][^`\n|]*)/g;
  const subcommand = /^[a-z]+(?:-[a-z]+)?(?: (?:list|retry|discard|create|revoke|rotate|mine|migrate|deliveries|resend)(?= |$))?/;
  for (const [, line = ""] of text.matchAll(forms)) {
    const [command = ""] = subcommand.exec(line) ?? [];
    const flags = named.get(command) ?? new Set();
    for (const [flag] of line.matchAll(/--[a-z][a-z-]*/g)) flags.add(flag);
    named.set(command, flags);
  }
  return named;
}

test.each(documents)("flow-rag in prose and other blocks of %s, names commands and flags that exist", async (document) => {
  for (const [command, flags] of namedIn(readText(document).replace(/^```sh\n[^]*?^```/gm, ""))) {
    const { code, stdout, stderr } = await flowRag([...command.split(" "), "--help"], env, { cwd: dir });
    const usage = stdout.startsWith(`Usage: flow-rag ${command.split(" ")[0]}`);
    const unknown = [...flags].filter((flag) => !stdout.includes(`  ${flag} `));
    expect({ document, command, code, stderr, usage, unknown }).toEqual({
      document,
      command,
      code: 0,
      stderr: "",
      usage: true,
      unknown: [],
    });
  }
});

test("commands in prose, of all forms, are found with their flags", () => {
  const text =
    "`flow-rag ingest --full`, `docker compose run --rm --env A=b cli import f`, `flow-rag ingest --yes`, `node services/cli/dist/main.js keys create --name x`";
  expect(Object.fromEntries([...namedIn(text)].map(([command, flags]) => [command, [...flags]]))).toEqual({
    ingest: ["--full", "--yes"],
    import: [],
    "keys create": ["--name"],
  });
});
