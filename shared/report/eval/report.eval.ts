import { createLogger, DateTime } from "@flow-rag/kernel";
import type { ChatModel } from "@flow-rag/models";
import type { Evaluate } from "@flow-rag/testing";
import { existsSync, readFileSync } from "node:fs";
import { generateSample } from "../../../services/cli/src/domain/generate-sample.js";
import { buildReport, type ReportInput } from "../src/build-report.js";
import { composeDocument } from "../src/compose-document.js";
import { createProse } from "../src/create-prose.js";
import type { WriteProse } from "../src/prose.js";
import { renderEmail } from "../src/render-report.js";
import { renderSlack } from "../src/render-slack.js";
import type { Report, ReportPart } from "../src/report.js";
import { readRoutes } from "../src/routes.js";
import { settings } from "../src/settings.js";
import { memoryStores } from "../test/memory-stores.js";
import { foldArrivals } from "./fold-arrivals.js";
import { failedWords, goodWords, instantOf, toRuns, zone, type Raw } from "./records.js";

const websiteChecks = new URL("../../../../shared/data/runs/website-checks.ndjson", import.meta.url);
const days = 30;
const set = settings.parse({});
const log = createLogger("eval", "silent");
const routes = readRoutes(set, { hasDefaultChannels: true });

/**
 * The figures of a window, folded by other code from the records as they are in the file: no normalising, no columns, no spans.
 * The words for success and failure are those that occur in the two files.
 */
function fold(records: readonly Raw[], from: DateTime, to: DateTime) {
  const inWindow = records.filter((record) => {
    const at = instantOf(record);
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

/** What is sent, the summary included. */
function sent(report: Report): string {
  const document = composeDocument(report, "default");
  return JSON.stringify([renderSlack(document), renderEmail(document, [])]);
}

/** A model that changes the figures and the names of the summary it is given, another one each day. */
function createLiar() {
  const lies: readonly ((template: string, failed: number) => string)[] = [
    () => "9 999 échecs sur 3 pipelines Oracle hier, tous résolus.",
    (template, failed) => template.replace(/\d[\d\u202f]*/, String(failed + 1)),
    (template) => `${template} Le pipeline payroll-secret a échoué 2 fois.`,
    (template, failed) => `${template} La médiane est de ${failed * 3 + 7}.`,
    (template) => `${template} Dernier échec le 31 décembre à 23:59.`,
  ];
  let told = 0;
  const lieAbout = ({ figures, prose }: ReportPart): ChatModel => {
    const text = lies[told % lies.length]?.(prose?.text ?? "", figures.failed) ?? "";
    const complete = async () => {
      told += 1;
      return { text, usage: null, model: "liar" };
    };
    const stream = async function* () {
      yield (await complete()).text;
    };
    return { model: "liar", promptTokens: 4_000, totalMs: 20_000, complete, stream, close: async () => {} };
  };
  return { lieAbout, told: () => told };
}
const failing: WriteProse = async () => {
  throw new Error("the model does not answer");
};

/**
 * Every figure of thirty daily reports against an independent fold over the records, for real website checks and the generated sample; and
 * the same reports with a model that lies and with one that fails, which must not change what is sent. Then records that arrive late.
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
  const liar = createLiar();
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
      const lied = await make(createProse({ chat: liar.lieAbout(report.all), log }));
      const failed = await make(failing);
      if (sent(lied) !== sent(report) || sent(failed) !== sent(report)) changed += 1;
    }
    table.push({ data, reports: days, failures, "wrong reports": wrongDays, "changed by the model": changed });
  }
  const arrivals = [await foldArrivals(checks, "2026-04-05"), await foldArrivals(sample, "2026-05-06")];
  wrong.push(...arrivals.flatMap((one) => one.wrong.map((what) => `late arrivals ${what}`)));
  const passed =
    arrivals.every((one) => one.late > 0 && one.failedSince > 0 && one.wrong.length === 0) &&
    liar.told() > 0 &&
    table.every((row) => row["wrong reports"] === 0 && row["changed by the model"] === 0 && row.failures > 0);
  const [lateRuns, failedSince] = [arrivals.map(({ late }) => late), arrivals.map((one) => one.failedSince)];
  return {
    table,
    summary: { days, lies: liar.told(), lateRuns, failedSince, wrong: wrong.slice(0, 10).map((one) => one.slice(0, 300)) },
    passed,
  };
};
