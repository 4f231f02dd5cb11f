import type { Doubt, Language, RunStatus, UnreadStatuses } from "@flow-rag/contracts";
import type { FindingKind, FollowedFinding, RunHabit, Severity } from "@flow-rag/insights";

/** `daily` compares with the day before and the week; `weekly` with the week before. */
export type ReportKind = "daily" | "weekly";

/** Half-open: [from, to). ISO 8601, UTC. */
type Span = { readonly from: string; readonly to: string };

/** Counts of the runs of one span. */
export type Figures = {
  readonly runs: number;
  readonly failed: number;
  /** Runs that ended: success, warning or failed. */
  readonly ended: number;
  /** Ended runs that did not fail. */
  readonly succeeded: number;
  readonly byStatus: Readonly<Partial<Record<RunStatus, number>>>;
  /** The smallest duration that 95 % of the runs that have one do not exceed, in ms; null without any. */
  readonly p95Ms: number | null;
  /** Pipelines that ran. */
  readonly pipelines: number;
};

/** Medians over several spans before; each over the spans that have the figure. */
export type UsualFigures = {
  readonly spans: number;
  readonly runs: number;
  readonly failed: number;
  /** 0 to 1. */
  readonly successShare: number | null;
  readonly p95Ms: number | null;
};

/** Who is asked about a pipeline. `mention` is a Slack id and comes from the settings only. */
export type Owner = { readonly name: string; readonly mention: string | null };
/** Text of records is redacted, one line and cut; it is untrusted all the same. */
export type Cause = { readonly signature: string | null; readonly text: string | null };

/** Findings that are one event; runs that did not come are told apart in `missing`. Instants are ISO 8601, UTC. */
export type ReportIncident = {
  readonly state: FollowedFinding["state"];
  readonly severity: Severity;
  readonly tech: string;
  /** Of all its pipelines; absent in reports of before this was told. */
  readonly techs?: readonly string[];
  readonly pipelines: readonly string[];
  readonly kinds: readonly FindingKind[];
  readonly since: string;
  readonly findings: readonly FollowedFinding[];
  readonly cause: Cause;
  /** Those of the pipelines that have the cause, the first ones; absent in reports of before this was told. */
  readonly causedIn?: readonly string[];
  /** Failures in the window of the incident's pipelines, with one of its errors if it has any, and the first and last of them. `cause` is the most frequent. */
  readonly failures: number;
  readonly first: string | null;
  readonly last: string | null;
  /** When its error was seen for the first time at all. */
  readonly firstSeen: string | null;
  readonly owners: readonly Owner[];
  /** Id of a run. */
  readonly example: string | null;
};
export type MissingPipeline = {
  readonly pipeline: string;
  readonly tech: string;
  readonly state: FollowedFinding["state"];
  readonly severity: Severity;
  readonly last: string;
  readonly habit: RunHabit;
  /** Usual time between two runs, in ms; null when its habit is no regular gap. */
  readonly everyMs: number | null;
  readonly missing: number;
  /** When it ran again: it was late; null while it is still missing. */
  readonly back: string | null;
  readonly owners: readonly Owner[];
};
/** Nothing is unusual about the pipeline any more, and its last run did not fail. `since`: when the first of them began. */
export type ResolvedPipeline = { readonly pipeline: string; readonly kinds: readonly FindingKind[]; readonly since: string };
export type FailingPipeline = {
  readonly pipeline: string;
  readonly tech: string;
  readonly failures: number;
  readonly runs: number;
  readonly first: string;
  readonly last: string;
  /** Whether its last run that ended failed. */
  readonly stillFailing: boolean;
  readonly owners: readonly Owner[];
  /** Of the error that most of its failures have. */
  readonly cause: Cause;
};
export type FailingTech = { readonly tech: string; readonly failures: number; readonly runs: number; readonly pipelines: number };
/** Of an error: `resolved`: known before, and every pipeline that had it in the window has since ended well. */
export type ErrorState = "new" | "regressed" | "ongoing" | "resolved";
export type TopSignature = {
  readonly cause: Cause;
  /** Null when the past is too short to tell, and for failures without an error. */
  readonly state: ErrorState | null;
  /** Every pipeline that had it has since ended well. */
  readonly recovered: boolean;
  readonly failures: number;
  readonly pipelines: readonly string[];
  readonly techs: readonly string[];
  readonly first: string;
  readonly last: string;
  readonly firstSeen: string | null;
};
/** What came for a pipeline, for a time that earlier reports had told. */
export type LatePipeline = {
  readonly pipeline: string;
  readonly tech: string;
  /** Runs that no report had counted, and how many of them failed. */
  readonly runs: number;
  readonly failures: number;
  /** Runs that a report had counted, with another status, and that have failed since: it was still running, for instance. */
  readonly failedSince: number;
  /** When the earliest and the latest of them happened. */
  readonly first: string;
  readonly last: string;
  readonly owners: readonly Owner[];
  /** Of the error that most of the failures have. */
  readonly cause: Cause;
  readonly state: Exclude<ErrorState, "resolved"> | null;
};
/** What earlier reports could not know: their window was told before it came. Null: there is no earlier one that says how far it saw. */
export type LateArrivals = Pick<LatePipeline, "runs" | "failures" | "failedSince"> & {
  /** Up to here was told. */
  readonly toldUntil: string;
  /** The most failures first. */
  readonly pipelines: readonly LatePipeline[];
};
/** One day of the pictures: the 24 hours by the clock that end with it. */
export type DayFigures = {
  readonly date: string;
  readonly runs: number;
  readonly failures: readonly { readonly tech: string; readonly count: number }[];
};
/** Failures of one pipeline on each day of `days`. */
export type PipelineDays = { readonly pipeline: string; readonly tech: string; readonly failures: readonly number[] };

