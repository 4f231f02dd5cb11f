import { errorNovelty, type ErrorNovelty, type RunSeen } from "@flow-rag/insights";
import { byName, countBy, groupBy, isoOf } from "./group-by.js";
import type { OwnError, ReportData } from "./read-report-data.js";
import type { Cause, TopSignature } from "./report.js";

type ErrorContext = { readonly quietDays: number; readonly hasRecovered: (pipeline: string) => boolean };

/** The error that most of the failures of one pipeline have, as that pipeline has it. */
export function mainCause(failures: readonly RunSeen[], { causeOf }: Pick<ReportData, "causeOf">): Cause {
  const [[signature] = [null]] = countBy(failures, (run) => run.signature);
  return { signature, text: signature === null ? null : causeOf(pairsOf(failures.filter((run) => run.signature === signature))).text };
}

/** The errors of some runs, each once a pipeline. */
export function pairsOf(runs: readonly RunSeen[]): OwnError[] {
  const pairs = new Map<string, OwnError>();
  for (const { signature, pipeline } of runs) if (signature !== null) pairs.set(`${signature}\n${pipeline}`, { signature, pipeline });
  return [...pairs.values()];
}

/** Whether an error that was seen at an instant was new then, or back; null when the past is too short to tell. */
export function noveltyOf(
  signature: string | null,
  at: number,
  { errors }: Pick<ReportData, "errors">,
  quietDays: number,
): ErrorNovelty | null {
  return signature === null ? null : errorNovelty(errors.before(signature, at), at, { knownSince: errors.since, quietDays });
}

export function topSignatures(failures: readonly RunSeen[], data: ReportData, { quietDays, hasRecovered }: ErrorContext): TopSignature[] {
  return [...groupBy(failures, ({ signature }) => signature)]
    .map(([signature, own]): TopSignature => {
      const first = own[0]?.at ?? 0;
      const pipelines = [...new Set(own.map(({ pipeline }) => pipeline))].sort(byName);
      const cause = signature === null ? { text: null, firstSeen: null } : data.causeOf(pairsOf(own));
      const recovered = pipelines.every(hasRecovered);
      const novelty = noveltyOf(signature, first, data, quietDays);
      return {
        cause: { signature, text: cause.text },
        state: novelty === "ongoing" && recovered ? "resolved" : novelty,
        recovered,
        failures: own.length,
        pipelines,
        techs: [...new Set(own.map(({ tech }) => tech))].sort(byName),
        first: isoOf(first),
        last: isoOf(own.at(-1)?.at ?? 0),
        firstSeen: cause.firstSeen,
      };
    })
    .sort((a, b) => b.failures - a.failures || byName(a.cause.signature ?? "", b.cause.signature ?? ""));
}
