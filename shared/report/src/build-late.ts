import { mainCause, noveltyOf } from "./build-errors.js";
import type { Selection } from "./figures.js";
import { byName, groupBy, isoOf } from "./group-by.js";
import type { LateRun } from "./late-arrivals.js";
import type { ReportData } from "./read-report-data.js";
import type { LateArrivals, LatePipeline, Owner } from "./report.js";

/** What earlier reports could not know about the selected pipelines; null when there is no earlier one to go by. */
export function buildLate(
  data: Pick<ReportData, "late" | "told" | "causeOf" | "errors">,
  { pipelines, quietDays, ownersOf }: { pipelines: Selection; quietDays: number; ownersOf: (pipeline: string) => Owner[] },
): LateArrivals | null {
  const { told, late } = data;
  if (!told) return null;
  const wanted = late.filter(({ run }) => !pipelines || pipelines.has(run.pipeline));
  const rows = [...groupBy(wanted, ({ run }) => run.pipeline)].map(([pipeline, own]): LatePipeline => {
    const runs = own.map(({ run }) => run).sort((a, b) => a.at - b.at || byName(a.id, b.id));
    const failed = runs.filter(({ status }) => status === "failed");
    const cause = mainCause(failed, data);
    const firstFailed = failed.find(({ signature }) => signature === cause.signature);
    return {
      pipeline,
      tech: runs.at(-1)?.tech ?? "unknown",
      ...countsOf(own),
      first: isoOf(runs[0]?.at ?? 0),
      last: isoOf(runs.at(-1)?.at ?? 0),
      owners: ownersOf(pipeline),
      cause,
      state: firstFailed ? noveltyOf(cause.signature, firstFailed.at, data, quietDays) : null,
    };
  });
  const failuresOf = (row: LatePipeline): number => row.failures + row.failedSince;
  return {
    toldUntil: told.to.toISOString(),
    ...countsOf(wanted),
    pipelines: rows.sort((a, b) => failuresOf(b) - failuresOf(a) || b.runs - a.runs || byName(a.pipeline, b.pipeline)),
  };
}

const countsOf = (late: readonly LateRun[]): Pick<LateArrivals, "runs" | "failures" | "failedSince"> => ({
  runs: late.filter(({ counted }) => !counted).length,
  failures: late.filter(({ counted, run }) => !counted && run.status === "failed").length,
  failedSince: late.filter(({ counted }) => counted).length,
});
