import { createSignatureMiner, normaliseRecord } from "@flow-rag/insights";
import { DateTime } from "@flow-rag/kernel";
import type { Evaluate } from "@flow-rag/testing";
import type { ToldSpan } from "@flow-rag/contracts";
import fc from "fast-check";
import { existsSync, readFileSync } from "node:fs";
import { generateSample } from "../../../services/cli/src/domain/generate-sample.js";
import { buildReport, type ReportInput } from "../src/build-report.js";
import { composeDocument } from "../src/compose-document.js";
import type { WriteProse } from "../src/prose.js";
import { renderEmail } from "../src/render-report.js";
import { renderSlack } from "../src/render-slack.js";
import type { Report, ReportPart } from "../src/report.js";
import { readRoutes } from "../src/routes.js";
import { settings } from "../src/settings.js";
import { memoryStores, type TestRun } from "../test/memory-stores.js";

const websiteChecks = new URL("../../../../shared/data/runs/website-checks.ndjson", import.meta.url);
const zone = "Europe/Paris";
const days = 30;
const dayMs = 86_400_000;
const set = settings.parse({});
const routes = readRoutes(set, { hasDefaultChannels: true });

type Raw = Readonly<Record<string, unknown>>;
const plain = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "$date" in value
    ? value.$date
    : typeof value === "object" && value !== null && "$oid" in value
      ? value.$oid
      : value;

/** Records as the worker stores them. */
function toRuns(records: readonly Raw[]): TestRun[] {
  const miner = createSignatureMiner();
  return records.flatMap((record, index): TestRun[] => {
    const [pipeline, tech, status, timestamp, error, durationMs, owner] = [
      "pipeline_name",
      "tech",
      "status",
      "timestamp",
      "error_message",
      "duration_ms",
      "owner",
    ].map((name) => plain(record[name]));
    const result = normaliseRecord(
      { source: "s", recordId: String(index), fields: { pipeline, tech, status, timestamp, error, durationMs, owner } },
      { zone },
    );
    if (!result.ok) return [];
    const { facts } = result;
    const signature = facts.error === null ? null : (miner.place(facts.error)?.id ?? null);
    return [{ ...facts, id: `s:${index}`, at: facts.ts.getTime(), signature }];
  });
}

const failedWords = new Set(["failed", "fail", "échec", "error", "en erreur", "ko", "upstream_failed"]);
const goodWords = new Set(
  ["success", "completed", "succeeded", "ok", "done", "succès", "finished", "terminé", "pass", "warn", "warning", "ok avec avertissements"], // prettier-ignore
);

/**
 * The figures of a window, folded by other code from the records as they are in the file: no normalising, no columns, no spans.
 * The words for success and failure are those that occur in the two files.
 */
function fold(records: readonly Raw[], from: DateTime, to: DateTime) {
  const inWindow = records.filter((record) => {
    const at = Date.parse(String(plain(record["timestamp"])));
    return at >= from.toMillis() && at < to.toMillis();
  });
  const word = (record: Raw): string => String(record["status"]).toLowerCase();
  const failures = inWindow.filter((record) => failedWords.has(word(record)));
  const good = inWindow.filter((record) => goodWords.has(word(record)));
  const durations = inWindow
    .flatMap((record) => (typeof record["duration_ms"] === "number" ? [record["duration_ms"]] : []))
    .sort((a, b) => a - b);
  const tally = (key: string): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const record of failures) counts[String(record[key])] = (counts[String(record[key])] ?? 0) + 1;
    return counts;
  };
  return {
    runs: inWindow.length,
    failed: failures.length,
    succeeded: good.length,
    p95Ms: durations.length === 0 ? null : durations.find((_, index) => index + 1 >= 0.95 * durations.length),
    byPipeline: tally("pipeline_name"),
    byTech: tally("tech"),
  };
}

const sorted = (counts: Readonly<Record<string, number>>): string =>
  JSON.stringify(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));

