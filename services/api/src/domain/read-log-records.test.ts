import { sourceFields } from "@flow-rag/contracts";
import { toDocument, toPushedRun } from "./read-log-records.js";

const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const fields = sourceFields.parse({});

test("toPushedRun, an error of a service, is a failed run with its text", () => {
  const record = { timeUnixNano: "1778025600000000000", severityNumber: 17, body: { stringValue: "disk full" }, traceId: "t1" };
  expect(toPushedRun(record, [attribute("service.name", "orders-daily"), attribute("deployment.environment.name", "prod")])).toEqual({
    pipeline: "orders-daily",
    environment: "prod",
    status: "failed",
    error: "disk full",
    runId: "t1",
    timestamp: new Date("2026-05-06T00:00:00Z"),
  });
});

test("toPushedRun, attributes of the record and of its resource, the record's own win", () => {
  const attributes = [attribute("pipeline", "crm_export"), attribute("status", "KO"), { key: "duration_ms", value: { intValue: "1200" } }];
  expect(toPushedRun({ timeUnixNano: 1.7780256e18, attributes }, [attribute("pipeline", "other")])).toMatchObject({
    pipeline: "crm_export",
    status: "KO",
    durationMs: 1_200,
  });
});

test.each([
  ["no pipeline", { timeUnixNano: "1778025600000000000" }],
  ["no time", { attributes: [attribute("pipeline", "p")] }],
])("toPushedRun, %s, is no run", (_situation, record) => {
  expect(toPushedRun(record, [])).toBeUndefined();
});

test("toDocument, the same run id twice and another one, have one id and another", () => {
  const run = { pipeline: "p", runId: "1", status: "running", timestamp: new Date(0) };
  const [first, again, other] = [run, { ...run, status: "failed" }, { ...run, runId: "2" }].map((one) => toDocument(one, fields)._id);
  expect([first === again, first === other]).toEqual([true, false]);
});

test("toDocument, a source with dotted fields, nests them", () => {
  const mapped = sourceFields.parse({ pipeline: "job.name", status: "job.state" });
  expect(toDocument({ pipeline: "p", status: "OK" }, mapped)).toMatchObject({ job: { name: "p", state: "OK" } });
});
