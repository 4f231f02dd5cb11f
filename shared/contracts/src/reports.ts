import type { RunStatus } from "./runs.js";

/** One Slack message. `text` is what a notification shows; `blocks` are Block Kit. */
export type SlackMessage = { readonly text: string; readonly blocks: readonly Readonly<Record<string, unknown>>[] };

/** A picture of a report. `name` is a file name with its ending; `alt` says in words what it shows. */
export type ReportChart = { readonly name: string; readonly alt: string; readonly png: Uint8Array };

/** How far a report had seen, so that the next one can tell what came later with an earlier time. */
export type ReportSight = {
  /** Before it began to read the runs. */
  readonly readAt: Date;
  /** Runs that it had counted, with the status it knew, of those that were indexed shortly before `readAt` or while it read: their times alone do not say it. */
  readonly recent: readonly { readonly id: string; readonly status: RunStatus }[];
};
/** What the reports of a kind have told: the runs of [from, to), as the last of them saw them. */
export type ToldSpan = ReportSight & { readonly from: Date; readonly to: Date };

/** A report as its channels show it: made once from computed figures, archived, and sent as it is by every attempt. */
export type RenderedReport = {
  readonly slack: { readonly message: SlackMessage; readonly thread: readonly SlackMessage[] };
  /** `html` refers to charts as `cid:<name>`. */
  readonly email: { readonly subject: string; readonly text: string; readonly html: string };
  readonly charts: readonly ReportChart[];
};

/** Who gets a report's part about some pipelines. A route without patterns takes what no other route took. */
export type ReportRoute = {
  readonly name: string;
  /** Slack channel ids; empty: none. */
  readonly slack: readonly string[];
  /** E-mail addresses; empty: none. */
  readonly email: readonly string[];
};