/** What a report's part says otherwise than the fold. */
function differences(part: ReportPart, records: readonly Raw[], end: DateTime): string[] {
  const day = (shift: number) => fold(records, end.minus({ days: shift + 1 }), end.minus({ days: shift }));
  const [today, before, ...rest] = [0, 1, 2, 3, 4, 5, 6, 7].map(day);
  if (!today || !before) return ["no fold"];
  const found: string[] = [];
  const same = (name: string, told: unknown, folded: unknown): unknown =>
    JSON.stringify(told) === JSON.stringify(folded) || found.push(`${name}: ${JSON.stringify(told)} is ${JSON.stringify(folded)}`);
  same("runs", part.figures.runs, today.runs);
  same("failed", part.figures.failed, today.failed);
  same("succeeded", part.figures.succeeded, today.succeeded);
  same("p95", part.figures.p95Ms, today.p95Ms);
  same(
    "before",
    part.before && [part.before.runs, part.before.failed, part.before.p95Ms],
    before.runs === 0 ? null : [before.runs, before.failed, before.p95Ms],
  );
  const seen = [before, ...rest].filter(({ runs }) => runs > 0).map(({ failed }) => failed);
  seen.sort((a, b) => a - b);
  const median =
    seen.length < 3
      ? null
      : seen.length % 2 === 1
        ? seen[(seen.length - 1) / 2]
        : ((seen[seen.length / 2 - 1] ?? 0) + (seen[seen.length / 2] ?? 0)) / 2;
  same("median", part.usual?.failed ?? null, median);
  same(
    "pipelines",
    sorted(Object.fromEntries(part.failing.map(({ pipeline, failures }) => [pipeline, failures]))),
    sorted(today.byPipeline),
  );
  same("technos", sorted(Object.fromEntries(part.techs.map(({ tech, failures }) => [tech, failures]))), sorted(today.byTech));
  same(
    "signatures",
    part.signatures.reduce((sum, { failures }) => sum + failures, 0),
    today.failed,
  );
  same(
    "days",
    part.days.map(({ failures }) => failures.reduce((sum, { count }) => sum + count, 0)),
    part.days.map((_, index) => day(part.days.length - 1 - index).failed),
  );
  return found;
}

/** What is sent, without the paragraph that a model may word. */
function sent(report: Report): string {
  const quiet: Report = { ...report, all: { ...report.all, prose: null } };
  const document = composeDocument(quiet, "default");
  return JSON.stringify([renderSlack(document), renderEmail(document, [])]);
}
const lying: WriteProse = async () => ({ text: "9 999 échecs sur 3 pipelines Oracle hier, tous résolus.", by: "llm", reason: null });
const failing: WriteProse = async () => {
  throw new Error("the model does not answer");
};

/**
 * Thirty daily reports over records that arrive with a delay, at random and for some of them of days: what the reports say of late runs against
 * a fold by arrival over the records, and whether the counts of all windows and of all late runs together are those of the records, each told once.
 */
async function foldArrivals(records: readonly Raw[], last: string): Promise<{ late: number; wrong: string[] }> {
  const chance = fc.sample(fc.noBias(fc.integer({ min: 0, max: 999_999 })), { seed: 5, numRuns: records.length });
  const delayOf = (index: number): number => {
    const share = (chance[index] ?? 0) / 1e6;
    return share < 0.8 ? share * 120_000 : (share - 0.8) * 15 * dayMs;
  };
  const all = toRuns(records).map((run): TestRun & { firstIndexedAt: number } => {
    const at = run.at + delayOf(Number(run.id.slice(2)));
    return { ...run, firstIndexedAt: at, statusSince: at };
  });
  const wrong: string[] = [];
  let told: ToldSpan | undefined;
  let [late, runsTold, failuresTold] = [0, 0, 0];
  for (let shift = days - 1; shift >= 0; shift -= 1) {
    const to = DateTime.fromISO(`${last}T07:30`, { zone }).minus({ days: shift });
    const from = to.minus({ days: 1 });
    const readAt = to.plus({ seconds: 3 });
    const arrived = all.filter(({ firstIndexedAt }) => firstIndexedAt < readAt.toMillis());
    const input: ReportInput = {
      kind: "daily",
      window: { from: from.toJSDate(), to: to.toJSDate() },
      date: to.toFormat("yyyy-MM-dd"),
      zone,
      language: "fr",
      settings: set,
      routes,
      told,
      readAt: readAt.toJSDate(),
    };
    const { report, sight } = await buildReport(memoryStores(arrived), input, new AbortController().signal);
    const seenBefore = readAt.minus({ days: 1 }).toMillis();
    const own = records.flatMap((record, index) => {
      const at = Date.parse(String(plain(record["timestamp"])));
      const arrival = at + delayOf(index);
      const isTold = told !== undefined && at >= told.from.getTime() && at < from.toMillis();
      return isTold && arrival >= seenBefore && arrival < readAt.toMillis() ? [record] : [];
    });
    const isFailed = (record: Raw): boolean => failedWords.has(String(record["status"]).toLowerCase());
    const folded: Record<string, number> = {};
    for (const record of own) folded[String(record["pipeline_name"])] = (folded[String(record["pipeline_name"])] ?? 0) + 1;
    const { late: part, figures } = report.all;
    const said = [part?.runs ?? 0, part?.failures ?? 0, part?.failedSince ?? 0];
    const byPipeline = Object.fromEntries((part?.pipelines ?? []).map(({ pipeline, runs }) => [pipeline, runs]));
    if (JSON.stringify(said) !== JSON.stringify([own.length, own.filter(isFailed).length, 0]))
      wrong.push(`${input.date}: late ${said.join()}`);
    if (sorted(byPipeline) !== sorted(folded)) wrong.push(`${input.date}: late pipelines`);
    late += said[0] ?? 0;
    runsTold += figures.runs + (part?.runs ?? 0);
    failuresTold += figures.failed + (part?.failures ?? 0);
    told = { ...sight, from: told?.from ?? from.toJSDate(), to: to.toJSDate() };
  }
  const seen = all.filter(
    ({ at, firstIndexedAt }) => told && at >= told.from.getTime() && at < told.to.getTime() && firstIndexedAt < told.readAt.getTime(),
  );
  const failed = seen.filter(({ status }) => status === "failed").length;
  if (runsTold !== seen.length || failuresTold !== failed)
    wrong.push(`told ${runsTold} runs and ${failuresTold} failures of ${seen.length} and ${failed}`);
  return { late, wrong };
}

