import { runId, type Run } from "@flow-rag/contracts";
import { createRunStore } from "@flow-rag/stores";
import { createHarness, type Harness } from "@flow-rag/testing";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentOf, flowRag, type Ended } from "./command-line.js";

jest.setTimeout(120_000);

const hourMs = 3_600_000;
/** Begin of Tue 5 May 2026 in Paris. */
const day = Date.parse("2026-05-04T22:00:00Z");
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
        source: "flows",
        recordId: `${pipeline}-${index}`,
        pipeline,
        tech: "Spark",
        status: fails ? "failed" : "success",
        rawStatus: fails ? "KO" : "OK",
        ts: new Date(at),
        durationMs: 60_000,
        error: fails ? "disk full" : null,
        environment: null,
        owner: null,
        runRef: null,
        recordsProcessed: null,
        signature: fails ? "sig-a" : null,
        contentHash: "h",
        fingerprint: "f",
        indexedAt: new Date(at),
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
