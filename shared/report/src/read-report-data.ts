import {
  causesOf,
  collectHistory,
  commonText,
  errorTimesOf,
  historyDays,
  listMorningsEnding,
  signaturesSince,
  type CauseOf,
  type ErrorTimes,
  type Morning,
  type RunHistory,
} from "@flow-rag/insights";
import type { ReportSight, ToldSpan, UnreadStatus } from "@flow-rag/contracts";
import type { RunFacts, RunRow, RunStream, SignatureStore } from "@flow-rag/stores";
import { causeLine, firstLine } from "./clean-line.js";
import { runsIn } from "./figures.js";
import { watchArrivals, type LateRun } from "./late-arrivals.js";
import type { ReportSpans } from "./report-spans.js";
import type { Settings } from "./settings.js";

export type ReportStores = {
  readonly runs: Pick<RunStream, "between" | "errorsBefore" | "indexedSince">;
  readonly facts: Pick<RunFacts, "latestRuns" | "latestOfTexts" | "unreadStatuses">;
  readonly signatures: Pick<SignatureStore, "read">;
};
type CauseText = { readonly text: string | null; readonly firstSeen: string | null };

/** Everything a report is computed from. */
export type ReportData = {
  readonly history: RunHistory;
  readonly mornings: readonly Morning[];
  readonly errors: ErrorTimes;
  /** Which errors are one cause. */
  readonly oneCause: CauseOf;
  /** Runs that earlier reports could not know. */
  readonly late: readonly LateRun[];
  readonly told: ToldSpan | undefined;
  readonly sight: ReportSight;
  /** Runs of the window whose status was not read. */
  readonly unread: readonly UnreadStatus[];
  /** The owner that the latest record with one names. */
  readonly ownerOf: (pipeline: string) => string | null;
  /** Its text is what the pipelines' own runs say alike: errors that differ in a user or a host have one signature. */
  readonly causeOf: (errors: readonly OwnError[]) => CauseText;
  /** The latest run of all before the end of the window, epoch ms. */
  readonly latest: number | undefined;
};

/** Errors of a pipeline whose latest run is read for its text, the most frequent first; beyond that no text is told. */
const causesRead = 1_000;
const readsAtOnce = 8;
const causeLength = 300;

export async function readReportData(
  { runs, facts, signatures }: ReportStores,
  spans: ReportSpans,
  { zone, settings, told, readAt }: { zone: string; settings: Settings; told: ToldSpan | undefined; readAt: Date },
  signal: AbortSignal,
): Promise<ReportData> {
  const owners = new Map<string, { owner: string; at: number }>();
  const end = new Date(spans.window.to);
  const readFrom = new Date(Math.min(spans.historyFrom(historyDays), spans.earliest));
  const arrivals = watchArrivals(told, readAt);
  const see = (run: RunRow): void => {
    arrivals.see(run);
    if (run.owner !== null && run.at >= (owners.get(run.pipeline)?.at ?? -Infinity)) {
      owners.set(run.pipeline, { owner: firstLine(run.owner, 80), at: run.at });
    }
  };
  async function* watched() {
    for await (const run of runs.between({ from: readFrom, to: end }, signal)) {
      see(run);
      yield run;
    }
  }
  const history = await collectHistory(watched());
  const unread = arrivals.unread(readFrom);
  if (unread) for await (const run of runs.indexedSince(unread, signal)) see(run);
  const errors = errorTimesOf(history, await runs.errorsBefore(readFrom, signal));
  const kinds = await signatures.read(signaturesSince(history, readFrom.getTime()), signal);
  const causeOf = causesOf(kinds.values());
  const mornings = [...listMorningsEnding(history, { ending: end, count: spans.days, zone, errors, settings, causeOf })];
  const pairs = failingErrors(history, spans, mornings, arrivals.late);
  const textsFrom = Math.min(spans.window.from, ...arrivals.late.filter(hasFailed).map(({ run }) => run.at));
  const others = pairs.map(({ signature }) => signature).filter((signature) => !kinds.has(signature));
  const known = new Map([...kinds, ...(await signatures.read([...new Set(others)], signal))]);
  const texts = new Map<string, readonly string[]>();
  const read = pairs.slice(0, causesRead);
  for (let index = 0; index < read.length; index += readsAtOnce) {
    const span = { from: new Date(textsFrom), to: end, statuses: ["failed" as const] };
    await Promise.all(
      read.slice(index, index + readsAtOnce).map(async ({ signature, pipeline }) => {
        const found = await facts.latestOfTexts({ ...span, signatures: [signature], pipelines: [pipeline] }, signal);
        const said = [...found].sort((a, b) => b.ts.getTime() - a.ts.getTime()).flatMap(({ error }) => error ?? []);
        if (said.length > 0) texts.set(pairKey(signature, pipeline), said);
      }),
    );
  }
  const ownTexts = ({ signature, pipeline }: OwnError): readonly string[] => {
    const read = texts.get(pairKey(signature, pipeline));
    const stored = known.get(signature);
    return read ?? (stored?.pipelines.every((name) => name === pipeline) ? [stored.example] : []);
  };
  const [latest] = await facts.latestRuns({ to: end }, 1, signal); // it may be older than the history
  return {
    history,
    mornings,
    errors,
    oneCause: causeOf,
    late: arrivals.late,
    told,
    sight: arrivals.sight(),
    unread: await facts.unreadStatuses({ from: new Date(spans.window.from), to: end }, signal),
    latest: latest?.ts.getTime(),
    ownerOf: (pipeline) => owners.get(pipeline)?.owner ?? null,
    causeOf: (own) => {
      const said = own.map((error) => ownTexts(error).map((text) => causeLine(text, causeLength)));
      const seen = own.flatMap(({ signature }) => known.get(signature)?.firstSeen.toISOString() ?? []).sort();
      // What one of them says may not be told of the others.
      const haveAll = said.every((texts) => texts.length > 0);
      return { text: haveAll ? commonText(said.flat()) || null : null, firstSeen: seen[0] ?? null };
    },
  };
}

const hasFailed = ({ run }: LateRun): boolean => run.status === "failed";

/** An error as a pipeline has it. */
export type OwnError = { readonly signature: string; readonly pipeline: string };
const pairKey = (signature: string, pipeline: string): string => `${signature}\n${pipeline}`;

/** Errors of pipelines that a report may quote: those of the findings, then those of the failures that it tells, the most frequent first. */
function failingErrors(history: RunHistory, { window }: ReportSpans, mornings: readonly Morning[], late: readonly LateRun[]): OwnError[] {
  const counts = new Map<string, OwnError & { count: number }>();
  for (const { status, signature, pipeline } of [...runsIn(history, window), ...late.map(({ run }) => run)]) {
    if (status !== "failed" || signature === null) continue;
    const key = pairKey(signature, pipeline);
    counts.set(key, { signature, pipeline, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  const found = mornings.flatMap(({ incidents }) =>
    incidents.flatMap(({ findings }) =>
      findings.flatMap(({ signature, pipeline }) => (signature === null ? [] : [{ signature, pipeline }])),
    ),
  );
  const frequent = [...counts].sort(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1)).map(([, pair]) => pair);
  return [...new Map([...found, ...frequent].map((pair) => [pairKey(pair.signature, pair.pipeline), pair])).values()];
}
