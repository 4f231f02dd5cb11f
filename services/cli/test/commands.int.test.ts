import { createHarness, type Harness } from "@flow-rag/testing";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentOf, flowRag, killRunning, startServiceOf, type Ended } from "./command-line.js";

jest.setTimeout(120_000);

let world: Harness;
let dir: string;
beforeAll(async () => {
  world = await createHarness();
  dir = await mkdtemp(join(tmpdir(), "flow-rag-cli-"));
});
afterAll(async () => {
  killRunning();
  expect(await world.lifecycle.close()).toBe(true);
  await rm(dir, { recursive: true });
});
const run = (...args: string[]): Promise<Ended> => flowRag(args, environmentOf(world), { cwd: dir });

test.each([
  ["no command", []],
  ["an unknown command", ["fly"]],
  ["an unknown option", ["status", "--colour"]],
  ["a number out of range", ["sample", "--days", "0"]],
  ["a missing argument", ["import"]],
  ["a file that is not there", ["import", "nowhere.ndjson"]],
  ["an instant that is none", ["query", "hier ?", "--now", "soon"]],
  ["an empty question", ["query", " "]],
])("flow-rag, %s, is wrong usage: exit code 2 and nothing on stdout", async (_situation, args) => {
  const { code, stdout, stderr } = await run(...args);
  expect([code, stdout, stderr.length > 0]).toEqual([2, "", true]);
});

test("flow-rag, a wrong environment, names the variables and hides their values", async () => {
  const env = { ...environmentOf(world), REDIS_URL: "hunter2", SOURCE_FIELDS: '{"pipelin":"x"}' };
  const { code, stderr } = await flowRag(["status"], env, { cwd: dir });
  expect([code, stderr]).toEqual([2, expect.stringMatching(/REDIS_URL[^]*SOURCE_FIELDS/)]);
  expect(stderr).not.toContain("hunter2");
});

test("flow-rag --help, lists the commands: exit code 0", async () => {
  const { code, stdout } = await run("--help");
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/import[^]*sample[^]*ingest[^]*status[^]*query[^]*report[^]*up[^]*demo[^]*keys/),
  ]);
});

test("flow-rag status, nothing has been ingested, counts zero and is in sync", async () => {
  const { code, stdout } = await run("status", "--json");
  expect([code, JSON.parse(stdout)]).toEqual([
    0,
    expect.objectContaining({ source: 0, runs: 0, index: 0, inSync: true, indexState: null }),
  ]);
});

test("flow-rag status, Redis does not answer, fails: exit code 1 and says what to check", async () => {
  const { code, stderr } = await flowRag(["status"], { ...environmentOf(world), REDIS_URL: "redis://127.0.0.1:1" }, { cwd: dir });
  expect([code, stderr]).toEqual([1, expect.stringContaining("REDIS_URL")]);
});

test("flow-rag sample, the same options twice, writes the same bytes and the planted incidents beside them", async () => {
  const options = ["--days", "3", "--pipelines", "10", "--seed", "7", "--end", "2026-05-06T08:00:00+02:00"];
  for (const out of ["a.ndjson", "b.ndjson"]) expect((await run("sample", ...options, "--out", out)).code).toBe(0);
  const [a, b, truth] = await Promise.all(["a.ndjson", "b.ndjson", "a.ndjson.truth.json"].map((name) => readFile(join(dir, name), "utf8")));
  expect(a).toBe(b);
  expect((JSON.parse(truth ?? "") as { incidents: unknown[] }).incidents.length).toBeGreaterThan(0);
  const { stdout } = await run("sample", ...options);
  expect(stdout).toBe(a);
});

test("flow-rag query and POST /query, a sample that was ingested, give the same answer in French with its evidence", async () => {
  const end = "2026-05-06T08:00:00+02:00";
  await run("sample", "--days", "4", "--pipelines", "12", "--seed", "3", "--end", end, "--out", "sample.ndjson");
  await run("import", "sample.ndjson", "--drop");
  expect((await run("ingest")).code).toBe(0);

  const rows = await world.source
    .collection("flow_monitoring")
    .find({ timestamp: { $gte: new Date("2026-05-04T22:00:00Z"), $lt: new Date("2026-05-05T22:00:00Z") } })
    .toArray();
  const { stdout } = await run("query", "Quelles technos ont échoué hier ?", "--now", end, "--json");
  const answer = JSON.parse(stdout) as {
    answer: string;
    contexts: { meta: { status: string } }[];
    facts: { runs: number; matching: number };
    language: string;
    degraded: boolean;
  };
  expect([answer.language, answer.facts.runs, answer.degraded]).toEqual(["fr", rows.length, false]);
  expect(answer.facts.matching).toBeGreaterThan(0);
  expect(answer.contexts.length).toBeGreaterThan(0);
  expect(answer.contexts.every(({ meta }) => meta.status === "failed")).toBe(true);

  const port = 18_000 + (process.pid % 1_000);
  const api = await startServiceOf("api", { ...environmentOf(world), API_PORT: String(port) });
  const ended = new Promise((resolve) => api.once("exit", resolve));
  const response = await fetch(`http://127.0.0.1:${port}/query`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: "How many failures on 2026-05-05?", top_k: 3 }),
  });
  const body = (await response.json()) as typeof answer;
  expect([response.status, body.language, body.facts.matching, body.contexts.length]).toEqual([200, "en", answer.facts.matching, 3]);
  api.kill("SIGTERM");
  expect(await ended).toBe(0);
});
