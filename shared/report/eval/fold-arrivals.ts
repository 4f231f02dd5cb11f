import type { ToldSpan } from "@flow-rag/contracts";
import { DateTime } from "@flow-rag/kernel";
import fc from "fast-check";
import { buildReport, type ReportInput } from "../src/build-report.js";
import { readRoutes } from "../src/routes.js";
import { settings } from "../src/settings.js";
import { memoryStores, type TestRun } from "../test/memory-stores.js";
import { failedWords, instantOf, toRuns, zone, type Raw } from "./records.js";

const days = 30;
const dayMs = 86_400_000;
const set = settings.parse({});
const routes = readRoutes(set, { hasDefaultChannels: true });

/** Of a record: when it was first indexed, and since when it says how it ended. Epoch ms. */
type Arrival = { readonly at: number; readonly first: number; readonly settled: number };

/**
 * Records that arrive at random within two minutes, one in five within three days; one in six is seen running at first, for up to two days.
 * Always the same for the same records.
 */
function drawArrivals(records: readonly Raw[]): Arrival[] {
  const chances = fc.sample(fc.noBias(fc.integer({ min: 0, max: 999_999 })), { seed: 5, numRuns: 2 * records.length });
  return records.map((record, index) => {
    const [delay, running] = [(chances[2 * index] ?? 0) / 1e6, (chances[2 * index + 1] ?? 0) / 1e6];
    const at = instantOf(record);
    const first = at + (delay < 0.8 ? delay * 120_000 : (delay - 0.8) * 15 * dayMs);
    return { at, first, settled: first + (running < 1 / 6 ? running * 12 * dayMs : 0) };
  });
}

type LateFold = { runs: number; failures: number; failedSince: number; first: number; last: number };

/**
 * Thirty daily reports over records as they arrive: what each says of its window and of late runs against a fold by arrival over the records,
 * and whether the counts of all windows and of all late runs together are those of the records, each told once.
 */
export async function foldArrivals(records: readonly Raw[], last: string): Promise<{ late: number; failedSince: number; wrong: string[] }> {
  const arrivals = drawArrivals(records);
  const runs = toRuns(records);
  const isFailed = (index: number): boolean => failedWords.has(String(records[index]?.["status"]).toLowerCase());
  const wrong: string[] = [];
  let told: ToldSpan | undefined;
  const total = { runs: 0, failures: 0, late: 0, failedSince: 0 };
  for (let shift = days - 1; shift >= 0; shift -= 1) {
    const to = DateTime.fromISO(`${last}T07:30`, { zone }).minus({ days: shift });
    const [from, readAt] = [to.minus({ days: 1 }), to.plus({ seconds: 3 })];
    const [begin, end, now, before] = [from, to, readAt, readAt.minus({ days: 1 })].map((instant) => instant.toMillis()) as [
      number,
      number,
      number,
      number,
    ];
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
    const { report, sight } = await buildReport(memoryStores(asSeen(runs, arrivals, now)), input, new AbortController().signal);

    const toldFrom = told?.from.getTime() ?? Infinity;
    const own = { runs: 0, failed: 0 };
    const folded = new Map<string, LateFold>();
    arrivals.forEach(({ at, first, settled }, index) => {
      if (first >= now) return;
      const failed = isFailed(index) && settled < now;
      if (at >= begin && at < end) {
        own.runs += 1;
        own.failed += Number(failed);
      }
      const isNew = first >= before;
      const hasFailedSince = !isNew && failed && settled >= before;
      if (at < toldFrom || at >= begin || !(isNew || hasFailedSince)) return;
      const name = String(records[index]?.["pipeline_name"]);
      const row = folded.get(name) ?? { runs: 0, failures: 0, failedSince: 0, first: at, last: at };
      folded.set(name, {
        runs: row.runs + Number(isNew),
        failures: row.failures + Number(isNew && failed),
        failedSince: row.failedSince + Number(hasFailedSince),
        first: Math.min(row.first, at),
        last: Math.max(row.last, at),
      });
    });

    const { late, figures } = report.all;
    const same = (name: string, said: unknown, is: unknown): unknown =>
      JSON.stringify(said) === JSON.stringify(is) || wrong.push(`${input.date} ${name}: ${JSON.stringify(said)} is ${JSON.stringify(is)}`);
    const sum = (key: "runs" | "failures" | "failedSince"): number => [...folded.values()].reduce((all, row) => all + row[key], 0);
    same("window", [figures.runs, figures.failed], [own.runs, own.failed]);
    same("late", [late?.runs ?? 0, late?.failures ?? 0, late?.failedSince ?? 0], [sum("runs"), sum("failures"), sum("failedSince")]);
    const rowOf = ([name, row]: readonly [string, LateFold]): string => JSON.stringify([name, ...Object.values(row)]);
    const rows = (late?.pipelines ?? []).map(({ pipeline, runs: came, failures, failedSince, ...times }) =>
      rowOf([pipeline, { runs: came, failures, failedSince, first: Date.parse(times.first), last: Date.parse(times.last) }]),
    );
    same("late pipelines", rows.sort(), [...folded].map(rowOf).sort());
    total.late += late?.runs ?? 0;
    total.failedSince += late?.failedSince ?? 0;
    total.runs += figures.runs + (late?.runs ?? 0);
    total.failures += figures.failed + (late?.failures ?? 0) + (late?.failedSince ?? 0);
    told = { ...sight, from: told?.from ?? from.toJSDate(), to: to.toJSDate() };
  }
  const seen = arrivals.flatMap(({ at, first, settled }, index) => {
    if (!told || at < told.from.getTime() || at >= told.to.getTime() || first >= told.readAt.getTime()) return [];
    return [isFailed(index) && settled < told.readAt.getTime()];
  });
  const failures = seen.filter(Boolean).length;
  if (total.runs !== seen.length || total.failures !== failures)
    wrong.push(`told ${total.runs} runs and ${total.failures} failures of ${seen.length} and ${failures}`);
  return { late: total.late, failedSince: total.failedSince, wrong };
}

/** The runs that are there at an instant: those that have not ended yet say nothing of how they will. */
function asSeen(runs: readonly TestRun[], arrivals: readonly Arrival[], now: number): TestRun[] {
  return runs.flatMap((run): TestRun[] => {
    const { first, settled } = arrivals[Number(run.id.slice(2))] ?? { first: Infinity, settled: Infinity };
    if (first >= now) return [];
    if (settled < now) return [{ ...run, firstIndexedAt: first, statusSince: settled }];
    return [{ ...run, status: "running", durationMs: null, signature: null, error: null, firstIndexedAt: first, statusSince: first }];
  });
}
