import type { ReportSight, ToldSpan } from "@flow-rag/contracts";
import type { RunRow } from "@flow-rag/stores";

/** A run of a time that earlier reports had told. `counted`: as a run, with another status; it has failed since. */
export type LateRun = { readonly run: RunRow; readonly counted: boolean };

/** A write is seen later than the time in it says: by as long as it takes, and by what two clocks differ. Milliseconds. */
const writeMs = 300_000;

/**
 * Tells the runs that a report reads apart: those that earlier reports of its kind could not know, by when a run was first indexed and since when
 * it has failed. What was indexed within five minutes before the last report's reading, or during it, may or may not have been in it, so each
 * report keeps the ids of those that it had counted (`sight`): nothing is told twice, and nothing is left out.
 */
export function watchArrivals(told: ToldSpan | undefined, readAt: Date) {
  const counted = new Map(told?.recent.map(({ id, status }) => [id, status]));
  const [since, sightFrom] = [told ? told.readAt.getTime() - writeMs : Infinity, readAt.getTime() - writeMs];
  const late: LateRun[] = [];
  const recent: ReportSight["recent"][number][] = [];
  return {
    /** Of which runs that the history does not reach the report has to be shown those that were indexed since; undefined: none. */
    unread: (readFrom: Date): { from: Date; to: Date; indexedFrom: Date } | undefined =>
      told && told.from < readFrom ? { from: told.from, to: earlier(readFrom, told.to), indexedFrom: new Date(since) } : undefined,
    see(run: RunRow): void {
      const { id, status, at, firstIndexedAt = -Infinity, statusSince = -Infinity } = run;
      if (Math.max(firstIndexedAt, statusSince) >= sightFrom) recent.push({ id, status });
      if (!told || at < told.from.getTime() || at >= told.to.getTime()) return;
      const isNew = firstIndexedAt >= since && !counted.has(id);
      const hasFailed = status === "failed" && statusSince >= since && counted.get(id) !== "failed";
      if (isNew || hasFailed) late.push({ run, counted: !isNew });
    },
    late: late as readonly LateRun[],
    sight: (): ReportSight => ({ readAt, recent }),
  };
}

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);
