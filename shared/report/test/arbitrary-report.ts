import fc from "fast-check";
import type { Doubt } from "@flow-rag/contracts";
import type { FollowedFinding } from "@flow-rag/insights";
import type {
  Cause,
  FailingPipeline,
  LatePipeline,
  MissingPipeline,
  Owner,
  Report,
  ReportIncident,
  ReportPart,
  TopSignature,
} from "../src/report.js";

/** Texts as records may hold them when somebody means harm, or when nobody meant anything. */
export const hostileTexts = [
  "<!channel> <!here> <!everyone>",
  "<@U0123ABCD> <#C0123ABCD|general> <!subteam^S0123ABCD>",
  "<https://evil.example/?q=secret|click here>",
  "https://evil.example/a.png",
  "</td></tr></table><script>alert(1)</script>",
  "\"><img src=x onerror=alert(1)>' onmouseover='alert(1)",
  "<svg/onload=alert(1)>",
  "&lt;b&gt; &amp;amp; & < > \" '",
  "*bold* _italic_ ~strike~ `code` ```block``` > quote",
  "[text](javascript:alert(1)) ![x](http://evil.example/x.png)",
  "\r\nBcc: victim@example.com\r\n\r\n<html>",
  "\u202Eexe.txt\u202C \u200B\u2066zero\u2069 \u0000\u0007\u001b[31mred",
  "\uD83D half a pair \uDE00",
  "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿".repeat(40),
  "é".repeat(5_000),
  "x".repeat(10_000),
  "& ".repeat(3_000),
  "<".repeat(3_000),
  "]]> --> <!-- {{7*7}} ${7*7} =cmd|' /C calc'!A0",
  "cid:failures-by-day.png",
  "__proto__",
  "",
  "   \n\t ",
] as const;

const hostile = fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: "binary", maxLength: 60 }), fc.string({ maxLength: 30 }));
const count = fc.oneof(fc.nat(20), fc.nat(1_000_000));
const end = Date.parse("2026-05-06T05:30:00Z");
const instant = fc.integer({ min: end - 40 * 86_400_000, max: end - 1 }).map((at) => new Date(at).toISOString());
const owner: fc.Arbitrary<Owner> = fc.record({ name: hostile, mention: fc.option(fc.constantFrom("U0MENTION", "S0MENTION")) });
const owners = fc.array(owner, { maxLength: 3 });
const cause: fc.Arbitrary<Cause> = fc.record({ signature: fc.option(hostile), text: fc.option(hostile) });
const state = fc.constantFrom("new" as const, "regressed" as const, "ongoing" as const);
const severity = fc.constantFrom("info" as const, "warning" as const, "critical" as const);
const kind = fc.constantFrom("failure_rate", "consecutive_failures", "new_error", "regressed_error", "duration", "volume") as fc.Arbitrary<
  FollowedFinding["kind"]
>;

const finding: fc.Arbitrary<FollowedFinding> = fc.record({
  pipeline: hostile,
  tech: hostile,
  kind,
  severity,
  window: fc.constant({ from: end - 86_400_000, to: end }),
  observed: fc.double({ min: 0, max: 1e7, noNaN: true }),
  expected: fc.double({ min: 0, max: 1e7, noNaN: true }),
  pValue: fc.constant(null),
  rule: fc.constant(null),
  signature: fc.option(hostile),
  evidence: fc.constant([]),
  facts: fc.constant({ failed: 3, ended: 5, first: end - 3_600_000, quietDays: 12, usualFrom: 1_000, usualTo: 9_000, slow: 2, runs: 4 }),
  state,
  since: fc.constant(end - 5 * 86_400_000),
});
const incident: fc.Arbitrary<ReportIncident> = fc.record({
  state,
  severity,
  tech: hostile,
  pipelines: fc.array(hostile, { minLength: 1, maxLength: 12 }),
  kinds: fc.uniqueArray(kind, { minLength: 1, maxLength: 4 }),
  since: instant,
  findings: fc.array(finding, { minLength: 1, maxLength: 4 }),
  cause,
  failures: count,
  first: fc.option(instant),
  last: fc.option(instant),
  firstSeen: fc.option(instant),
  owners,
  example: fc.option(hostile),
});
const missing: fc.Arbitrary<MissingPipeline> = fc.record({
  pipeline: hostile,
  tech: hostile,
  state,
  severity,
  last: instant,
  habit: fc.constantFrom("cadence", "hours", "weekday", "daily"),
  everyMs: fc.option(fc.integer({ min: 1, max: 86_400_000 })),
  missing: count,
  back: fc.option(instant),
  owners,
});
const failingPipeline: fc.Arbitrary<FailingPipeline> = fc.record({
  pipeline: hostile,
  tech: hostile,
  failures: count,
  runs: count,
  first: instant,
  last: instant,
  stillFailing: fc.boolean(),
  owners,
  cause,
});
const latePipeline: fc.Arbitrary<LatePipeline> = fc.record({
  pipeline: hostile,
  tech: hostile,
  runs: count,
  failures: count,
  failedSince: fc.nat(3),
  first: instant,
  last: instant,
  owners,
  cause,
  state: fc.option(state),
});
const signature: fc.Arbitrary<TopSignature> = fc.record({
  cause,
  state: fc.option(fc.constantFrom("new", "regressed", "ongoing", "resolved")),
  recovered: fc.boolean(),
  failures: count,
  pipelines: fc.array(hostile, { minLength: 1, maxLength: 30 }),
  techs: fc.array(hostile, { minLength: 1, maxLength: 3 }),
  first: instant,
  last: instant,
  firstSeen: fc.option(instant),
});
const figures = fc
  .record({ failed: count, succeeded: count, other: fc.nat(50), p95Ms: fc.option(fc.nat(100_000_000)), pipelines: count })
  .map(({ failed, succeeded, other, p95Ms, pipelines }) => ({
    runs: failed + succeeded + other + 1,
    failed,
    ended: failed + succeeded,
    succeeded,
    byStatus: { failed, success: succeeded, unknown: other + 1 },
    p95Ms,
    pipelines,
  }));
