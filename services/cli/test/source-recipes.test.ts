import { sourceFields, sourceStatuses } from "@flow-rag/contracts";
import { normaliseRecord } from "@flow-rag/insights";
import { createFieldReader } from "@flow-rag/stores";
import { readFileSync } from "node:fs";

const guide = readFileSync(new URL("../../../docs/SOURCES.md", import.meta.url), "utf8");
const recipes = new Map(
  [...guide.matchAll(/^\| ([A-Z][^|`]*?|dbt) +\| `(\{.*\})` +\|$/gm)].map(([, name = "", json = ""]) => [name, json] as const),
);

type Expected = { status: string; error?: string | null; durationMs?: number | null; tech?: string };
function factsOf(fields: unknown, document: Record<string, unknown>, statuses: unknown = {}) {
  const read = createFieldReader({ fields: sourceFields.parse(fields), statuses: sourceStatuses.parse(statuses) });
  const run = normaliseRecord(
    { source: "flows", recordId: "1", fields: read({ timestamp: new Date("2026-11-29T10:00:00Z"), ...document }) },
    { zone: "UTC" },
  );
  if (!run.ok) throw new Error(run.reason);
  return run.facts;
}

const conditions = (...list: readonly [type: string, status: string, message?: string][]) => ({
  status: { startTime: "2026-11-29T09:00:00Z", conditions: list.map(([type, status, message]) => ({ type, status, message })) },
});
const samples: Readonly<Record<string, readonly (readonly [Record<string, unknown>, Expected])[]>> = {
  "GitHub Actions": [
    [{ status: "completed", conclusion: "failure" }, { status: "failed" }],
    [{ status: "completed", conclusion: "success" }, { status: "success" }],
    [{ status: "completed", conclusion: null }, { status: "unknown" }],
    [{ status: "completed" }, { status: "unknown" }],
    [{ status: "in_progress", conclusion: null }, { status: "running" }],
  ],
  "Azure DevOps": [
    [{ state: "completed", result: "partiallySucceeded" }, { status: "warning" }],
    [{ state: "completed", result: "failed" }, { status: "failed" }],
    [{ state: "inProgress", result: null }, { status: "running" }],
  ],
  Databricks: [
    [{ state: { life_cycle_state: "TERMINATED", result_state: "FAILED", state_message: "boom" } }, { status: "failed", error: "boom" }],
    [{ state: { life_cycle_state: "TERMINATED", result_state: "UPSTREAM_FAILED" } }, { status: "upstream_failed" }],
    [{ state: { life_cycle_state: "RUNNING", state_message: "" } }, { status: "running", error: null }],
    [{ state: { life_cycle_state: "INTERNAL_ERROR" } }, { status: "failed" }],
    [{ state: { life_cycle_state: "TERMINATED" } }, { status: "unknown" }],
  ],
  Jenkins: [
    [{ building: true, result: null }, { status: "running" }],
    [
      { building: false, result: "UNSTABLE", duration: 1_200 },
      { status: "warning", durationMs: 1_200 },
    ],
    [{ building: false, result: "SUCCESS" }, { status: "success" }],
  ],
  "Kubernetes Jobs": [
    [conditions(["SuccessCriteriaMet", "True"], ["Complete", "True"]), { status: "success", error: null }],
    [
      conditions(["Complete", "False"], ["Failed", "True", "Job has reached its limit"]),
      { status: "failed", error: "Job has reached its limit" },
    ],
    [conditions(), { status: "running" }],
  ],
  "GitLab CI": [
    [
      { status: "failed", duration: 12.5, failure_reason: "script_failure" },
      { status: "failed", durationMs: 12_500, error: "script_failure" },
    ],
  ],
  "Azure Data Factory": [
    [
      { status: "Succeeded", durationInMs: 4_200, error: { errorCode: "", message: "", failureType: "", target: "" } },
      { status: "success", error: null, durationMs: 4_200 },
    ],
    [
      { status: "Failed", error: { errorCode: "2200", message: "ErrorCode=SqlFailedToConnect" } },
      { status: "failed", error: "ErrorCode=SqlFailedToConnect" },
    ],
  ],
  Airflow: [
    [
      { state: "upstream_failed", duration: null, start_date: null, logical_date: "2026-11-29T00:00:00+00:00" },
      { status: "upstream_failed", durationMs: null },
    ],
    [
      { state: "success", duration: 3.25, start_date: "2026-11-29T01:00:00+00:00" },
      { status: "success", durationMs: 3_250 },
    ],
  ],
  dbt: [
    [
      { status: "success", execution_time: 125.4, message: "SELECT 10" },
      { status: "success", durationMs: 125_400, error: null, tech: "dbt" },
    ],
    [{ status: "skipped", execution_time: 0, message: null }, { status: "upstream_failed" }],
    [
      { status: "error", execution_time: 1, message: "Database Error" },
      { status: "failed", error: "Database Error" },
    ],
  ],
  YARN: [
    [{ state: "FINISHED", finalStatus: "FAILED" }, { status: "failed" }],
    [{ state: "RUNNING", finalStatus: "UNDEFINED" }, { status: "running" }],
  ],
  BigQuery: [
    [{ status: { state: "DONE", errorResult: { reason: "quotaExceeded", message: "Quota" } } }, { status: "failed", error: "Quota" }],
    [{ status: { state: "DONE" } }, { status: "success", error: null }],
  ],
  "Argo Workflows": [[{ status: { phase: "Error", message: "pod deleted" } }, { status: "failed", error: "pod deleted" }]],
};

test("docs/SOURCES.md, its recipes, are those that are tried here", () => {
  expect([...recipes.keys()].sort()).toEqual(Object.keys(samples).sort());
});

test.each(
  Object.entries(samples).flatMap(([system, list]) =>
    list.map(([document, expected]) => [system, JSON.stringify(document), expected, document] as const),
  ),
)("docs/SOURCES.md, the recipe for %s, reads %s", (system, _text, expected, document) =>
  expect(factsOf(JSON.parse(recipes.get(system) ?? "{}"), document)).toMatchObject(expected),
);

test.each([
  ["GitHub's failure", { status: "completed", conclusion: "failure" }, "failed"],
  ["a conclusion that is still empty", { status: "completed", conclusion: null }, "unknown"],
  ["YARN's final status", { status: "FINISHED", finalStatus: "FAILED" }, "failed"],
  ["Azure's result", { status: "completed", result: "failed" }, "failed"],
  ["a result that is no outcome", { status: "completed", result: { rows: 12 } }, "success"],
  ["a result in words", { status: "completed", result: "12 rows" }, "success"],
  ["no second field", { status: "completed" }, "success"],
  ["a run that goes on", { status: "in_progress", conclusion: null }, "running"],
])("SOURCE_FIELDS, unset, reads %s", (_case, document, status) => {
  expect(factsOf({}, document).status).toBe(status);
});

test("SOURCE_FIELDS, paths in order, take the first that holds something; an outcome that is there and empty makes no success", () => {
  const fields = { status: ["conclusion", "status"], pipeline: ["job", "name"] };
  expect(factsOf(fields, { conclusion: "failure", status: "completed", job: " ", name: "b" })).toMatchObject({
    status: "failed",
    pipeline: "b",
  });
  expect(factsOf(fields, { conclusion: null, status: "completed" }).status).toBe("unknown");
  expect(factsOf(fields, { status: "completed" }).status).toBe("success");
  expect(factsOf(fields, { conclusion: "", status: "failed" }).status).toBe("failed");
});

test("SOURCE_STATUSES, own words and numbers, win over what is known and keep the word that was written", () => {
  const own = { KAPUTT: "failed", "7": "success", OK: "warning" };
  const read = (status: unknown) => {
    const { status: found, rawStatus } = factsOf({}, { status }, own);
    return [found, rawStatus];
  };
  expect([read("kaputt"), read(7), read("7"), read("Ok"), read(8)]).toEqual([
    ["failed", "kaputt"],
    ["success", "7"],
    ["success", "7"],
    ["warning", "Ok"],
    ["unknown", "8"],
  ]);
});

test.each([
  ["0", 0],
  ["0 as text", "0"],
  ["the year 1", "0001-01-01T00:00:00Z"],
  ["the year 1 as a date", new Date("0001-01-01T00:00:00Z")],
  ["the epoch's begin", "1970-01-01T00:00:00Z"],
])("createFieldReader, an end of %s, is no end: the next place is the time", (_situation, end) => {
  const fields = sourceFields.parse({ timestamp: ["end_time", "start_time"], endedAt: ["end_time", "closed"] });
  const read = createFieldReader({ fields });
  expect(read({ end_time: end, start_time: 1_795_946_400_000, closed: 1_795_946_500_000 })).toMatchObject({
    timestamp: 1_795_946_400_000,
    endedAt: 1_795_946_500_000,
  });
  expect(read({ end_time: end })).toMatchObject({ timestamp: end }); // told as what it is where nothing else is there
});
