import type { Logger } from "@flow-rag/kernel";
import type { ErrorKind, FactFilter, FoundRun, RunFacts } from "@flow-rag/stores";
import { textOf } from "./common-error.js";
import { localClock } from "../time/wall-time.js";
import type { EvidenceIndex } from "./evidence-index.js";
import { rankKinds } from "./rank-kinds.js";
import type { RankedText } from "./rank-texts.js";

/** One kind of failure near in meaning to a question, counted in the runs that the question is about. */
export type ErrorEvidence = ErrorKind & {
  /** What the errors of all the counted runs say alike, `<…>` where they differ. */
  readonly example: string;
  readonly score: number;
  readonly vector: number | null;
  readonly lexical: number;
  /** First and last hour of the day, local, at which it occurred. */
  readonly hours: readonly [first: number, last: number] | null;
  /** The latest runs with it. */
  readonly examples: readonly FoundRun[];
};
type Deps = {
  readonly runs: RunFacts;
  readonly evidence: Pick<EvidenceIndex, "nearSignatures">;
  readonly zone: string;
  readonly log: Logger;
};

const shownAtMost = 5;
const examplesEach = 2;

/**
 * The kinds of failure among the runs of a filter that are nearest to a text, with what their runs have in common. Without the index it is
 * the words alone that count, and `degraded` is true. `latest`: the latest run of each of these kinds in each pipeline, in no order.
 */
export async function collectEvidence(
  { runs, evidence, zone, log }: Deps,
  sought: string,
  filter: FactFilter,
  signal: AbortSignal,
): Promise<{ errors: ErrorEvidence[]; latest: FoundRun[]; degraded: boolean }> {
  const kinds = await runs.errorKinds(filter, signal);
  if (kinds.length === 0) return { errors: [], latest: [], degraded: false };
  const { ranked: all, degraded } = await rankKinds({ evidence, log }, sought, kinds, signal);
  const ranked = all.slice(0, shownAtMost);
  const byId = new Map(kinds.map((kind) => [kind.signature, kind]));
  const signatures = ranked.map(({ id }) => id);
  const ofPipelines = signatures.length === 0 ? [] : await runs.latestOfTexts({ ...filter, signatures }, signal);
  const errors = await Promise.all(ranked.map((each) => describe(byId.get(each.id) as ErrorKind, each)));
  return { errors, latest: ofPipelines, degraded };

  async function describe(kind: ErrorKind, { score, vector, lexical }: RankedText): Promise<ErrorEvidence> {
    const own = { ...filter, signatures: [kind.signature] };
    const [quarters, examples] = await Promise.all([runs.quarters(own, signal), runs.latestRuns(own, examplesEach, signal)]);
    const hours = quarters.map(({ from }) => new Date(localClock(from, zone).wall).getUTCHours());
    const [latest] = examples;
    const example = latest
      ? textOf(
          ofPipelines.filter(({ signature }) => signature === kind.signature),
          latest,
        )
      : kind.example;
    return {
      ...kind,
      example,
      score,
      vector,
      lexical,
      examples,
      hours: hours.length === 0 ? null : [Math.min(...hours), Math.max(...hours)],
    };
  }
}