const days = fc.array(
  fc.record({
    runs: fc.nat(3).map((runs) => runs * 400),
    failures: fc.array(fc.record({ tech: hostile, count: fc.integer({ min: 1, max: 5_000 }) }), { maxLength: 9 }),
  }),
  { minLength: 14, maxLength: 14 },
);
const worst = fc.array(
  fc.record({ pipeline: hostile, tech: hostile, failures: fc.array(fc.nat(3_000), { minLength: 14, maxLength: 14 }) }),
  { minLength: 1, maxLength: 10 },
);

const part = (lists: number): fc.Arbitrary<ReportPart> =>
  fc
    .record({
      verdict: fc.constantFrom("eventful" as const, "eventful" as const, "no_data" as const),
      isEmpty: fc.constant(false),
      figures,
      before: fc.option(figures),
      usual: fc.option(
        fc.record({
          spans: fc.integer({ min: 3, max: 7 }),
          runs: count,
          failed: count,
          successShare: fc.constant(0.5),
          p95Ms: fc.constant(1),
        }),
      ),
      incidents: fc.array(incident, { maxLength: lists }),
      missing: fc.array(missing, { maxLength: lists }),
      resolved: fc.array(fc.record({ pipeline: hostile, kinds: fc.uniqueArray(kind, { minLength: 1, maxLength: 3 }), since: instant }), {
        maxLength: lists,
      }),
      late: fc.option(
        fc.record({
          toldUntil: fc.constant(new Date(end - 86_400_000).toISOString()),
          runs: count,
          failures: count,
          failedSince: fc.nat(3),
          pipelines: fc.array(latePipeline, { maxLength: lists }),
        }),
      ),
      failing: fc.array(failingPipeline, { maxLength: lists }),
      techs: fc.array(fc.record({ tech: hostile, failures: count, runs: count, pipelines: count }), { maxLength: 12 }),
      signatures: fc.array(signature, { maxLength: lists }),
      unjudged: fc.array(hostile, { maxLength: lists }),
      days,
      worst,
      prose: fc.option(fc.record({ text: hostile, by: fc.constantFrom("llm" as const, "template" as const), reason: fc.constant(null) })),
    })
    .map((one) => ({ ...one, days: one.days.map((day, index) => ({ ...day, date: `2026-04-${String(index + 10)}` })) }));

const doubt: fc.Arbitrary<Doubt> = fc.oneof(
  fc.record({ kind: fc.constant("data_until" as const), at: fc.option(instant) }),
  fc.record({
    kind: fc.constant("source_stopped" as const),
    source: fc.constant("flows"),
    why: fc.constantFrom("silent" as const, "pull_failing" as const, "not_pulled" as const),
    since: instant,
    reason: fc.option(hostile),
  }),
  fc.record({ kind: fc.constant("gap" as const), source: fc.constant("flows"), from: instant, to: instant }),
  fc.record({
    kind: fc.constant("unread_status" as const),
    runs: count,
    withError: count,
    words: fc.array(fc.record({ word: hostile, runs: count }), { maxLength: 5 }),
    others: count,
  }),
  fc.record({ kind: fc.constant("pending" as const), records: fc.option(count) }),
  fc.record({ kind: fc.constant("set_aside" as const), records: count }),
  fc.record({ kind: fc.constant("future_runs" as const), runs: count, until: instant }),
);

/** Reports with any text in any place. `lists` is the greatest length of a list. */
export const arbitraryReport = (lists: number): fc.Arbitrary<Report> =>
  fc
    .record({
      kind: fc.constantFrom("daily" as const, "weekly" as const),
      language: fc.constantFrom("fr" as const, "en" as const),
      isLate: fc.boolean(),
      dueAt: fc.option(instant),
      coverage: fc.record({ dataUntil: fc.option(instant), stale: fc.boolean(), doubts: fc.array(doubt, { maxLength: lists }) }),
      all: part(lists),
    })
    .map((one) => ({
      version: 1 as const,
      date: "2026-05-06",
      zone: "Europe/Paris",
      window: { from: "2026-05-05T05:30:00.000Z", to: "2026-05-06T05:30:00.000Z" },
      parts: {},
      ...one,
    }));
