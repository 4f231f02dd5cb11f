import type { SourceRecord } from "@flow-rag/contracts";
import { normaliseRecord, signatureOf } from "@flow-rag/insights";
import { listPipelines } from "./generate-sample-catalogue.js";
import { generateSample, type Incident, type SampleOptions, type SampleRecord } from "./generate-sample.js";

const zone = "Europe/Paris";
const options: SampleOptions = { days: 30, pipelines: 25, seed: 7, end: new Date("2026-05-06T05:30:00Z"), zone };
const sample = generateSample(options);
const normalise = (record: SampleRecord): ReturnType<typeof normaliseRecord> =>
  normaliseRecord(
    {
      source: "sample",
      recordId: record._id,
      fields: {
        pipeline: record.pipeline_name,
        tech: record.tech,
        status: record.status,
        timestamp: record.timestamp,
        error: record.error_message,
        durationMs: record.duration_ms,
      },
    } satisfies SourceRecord,
    { zone },
  );
const factsOf = (record: SampleRecord): Extract<ReturnType<typeof normaliseRecord>, { ok: true }>["facts"] => {
  const result = normalise(record);
  if (!result.ok) throw new Error(result.reason);
  return result.facts;
};
const incident = (kind: Incident["kind"]): Incident => {
  const found = sample.incidents.find((one) => one.kind === kind);
  if (!found) throw new Error(`no ${kind}`);
  return found;
};
const byId = new Map(sample.records.map((record) => [record._id, record]));
const recordsOf = (one: Incident): SampleRecord[] => one.recordIds.flatMap((id) => byId.get(id) ?? []);

test("generateSample, the same options, gives the same bytes", () => {
  expect(JSON.stringify(generateSample(options))).toBe(JSON.stringify(sample));
});

test("generateSample, another seed, gives other records", () => {
  expect(generateSample({ ...options, seed: 8 }).records[0]).not.toEqual(sample.records[0]);
});

test("generateSample, more pipelines and more days, leave the others' runs as they are", () => {
  const larger = new Map(generateSample({ ...options, days: 32, pipelines: 40 }).records.map((record) => [record._id, record]));
  // The planted return of an old error moves with the beginning of the window.
  const own = sample.records.filter(({ pipeline_name: name }) => name !== "crm_export");
  expect(own.filter((record) => JSON.stringify(larger.get(record._id)) !== JSON.stringify(record))).toEqual([]);
});

test("generateSample, every record, can be understood and has a known status", () => {
  const unknown = sample.records.filter((record) => factsOf(record).status === "unknown");
  expect(unknown).toEqual([]);
  expect(new Set(sample.records.map(({ _id }) => _id)).size).toBe(sample.records.length);
  expect(sample.records.every(({ _id }) => /^[0-9a-f]{24}$/.test(_id))).toBe(true);
});

test("generateSample, the whole window, fails between half a percent and three percent of the time", () => {
  const failed = sample.records.filter((record) => factsOf(record).status === "failed");
  expect(failed.length / sample.records.length).toBeGreaterThan(0.005);
  expect(failed.length / sample.records.length).toBeLessThan(0.03);
  expect(failed.every(({ error_message: error }) => signatureOf(error ?? null) !== null)).toBe(true);
  expect(failed.every(({ error_message: error }) => !/[{}]/.test(error ?? ""))).toBe(true);
});

test.each([3, 25, 200])("generateSample, %d pipelines, has failures in three technos yesterday", (pipelines) => {
  const { records } = generateSample({ ...options, pipelines, days: 2 });
  const yesterday = records.filter(
    ({ timestamp }) => timestamp >= new Date("2026-05-04T22:00Z") && timestamp < new Date("2026-05-05T22:00Z"),
  );
  const technos = new Set(yesterday.filter((record) => factsOf(record).status === "failed").map(({ tech }) => tech));
  expect(technos.size).toBeGreaterThanOrEqual(3);
});

