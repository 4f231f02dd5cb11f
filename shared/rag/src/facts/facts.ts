import type { RunStatus } from "@flow-rag/contracts";
import type { FoundRun } from "@flow-rag/stores";
import type { ErrorEvidence } from "../evidence/collect-evidence.js";

export type StatusCounts = Partial<Record<RunStatus, number>>;
/** How often an error occurred, by its signature; null for failures without an error text. */
export type SignatureCount = {
  readonly signature: string | null;
  readonly count: number;
  readonly first: Date;
  readonly last: Date;
  readonly pipelines: readonly string[];
};

/** What runs share that have the same pipeline, techno, environment or signature. */
export type FactGroup = {
  readonly key: string;
  /** Runs of the asked statuses, and all of them whatever their status. */
  readonly count: number;
  readonly runs: number;
  readonly byStatus: StatusCounts;
  readonly first: Date;
  readonly last: Date;
  readonly techs: readonly string[];
  /** The most frequent first. */
  readonly pipelines: readonly { readonly pipeline: string; readonly count: number }[];
  readonly signatures: readonly SignatureCount[];
};
export type DurationFacts = {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
  readonly average: number;
  readonly min: number;
  readonly max: number;
};
export type PipelineState = {
  readonly pipeline: string;
  readonly tech: string;
  readonly last: FoundRun;
  /** Runs that ended like the last one, one after the other, and the first of them; at least so many when `open`. */
  readonly streak: number;
  readonly since: Date;
  readonly open: boolean;
};
export type MissingFacts = {
  /** Without a run in the window although they ran in at least three of the same windows of the four weeks before. */
  readonly expected: readonly { readonly pipeline: string; readonly last: Date; readonly weeks: number }[];
  /** All that ran before the window ended, and not in it. */
  readonly absent: readonly { readonly pipeline: string; readonly last: Date }[];
  readonly known: number;
};
export type Totals = {
  readonly runs: number;
  readonly matching: number;
  readonly byStatus: StatusCounts;
  readonly groups: readonly FactGroup[];
};
/** The error that most of a group's runs have, as those runs have it. */
export type GroupQuote = {
  /** Of the group. */
  readonly key: string;
  readonly signature: string;
  /** What the errors of all the counted runs say alike, `<…>` where they differ. */
  readonly text: string;
  /** Those of the group that have it. Sorted. */
  readonly pipelines: readonly string[];
  /** The run that an answer cites: the latest of the pipeline that is named first. */
  readonly example: FoundRun;
};
/** The run that is the latest of its group; `run` where an answer shows it. */
export type GroupLatest = {
  readonly key: string;
  readonly at: Date;
  readonly status: RunStatus;
  readonly run: FoundRun | null;
};
/** Durations of the runs of one hour, day, week or month; null when none of them has one. */
type DurationBucket = { readonly from: Date; readonly to: Date; readonly duration: DurationFacts | null };
export type TrendBucket = { readonly from: Date; readonly to: Date; readonly count: number; readonly runs: number };
export type EarlierFailures = { readonly count: number; readonly last: Date; readonly pipelines: readonly string[] };
/** What the runs of an error have in common. */
export type CommonFacts = {
  readonly techs: readonly string[];
  readonly environments: readonly string[];
  readonly hours: readonly [first: number, last: number] | null;
  readonly failedDuration: DurationFacts | null;
  readonly successDuration: DurationFacts | null;
  /** How many different errors the failures have. */
  readonly errors: number;
  /** Failures with one of them before the window: within the names that were asked about, and all the others. Null: none. */
  readonly before: EarlierFailures | null;
  readonly beforeElsewhere: EarlierFailures | null;
};

/** What was computed for a question: exact, from the runs, with exactly the plan's filter. */
export type Facts = Totals & {
  /** How many groups there are; `groups` may hold fewer when a number was asked for. */
  readonly groupCount: number;
  /** Instant of the latest run of all up to now; null when there is none. */
  readonly dataUntil: Date | null;
  readonly compare?: Totals;
  /** Of very many periods only those with runs. */
  readonly buckets?: readonly TrendBucket[];
  /** How many periods the window has, with and without runs. */
  readonly periods?: number;
  readonly listed?: readonly FoundRun[];
  readonly duration?: DurationFacts | null;
  readonly durations?: readonly (DurationFacts & { readonly key: string })[];
  /** The latest periods that have a duration or lie between such. */
  readonly durationBuckets?: readonly DurationBucket[];
  /** The latest run of each group, the most recent first. */
  readonly latest?: readonly GroupLatest[];
  readonly missing?: MissingFacts;
  readonly states?: readonly PipelineState[];
  readonly common?: CommonFacts;
  /** Errors that an answer quotes, one for each group that is shown; without groups the most frequent one. */
  readonly quotes: readonly GroupQuote[];
  /** The examples of these, each once. */
  readonly samples: readonly FoundRun[];
  /** Kinds of failure in the window that are near in meaning to the text that was asked about, the nearest first. */
  readonly nearest?: readonly ErrorEvidence[];
};
