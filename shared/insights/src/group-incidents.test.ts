import { fails, from, hourly, hourMs, morningOf, onDay, steady } from "../test/mornings.js";
import type { FollowedFinding } from "./follow-findings.js";
import { groupIncidents } from "./group-incidents.js";

const techs = ["Spark", "dbt", "Talend"];

/** Pipelines that each fail in an hour of their own from then on. */
const failing = (count: number, signatureOf: (index: number) => string) =>
  Array.from({ length: count }, (_, index) =>
    hourly(`p${index}`, (run) => {
      const own = { ...run, tech: techs[index % techs.length] as string };
      return onDay(run) && run.at > from + (index % 20) * hourMs ? fails(own, signatureOf(index)) : own;
    }),
  ).flat();

test("groupIncidents, one error on 43 pipelines of three technos at all hours, is one incident", async () => {
  const { incidents } = await morningOf([...steady, ...failing(43, () => "sig-a")]);
  expect(incidents).toHaveLength(1);
  expect(incidents[0]).toMatchObject({ signature: "sig-a", techs: ["Spark", "Talend", "dbt"], severity: "critical" });
  expect(incidents[0]?.pipelines).toHaveLength(43);
});

test("groupIncidents, two errors on several pipelines each, are two incidents", async () => {
  const { incidents } = await morningOf([...steady, ...failing(12, (index) => (index < 7 ? "sig-a" : "sig-b"))]);
  expect(incidents.map(({ signature, pipelines }) => [signature, pipelines.length])).toEqual([
    ["sig-a", 7],
    ["sig-b", 5],
  ]);
});

const finding = (pipeline: string, signature: string | null, fields: Partial<FollowedFinding> = {}): FollowedFinding => ({
  pipeline,
  tech: "Spark",
  kind: signature === null ? "failure_rate" : "new_error",
  severity: "warning",
  window: { from, to: from + 24 * hourMs },
  observed: 1,
  expected: 0,
  pValue: null,
  rule: null,
  signature,
  evidence: [],
  facts: { first: from },
  state: "new",
  since: from,
  ...fields,
});
const grouped = (findings: readonly FollowedFinding[], causeOf?: (signature: string) => string): string[] =>
  groupIncidents(findings, causeOf).map(({ findings: own }) => own.map(({ pipeline, signature }) => `${pipeline} ${signature}`).join(", "));

test("groupIncidents, a pipeline with two errors that others have too, joins them to no single event", () => {
  const findings = [finding("a", "x"), finding("b", "x"), finding("a", "y"), finding("c", "y"), finding("b", null), finding("a", "own")];
  expect(grouped(findings)).toEqual(["a x, b x, b null, a own", "a y, c y"]);
});

test("groupIncidents, errors of one cause, are one incident, and each is its own without that knowledge", () => {
  const findings = [finding("orders", "1"), finding("stock", "2", { tech: "dbt", facts: { first: from + 9 * hourMs } })];
  expect(grouped(findings, () => "one cause")).toEqual(["orders 1, stock 2"]);
  expect(grouped(findings)).toEqual(["orders 1", "stock 2"]);
});

test("groupIncidents, pipelines that are slow in one hour for reasons that nobody knows, are one incident by techno", () => {
  const slow = (pipeline: string, tech: string) => finding(pipeline, null, { kind: "duration", tech });
  expect(grouped([slow("a", "Spark"), slow("b", "dbt"), slow("c", "Spark")])).toEqual(["a null, c null", "b null"]);
});