test("generateSample, the end, has runs that are still running and none that begin later", () => {
  expect(sample.records.some((record) => factsOf(record).status === "running" && record.ended_at === undefined)).toBe(true);
  expect(sample.records.filter((record) => factsOf(record).ts >= options.end || (record.ended_at ?? options.end) > options.end)).toEqual(
    [],
  );
});

test("generateSample, the planted burst, is at least four failures and nothing else", () => {
  const burst = recordsOf(incident("failure_burst"));
  expect(burst.length).toBeGreaterThanOrEqual(4);
  expect(new Set(burst.map((record) => factsOf(record).status))).toEqual(new Set(["failed"]));
});

test("generateSample, the planted outage, fails every run of its tool in that hour", () => {
  const { tech, from, to, recordIds } = incident("tech_outage");
  const inHour = sample.records.filter((record) => record.tech === tech && record.timestamp >= from && record.timestamp < to);
  expect(inHour.length).toBeGreaterThan(5);
  expect(inHour.filter((record) => factsOf(record).status !== "failed" && recordIds.includes(record._id))).toEqual([]);
});

test("generateSample, the planted drift, takes about three times as long", () => {
  const { from, pipelines } = incident("duration_drift");
  const own = sample.records.filter((record) => record.pipeline_name === pipelines[0] && record.duration_ms !== undefined);
  const median = (records: SampleRecord[]): number =>
    records.map((record) => record.duration_ms ?? 0).sort((a, b) => a - b)[records.length >> 1] ?? 0;
  const ratio = median(own.filter(({ timestamp }) => timestamp >= from)) / median(own.filter(({ timestamp }) => timestamp < from));
  expect(ratio).toBeGreaterThan(2.4);
  expect(ratio).toBeLessThan(3.6);
});

test("generateSample, the silent pipeline, ran before and not since", () => {
  const { from, pipelines, recordIds } = incident("silent_pipeline");
  const own = sample.records.filter((record) => record.pipeline_name === pipelines[0]);
  expect(own.length).toBeGreaterThan(50);
  expect(own.filter(({ timestamp }) => timestamp >= from)).toEqual([]);
  expect(recordIds).toEqual([]);
});

test.each([
  ["new_error", 0],
  ["regressed_error", 1],
] as const)("generateSample, the planted %s, was seen %d times or more before, long ago", (kind, atLeast) => {
  const { from } = incident(kind);
  const ids = new Set(recordsOf(incident(kind)).map((record) => signatureOf(record.error_message ?? null)?.id));
  expect(ids.size).toBe(1);
  const before = sample.records.filter((record) => record.timestamp < from && ids.has(signatureOf(record.error_message ?? null)?.id));
  expect(before.length > 0).toBe(atLeast > 0);
  expect(before.every((record) => from.getTime() - factsOf(record).ts.getTime() > 20 * 86_400_000)).toBe(true);
});

test("generateSample, the night of the autumn change, keeps local schedules", () => {
  const { records } = generateSample({ ...options, days: 3, pipelines: 40, end: new Date("2026-10-26T11:00:00Z") });
  const clock = new Intl.DateTimeFormat("fr-FR", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
  const starts = records.filter((record) => record.pipeline_name === "orders-daily").map((record) => clock.format(factsOf(record).ts));
  expect(starts).toEqual(["04:10", "04:10", "04:10", "04:10"]);
  const quarters = records.filter(
    ({ pipeline_name: name, timestamp }) =>
      name === "orders-cdc" && timestamp >= new Date("2026-10-24T22:00Z") && timestamp < new Date("2026-10-25T23:00Z"),
  );
  expect(quarters.length).toBeGreaterThanOrEqual(99);
});

test("generateSample, flawed records wanted, adds that many which are refused", () => {
  const { records } = generateSample({ ...options, days: 2, flawed: 4 });
  expect(records.filter((record) => !normalise(record).ok)).toHaveLength(4);
});

test("listPipelines, two thousand, has no duplicates and begins with the shorter list", () => {
  const many = listPipelines(2_000);
  expect(new Set(many.map(({ name }) => name)).size).toBe(2_000);
  expect(many.slice(0, 60)).toEqual(listPipelines(60));
});
