import type { RunFacts, SourceRecord } from "@flow-rag/contracts";
import fc from "fast-check";
import { normaliseRecord } from "./normalise-record.js";

const record = (fields: SourceRecord["fields"]): SourceRecord => ({ source: "flows", recordId: "r1", fields });
const base = { pipeline: "orders-daily", timestamp: new Date("2026-05-05T02:10:00Z") };
const zone = "Europe/Paris";

function factsOf(fields: SourceRecord["fields"]): RunFacts {
  const result = normaliseRecord(record({ ...base, ...fields }), { zone });
  if (!result.ok) throw new Error(result.reason);
  return result.facts;
}
function reasonOf(fields: SourceRecord["fields"]): string {
  const result = normaliseRecord(record({ ...base, ...fields }), { zone });
  if (result.ok) throw new Error("understood");
  return result.reason;
}

test("normaliseRecord, a full record, gives every fact", () => {
  const facts = factsOf({
    tech: " Spark ",
    status: "Échec",
    error: "line 1\r\n\tline 2",
    durationMs: 1200.4,
    environment: "prod",
    owner: "équipe Finance",
    runId: 17,
    recordsProcessed: "250",
  });
  expect(facts).toEqual({
    pipeline: "orders-daily",
    tech: "Spark",
    status: "failed",
    rawStatus: "Échec",
    ts: new Date("2026-05-05T02:10:00Z"),
    durationMs: 1200,
    error: "line 1\n\tline 2",
    environment: "prod",
    owner: "équipe Finance",
    runRef: "17",
    recordsProcessed: 250,
  });
});

test("normaliseRecord, only a pipeline and an instant, leaves the rest unknown", () => {
  expect(factsOf({})).toMatchObject({
    tech: "unknown",
    status: "unknown",
    rawStatus: "",
    durationMs: null,
    error: null,
    environment: null,
    owner: null,
  });
});

test.each([
  ["a date", new Date("2026-05-05T02:10:00Z")],
  ["text with an offset", "2026-05-05T04:10:00+02:00"],
  ["text without an offset", "2026-05-05 04:10:00"],
  ["seconds", 1777947000],
  ["milliseconds", 1777947000000],
  ["digit text in seconds", "1777947000"],
  ["digit text in milliseconds", " 1777947000000 "],
  ["extended JSON text", { $date: "2026-05-05T02:10:00Z" }],
  ["extended JSON number", { $date: { $numberLong: "1777947000000" } }],
])("normaliseRecord, the timestamp is %s, gives the instant", (_kind, timestamp) => {
  expect(factsOf({ timestamp }).ts.toISOString()).toBe("2026-05-05T02:10:00.000Z");
});

test.each([
  ["blank text", "  ", "timestamp: blank text given"],
  ["nothing readable", "secret-moment", "timestamp: text of 13 characters given"],
  ["an invalid date", new Date(NaN), "timestamp: an invalid date given"],
  ["a date out of range", new Date("1969-12-31T00:00:00Z"), "timestamp: a date given"],
  ["an epoch out of range", 12, "timestamp: a number given"],
  ["NaN", NaN, "timestamp: a number given"],
  ["a year of four thousand", "4026-05-05", "timestamp: text of 10 characters given"],
  ["an object", { at: 1 }, "timestamp: an object given"],
  ["a boolean", true, "timestamp: a boolean given"],
])("normaliseRecord, the timestamp is %s, refuses without quoting it", (_kind, timestamp, reason) => {
  expect(reasonOf({ timestamp })).toBe(
    `${reason}; accepted: a date, ISO 8601 text or an epoch in seconds or milliseconds, between 1990 and 2100`,
  );
});

test("normaliseRecord, no timestamp, takes the end, else the start, else the update", () => {
  const endedAt = "2026-05-05T03:00Z";
  const startedAt = "2026-05-05T02:00Z";
  const updatedAt = "2026-05-05T05:00Z";
  const at = (fields: SourceRecord["fields"]): string =>
    factsOf({ timestamp: null, ...fields })
      .ts.toISOString()
      .slice(11, 16);
  expect([at({ endedAt, startedAt, updatedAt }), at({ startedAt, updatedAt }), at({ updatedAt })]).toEqual(["03:00", "02:00", "05:00"]);
  expect(reasonOf({ timestamp: null, endedAt: "soon", startedAt })).toMatch(/^endedAt: text of 4 characters/);
});

test.each([
  ["missing", undefined],
  ["null", null],
  ["blank", " \t"],
])("normaliseRecord, the pipeline is %s, keeps the run under a name that says so", (_case, pipeline) => {
  expect(factsOf({ pipeline }).pipeline).toBe("unknown");
});

test.each([
  ["only control characters", "\u0000\u200b", "text of 2 characters"],
  ["an object", { a: 1 }, "an object"],
])("normaliseRecord, the pipeline is %s, refuses and names the field", (_case, pipeline, kind) => {
  expect(reasonOf({ pipeline })).toBe(`pipeline: ${kind} given; accepted: text, a number or nothing`);
});

