import { runId, type Run } from "@flow-rag/contracts";
import { createRunStore, createSignatureStore } from "@flow-rag/stores";
import { createHarness, type Harness } from "@flow-rag/testing";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentOf, flowRag, type Ended } from "./command-line.js";

jest.setTimeout(120_000);

const hourMs = 3_600_000;
/** Begin of Tue 5 May 2026 in Paris. */
const day = Date.parse("2026-05-04T22:00:00Z");
/** What the runs of these tests have in common. */
const usual = {
  rawStatus: "OK",
  durationMs: 60_000,
  error: null,
  environment: null,
  owner: null,
  runRef: null,
  recordsProcessed: null,
  contentHash: "h",
  fingerprint: "f",
  indexedAt: new Date(day),
};
let world: Harness;
let dir: string;
beforeAll(async () => {
  world = await createHarness();
  dir = await mkdtemp(join(tmpdir(), "flow-rag-cli-"));
  const runs = ["orders", "stock"].flatMap((pipeline) =>
    Array.from({ length: 41 * 24 }, (_, index): Run => {
      const at = day - 40 * 24 * hourMs + index * hourMs + 60_000;
      const fails = pipeline === "orders" && at >= day && at < day + 4 * hourMs;
      return {
        ...usual,
        source: "flows",
        recordId: `${pipeline}-${index}`,
        pipeline,
        tech: "Spark",
        status: fails ? "failed" : "success",
        rawStatus: fails ? "KO" : "OK",
        ts: new Date(at),
        error: fails ? "disk full" : null,
        signature: fails ? "sig-a" : null,
      };
    }),
  );
  await createRunStore(world.state).upsert(runs);
});
afterAll(async () => {
  expect(await world.lifecycle.close()).toBe(true);
  await rm(dir, { recursive: true });
});
const run = (...args: string[]): Promise<Ended> => flowRag(args, environmentOf(world), { cwd: dir });

test("flow-rag anomalies, a day with a burst, lists one incident, its sentences and every failure", async () => {
  const { code, stdout } = await run("anomalies", "--date", "2026-05-05", "--json");
  const morning = JSON.parse(stdout) as {
    incidents: { pipelines: string[]; state: string; findings: { sentence: { en: string } }[] }[];
    failures: { id: string; at: string }[];
  };
  expect(code).toBe(0);
  expect(morning.incidents).toMatchObject([{ pipelines: ["orders"], state: "new" }]);
  expect(morning.incidents[0]?.findings.map(({ sentence }) => sentence.en)).toContain(
    "orders: 4 failures in a row since Tue 5 May 00:01, recovered since.",
  );
  expect(morning.failures).toHaveLength(4);
  expect(morning.failures[0]).toMatchObject({ id: runId({ source: "flows", recordId: "orders-960" }), at: "2026-05-04T22:01:00.000Z" });
});

test("flow-rag anomalies, a quiet day, is one line", async () => {
  expect((await run("anomalies", "--date", "2026-05-04")).stdout).toBe("2026-05-04\u202f: RAS. 48 exécutions de 2 pipelines, 0 échec.\n");
});

test("flow-rag anomalies in English, a quiet day and one with a burst, speaks English", async () => {
  expect((await run("anomalies", "--date", "2026-05-04", "--lang", "en")).stdout).toBe(
    "2026-05-04: all clear. 48 runs of 2 pipelines, 0 failures.\n",
  );
  const { stdout } = await run("anomalies", "--date", "2026-05-05", "--lang", "en");
  expect(stdout).toContain("orders: 4 failures in a row since Tue 5 May 00:01, recovered since.");
  expect(stdout).not.toMatch(/échec|exécution/);
});

test("flow-rag signatures list, an error that came back after quiet days, says when and how often", async () => {
  const at = (daysAgo: number): Date => new Date(Date.now() - daysAgo * 24 * hourMs);
  const error = { signature: "sig-back", template: "quota <num> exceeded", example: "quota 7 exceeded", pipeline: "billing", tech: "SQL" };
  const dates = [at(40), at(2)];
  await createSignatureStore(world.state).note(dates.map((date) => ({ ...error, at: date })));
  const failed: Omit<Run, "recordId" | "ts"> = {
    ...usual,
    source: "quota",
    pipeline: "billing",
    tech: "SQL",
    signature: "sig-back",
    status: "failed" as const,
  };
  await createRunStore(world.state).upsert(dates.map((ts, index) => ({ ...failed, recordId: `billing-${index}`, ts })));
  const { code, stdout } = await run("signatures", "list", "--json", "--limit", "1");
  const returned = dates[1]?.toISOString().slice(0, 10);
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { id: "sig-back", state: "regressed", regressedOn: returned, count: 2 }]);
  expect((await run("signatures", "list", "--limit", "1")).stdout).toContain(`sig-back · regressed · came back ${returned ?? ""} · 2 runs`);
  const patient = await flowRag(["signatures", "list", "--json"], { ...environmentOf(world), REGRESSED_AFTER_DAYS: "60" }, { cwd: dir });
  expect(JSON.parse(patient.stdout)).toMatchObject({ id: "sig-back", state: "new" });
});

test("flow-rag backtest, three days, counts the mornings and the rules, and obeys the settings", async () => {
  const days = ["backtest", "--from", "2026-05-03", "--to", "2026-05-05", "--json"];
  expect(JSON.parse((await run(...days)).stdout)).toMatchObject({ mornings: 3, flagged: 1, allClear: 2, failures: 4 });
  expect(JSON.parse((await run(...days, "--rule", "duration,volume")).stdout)).toMatchObject({ flagged: 0, incidents: 0 });
  await writeFile(join(dir, "settings.yaml"), "muted:\n  - ord*\n");
  expect(JSON.parse((await run(...days, "--settings", "settings.yaml")).stdout)).toMatchObject({ flagged: 0, failures: 4 });
});

test.each([
  ["a day that is none", ["anomalies", "--date", "2026-02-31"]],
  ["an unknown zone", ["anomalies", "--tz", "Paris"]],
  ["an unknown rule", ["backtest", "--from", "2026-05-01", "--to", "2026-05-02", "--rule", "mood"]],
  ["days in the wrong order", ["backtest", "--from", "2026-05-02", "--to", "2026-05-01"]],
  ["settings that are not there", ["anomalies", "--settings", "nowhere.yaml"]],
])("flow-rag, %s, is wrong usage", async (_situation, args) => {
  expect(await run(...args)).toMatchObject({ code: 2, stdout: "" });
});

test("flow-rag anomalies, settings with an unknown key, names it", async () => {
  await writeFile(join(dir, "wrong.yaml"), "mutted: []\n");
  const { code, stderr } = await run("anomalies", "--settings", "wrong.yaml");
  expect([code, stderr]).toEqual([2, expect.stringContaining("mutted")]);
});
