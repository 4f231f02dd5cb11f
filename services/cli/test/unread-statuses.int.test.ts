import { createHarness, type Harness } from "@flow-rag/testing";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentOf, flowRag, killRunning, type Ended } from "./command-line.js";

jest.setTimeout(240_000);

let world: Harness;
let dir: string;
beforeEach(async () => {
  world = await createHarness();
  dir = await mkdtemp(join(tmpdir(), "flow-rag-unread-"));
});
afterEach(async () => {
  killRunning();
  expect(await world.lifecycle.close()).toBe(true);
  await rm(dir, { recursive: true });
});

const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  flowRag(args, { ...environmentOf(world), ...env }, { cwd: dir });
const now = ["--now", "2026-11-30T08:00:00+01:00"];
const ask = async (question: string, env: NodeJS.ProcessEnv = {}) =>
  JSON.parse((await run(["query", question, ...now, "--json"], env)).stdout) as {
    answer: string;
    facts: Record<string, unknown>;
    coverage: { doubts: unknown[] };
  };

/** Runs of 29 November 2026, one an hour, imported and indexed. */
async function load(records: readonly Record<string, unknown>[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const lines = records.map((record, hour) =>
    JSON.stringify({ _id: `r${hour}`, pipeline_name: "nightly-load", timestamp: new Date(Date.UTC(2026, 10, 29, hour + 8)), ...record }),
  );
  await writeFile(join(dir, "records.ndjson"), `${lines.join("\n")}\n`);
  await run(["import", "records.ndjson", "--drop"], env);
  return await run(["ingest"], env);
}

test("flow-rag, statuses of words that nobody taught, are named and counted everywhere, until SOURCE_STATUSES teaches them", async () => {
  const records = [
    { tech: "Kubernetes", status: "QuotaWobble", error_message: "quota of the namespace is used up" },
    { tech: "Kubernetes", status: "Wobbled\u001b[2J<!channel>", error_message: "wobble" },
    { tech: "Kubernetes", status: "Complete" },
    { tech: "Kubernetes", status: "Complete", pipeline_name: "another-load" },
  ];
  const ingested = await load(records);
  const said = "2 runs have a status that was not read, 2 with an error text: ";
  expect(ingested.stdout).toContain(`${said}"QuotaWobble" (1), `);
  expect(ingested.stdout).toContain(`SOURCE_STATUSES='{"QuotaWobble":"CHOOSE"}'`);
  expect((await run(["status"])).stdout).toContain(said);
  expect(JSON.parse((await run(["status", "--json"])).stdout)).toMatchObject({ unread: { runs: 2, withError: 2, wordCount: 2 } });
  const doctor = await run(["doctor"]);
  expect(doctor.stdout).toContain(said);

  const { answer, facts, coverage } = await ask("combien d'échecs hier ?");
  expect(answer).toContain("0 échec sur 4 exécutions");
  expect(answer).toContain("À regarder\u202f: 2 exécutions au statut non reconnu («\u202fQuotaWobble\u202f» (1)");
  expect(answer).toContain("dont 2 avec un texte d’erreur, ni succès ni échec dans les chiffres");
  expect(facts).toMatchObject({ matching: 0 });
  expect(coverage.doubts).toContainEqual(expect.objectContaining({ kind: "unread_status", runs: 2, withError: 2 }));
  expect((await ask("combien d'échecs de another-load hier ?")).answer).not.toContain("statut non reconnu");
  expect((await ask("how many failures yesterday?")).answer).toContain("Look at: 2 runs with an unread status");

  const report = await run(["report", "--date", "2026-11-30", "--out", "out"]);
  expect(report.stdout).not.toContain("RAS");
  expect(report.stdout).toContain("2 exécutions au statut non reconnu");
  expect(report.stdout).toContain("À regarder");
  // eslint-disable-next-line no-control-regex
  for (const { stdout } of [ingested, doctor, report]) expect(stdout).not.toMatch(/\u001b/);
  expect(await readFile(join(dir, "out", "slack.json"), "utf8")).not.toContain("<!channel>");
  expect((await run(["anomalies", "--date", "2026-11-29"])).stdout).toContain(
    "2 exécutions au statut non lu, dont 2 avec un texte d'erreur",
  );

  const taught = { SOURCE_STATUSES: '{"quotawobble":"failed","Wobbled [2J<!channel>":"warning"}' };
  expect((await run(["ingest"], taught)).stdout).toMatch(/2 indexed, 2 unchanged/);
  const after = await ask("combien d'échecs hier ?", taught);
  expect(after.answer).toContain("1 échec sur 4 exécutions");
  expect(after.answer).not.toContain("statut non reconnu");
});

test("flow-rag, GitHub's status in two fields and durations in seconds, are read and pointed out", async () => {
  const records = [
    { status: "completed", conclusion: "failure", execution_time: 125.4 },
    { status: "completed", conclusion: "success", execution_time: 80.2 },
    { status: "in_progress", conclusion: null },
  ];
  const plain = { SOURCE_FIELDS: '{"durationMs":"execution_time"}' };
  const ingested = await load(records, plain);
  expect(ingested.stdout).toContain('durations look like seconds: set SOURCE_FIELDS={"durationMs":{"path":"execution_time","unit":"s"}}');
  expect(ingested.stdout).not.toContain("not read");
  expect((await ask("combien d'échecs hier ?", plain)).facts).toMatchObject({ matching: 1, runs: 3, byStatus: { running: 1, success: 1 } });

  const timed = { SOURCE_FIELDS: '{"durationMs":{"path":"execution_time","unit":"s"}}' };
  const again = await run(["ingest"], timed);
  expect(again.stdout).toMatch(/2 indexed, 1 unchanged/);
  expect(again.stdout).not.toContain("look like");
  expect((await ask("durée médiane hier ?", timed)).facts).toMatchObject({ duration: { median: 102_800, count: 2 } });
});

test("flow-rag, work that an upstream failure kept from running, is no failure, no success, and told", async () => {
  const records = [
    { status: "failed", error_message: "disk full", pipeline_name: "load" },
    { status: "upstream_failed", pipeline_name: "mart" },
    { status: "skipped", error_message: "Skipped because the upstream task failed", pipeline_name: "mart" },
    { status: "success", pipeline_name: "load" },
  ];
  await load(records);
  const { answer, facts } = await ask("quels pipelines ont échoué hier ?");
  expect(facts).toMatchObject({ matching: 1, runs: 4, byStatus: { failed: 1, upstream_failed: 2, success: 1 } });
  expect(answer).not.toContain("`mart`");
  expect(answer).toContain("S’y ajoutent 2 exécutions bloquées (amont)\u202f: jamais lancées, ni échec ni succès.");
  expect((await ask("combien d'exécutions bloquées en amont hier ?")).facts).toMatchObject({ matching: 2 });
  expect((await run(["report", "--date", "2026-11-30", "--out", "out"])).stdout).toContain("2 exécutions bloquées (amont)");
});