test.each([
  ["digit text", { durationMs: "1500" }, 1500],
  ["a fraction", { durationMs: 1499.6 }, 1500],
  ["zero", { durationMs: 0 }, 0],
  ["negative", { durationMs: -1 }, null],
  ["NaN", { durationMs: NaN }, null],
  ["infinite", { durationMs: Infinity }, null],
  ["words", { durationMs: "fast" }, null],
  ["a long integer", { durationMs: { $numberLong: "1500" } }, 1500],
  ["absent, with start and end", { startedAt: "2026-05-05T02:00Z", endedAt: "2026-05-05T02:00:01.5Z" }, 1500],
  ["absent, over the autumn change", { startedAt: "2026-10-25T00:30", endedAt: "2026-10-25T03:30" }, 4 * 3_600_000],
  ["absent, the end before the start", { startedAt: "2026-05-05T02:00Z", endedAt: "2026-05-05T01:00Z" }, null],
  ["negative, with start and end", { durationMs: -1, startedAt: "2026-05-05T02:00Z", endedAt: "2026-05-05T03:00Z" }, null],
])("normaliseRecord, the duration is %s, gives it or null", (_case, fields, expected) => {
  expect(factsOf(fields).durationMs).toBe(expected);
});

test.each([
  [true, "success", "true"],
  [false, "failed", "false"],
  [0, "unknown", "0"],
  ["Weird état", "unknown", "Weird état"],
  [{ code: 3 }, "unknown", '{"code":3}'],
])("normaliseRecord, the status %p, is %s and stays readable", (status, expected, rawStatus) => {
  expect(factsOf({ status })).toMatchObject({ status: expected, rawStatus });
});

test.each([
  ["lines", ["first", "second"], "first\nsecond"],
  ["an object with a message", { message: "broken", code: 3 }, "broken"],
  ["another object", { code: 3 }, '{"code":3}'],
  ["terminal colours", "\u001b[31mERROR\u001b[0m x", "ERROR x"],
  ["blank", " \n ", null],
  ["false", false, null],
])("normaliseRecord, the error is %s, gives its text", (_case, error, expected) => {
  expect(factsOf({ error }).error).toBe(expected);
});

test("normaliseRecord, secrets in any text, are replaced", () => {
  const facts = factsOf({
    pipeline: "load postgres://etl:hunter2@db/x",
    owner: "jane.doe@example.com",
    error: "pass\u200bword=hunter2 for jane.doe@example.com",
    status: "KO token=hunter2",
  });
  expect(JSON.stringify(facts)).not.toMatch(/hunter2|jane/);
  expect(facts).toMatchObject({
    pipeline: "load postgres://<CREDENTIALS_1>@db/x",
    owner: "<EMAIL_1>",
    error: "password=<SECRET_1> for <EMAIL_1>",
  });
});

test.each([
  "orders-daily",
  "crm_export",
  "mart_finance",
  "Contrôle qualité – ventes (J-1)",
  "knightliao/disconf",
  "Re-use of editions and text collections",
  "équipe Finance",
])("normaliseRecord, the ordinary name %j, stays as it is", (name) => {
  expect(factsOf({ pipeline: name, owner: name })).toMatchObject({ pipeline: name, owner: name });
});

test("normaliseRecord, a long error, is cut at 8,000 without half a character", () => {
  const error = factsOf({ error: `x${"😀".repeat(10_000)}` }).error ?? "";
  expect(error).toHaveLength(7_999);
  expect(error).not.toMatch(/\p{Cs}/u);
});

test("normaliseRecord, a secret across the reading limit, does not survive in part", () => {
  const secrets = Array.from({ length: 1_500 }, (_, index) => `person.number.${index}@example.com`).join(" ");
  expect(factsOf({ error: secrets }).error).not.toContain("person");
});

test("normaliseRecord, any fields at all, never throws and keeps the limits", () => {
  const anything = fc.dictionary(
    fc.constantFrom(
      "pipeline",
      "tech",
      "status",
      "error",
      "timestamp",
      "durationMs",
      "startedAt",
      "endedAt",
      "runId",
      "owner",
      "recordsProcessed",
    ),
    fc.oneof(fc.anything({ withDate: true, withBigInt: true }), fc.string({ unit: "binary" }), fc.date({ noInvalidDate: false })),
  );
  fc.assert(
    fc.property(anything, (fields) => {
      const result = normaliseRecord(record(fields), { zone });
      if (!result.ok) return;
      const { facts } = result;
      expect(facts.pipeline).toMatch(/\S/);
      expect(Number.isFinite(facts.ts.getTime())).toBe(true);
      expect(facts.durationMs ?? 0).toBeGreaterThanOrEqual(0);
      expect(`${facts.pipeline}${facts.tech}${facts.rawStatus}${facts.owner ?? ""}`).not.toMatch(/[\p{Cc}\p{Cs}]/u);
    }),
  );
});