/**
 * Every figure of thirty daily reports against an independent fold over the records, for real website checks and the generated sample; and
 * the same reports with a model that lies and with one that fails, which must not change a figure. Then runs that come late.
 */
export const evaluate: Evaluate = async () => {
  if (!existsSync(websiteChecks)) return { table: [], summary: {}, passed: true, skipped: "shared/data/runs/website-checks.ndjson" };
  const checks = readFileSync(websiteChecks, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Raw);
  const end = new Date("2026-05-06T05:30:00Z");
  const sample = generateSample({ days: 60, pipelines: 40, seed: 1, end, zone }).records as readonly Raw[];
  const cases = [
    { data: "website-checks", records: checks, last: "2026-03-08" },
    { data: "website-checks, DST", records: checks, last: "2026-04-05" },
    { data: "sample", records: sample, last: "2026-05-06" },
  ];
  const table = [];
  const wrong: string[] = [];
  for (const { data, records, last } of cases) {
    const runs = toRuns(records);
    let [failures, changed, wrongDays] = [0, 0, 0];
    for (let shift = days - 1; shift >= 0; shift -= 1) {
      const to = DateTime.fromISO(`${last}T07:30`, { zone }).minus({ days: shift });
      const input: ReportInput = {
        kind: "daily",
        window: { from: to.minus({ days: 1 }).toJSDate(), to: to.toJSDate() },
        date: to.toFormat("yyyy-MM-dd"),
        zone,
        language: "fr",
        settings: set,
        routes,
        readAt: to.toJSDate(),
      };
      const make = async (prose?: WriteProse) =>
        (await buildReport({ ...memoryStores(runs), prose }, input, new AbortController().signal)).report;
      const report = await make();
      failures += report.all.figures.failed;
      const found = differences(report.all, records, to);
      if (found.length > 0) wrongDays += 1;
      wrong.push(...found.map((one) => `${data} ${input.date}: ${one}`));
      const [lied, failed] = [await make(lying), await make(failing)];
      if (sent(lied) !== sent(report) || sent(failed) !== sent(report)) changed += 1;
    }
    table.push({ data, reports: days, failures, "wrong reports": wrongDays, "changed by the model": changed });
  }
  const arrivals = await foldArrivals(sample, "2026-05-06");
  wrong.push(...arrivals.wrong.map((one) => `late arrivals ${one}`));
  const passed =
    arrivals.late > 0 &&
    arrivals.wrong.length === 0 &&
    table.every((row) => row["wrong reports"] === 0 && row["changed by the model"] === 0 && row.failures > 0);
  return { table, summary: { days, lateRuns: arrivals.late, wrong: wrong.slice(0, 10) }, passed };
};