/** One short text. `by` says who worded it; its figures are those of the report either way. */
export type Prose = { readonly text: string; readonly by: "llm" | "template"; readonly reason: string | null };

/** What a report says about some pipelines. Lists are complete; what is shown of them is the rendering's choice. */
export type ReportPart = {
  /** `no_data`: no run at all, which says nothing about failures. `quiet`: runs were seen and there is nothing to tell. */
  readonly verdict: "no_data" | "quiet" | "eventful";
  /** It is about no pipeline at all. */
  readonly isEmpty: boolean;
  readonly figures: Figures;
  /** Runs of the span whose status was not read; null when every one was, and in reports of before this was told. */
  readonly unread?: UnreadStatuses | null;
  /** Of the span before; null when it has no run. */
  readonly before: Figures | null;
  /** Null for a weekly report, and when fewer than three spans before have runs. */
  readonly usual: UsualFigures | null;
  /** New and regressed ones first. */
  readonly incidents: readonly ReportIncident[];
  readonly missing: readonly MissingPipeline[];
  readonly resolved: readonly ResolvedPipeline[];
  readonly late: LateArrivals | null;
  /** The most failures first. */
  readonly failing: readonly FailingPipeline[];
  readonly techs: readonly FailingTech[];
  readonly signatures: readonly TopSignature[];
  /** Pipelines with too short a past to be judged. */
  readonly unjudged: readonly string[];
  readonly days: readonly DayFigures[];
  /** The ten pipelines with the most failures on these days. */
  readonly worst: readonly PipelineDays[];
  readonly prose: Prose | null;
};

/** How complete the data were. */
export type Coverage = {
  /** The latest run before the end of the window; null without one. */
  readonly dataUntil: string | null;
  /** Nothing has come for much longer than usual at this time. */
  readonly stale: boolean;
  /** What is known to be wrong or missing in the window, the gravest first. */
  readonly doubts: readonly Doubt[];
};

/** A report's facts: computed, and nothing but JSON. */
export type Report = {
  readonly version: 1;
  readonly kind: ReportKind;
  /** The local day it is for, `2026-05-06`. */
  readonly date: string;
  readonly zone: string;
  readonly language: Language;
  readonly window: Span;
  /** Made later than it was due; `dueAt` when that is known, ISO 8601, UTC. */
  readonly isLate: boolean;
  readonly dueAt: string | null;
  readonly coverage: Coverage;
  readonly all: ReportPart;
  /** By the name of the route, for those routes that are not about all pipelines. */
  readonly parts: Readonly<Record<string, ReportPart>>;
};

/** The part that a route is sent. */
export const partFor = (report: Report, route: string): ReportPart =>
  Object.hasOwn(report.parts, route) ? (report.parts[route] ?? report.all) : report.all;
