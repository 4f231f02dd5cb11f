import type { FindingKind } from "./finding.js";
import type { FollowedFinding } from "./follow-findings.js";
import { groupIncidents } from "./group-incidents.js";

const hourMs = 3_600_000;
/** Findings of different technos, so that none is grouped with another. */
const finding = (pipeline: string, kind: FindingKind, rest: Partial<FollowedFinding> = {}): FollowedFinding => ({
  pipeline,
  tech: pipeline,
  kind,
  severity: "warning",
  window: { from: 0, to: 24 * hourMs },
  observed: 3,
  expected: 3,
  pValue: null,
  rule: "a rule",
  signature: null,
  evidence: [],
  facts: {},
  state: "new",
  since: 0,
  ...rest,
});
const orderOf = (...findings: FollowedFinding[]): string[] => groupIncidents(findings).map(({ pipelines }) => pipelines.join("+"));

test("incidents, one that fails on and one that is slow, begin with the one that costs more", () => {
  expect(orderOf(finding("slow", "duration", { pValue: 1e-9 }), finding("failing", "consecutive_failures"))).toEqual(["failing", "slow"]);
});

test.each<[string, FollowedFinding, FollowedFinding]>([
  [
    "over",
    finding("a", "missing_run", { facts: { missing: 2, back: 0 } }),
    finding("b", "missing_run", { facts: { missing: 2, back: 1 } }),
  ],
  ["known", finding("a", "new_error"), finding("b", "new_error", { state: "ongoing" })],
  ["less sure", finding("a", "volume", { pValue: 1e-9 }), finding("b", "volume", { pValue: 1e-4 })],
  ["fewer runs", finding("a", "missing_run", { facts: { missing: 6 } }), finding("b", "missing_run", { facts: { missing: 1 } })],
])("incidents, two of a kind of which one is %s, begin with the other", (_case, dear, cheap) => {
  expect(orderOf({ ...cheap, pipeline: "a", tech: "a" }, { ...dear, pipeline: "z", tech: "z" })).toEqual(["z", "a"]);
});

test("incidents, one event of many pipelines, comes before a dearer one of a single pipeline", () => {
  const many = ["m1", "m2", "m3", "m4", "m5"].map((name) => finding(name, "new_error", { tech: "m", signature: "s" }));
  expect(orderOf(finding("a", "consecutive_failures"), ...many)[0]).toBe("m1+m2+m3+m4+m5");
});
