/** What can be unusual. `not_enough_history` says that a pipeline could not be judged. */
export const findingKinds = [
  "failure_rate",
  "consecutive_failures",
  "new_error",
  "regressed_error",
  "duration",
  "missing_run",
  "volume",
  "not_enough_history",
] as const;
export type FindingKind = (typeof findingKinds)[number];
export type Severity = "info" | "warning" | "critical";

/** Something a detector noticed about one pipeline on one day. Instants are epoch ms. */
export type Finding = {
  readonly pipeline: string;
  readonly tech: string;
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** Half-open: [from, to). Of what was observed, which lies in the judged day or reaches back from it. */
  readonly window: { readonly from: number; readonly to: number };
  /** In the unit of the kind: a share from 0 to 1 (failure_rate), ms (duration, missing_run), else a count. */
  readonly observed: number;
  readonly expected: number;
  /** Of the test, before the correction for the number of pipelines; null for a rule. */
  readonly pValue: number | null;
  /** The rule that held, in words; null for a test. */
  readonly rule: string | null;
  readonly signature: string | null;
  /** Ids of runs, the first twenty. */
  readonly evidence: readonly string[];
  /** The figures that the sentence needs beside `observed` and `expected`. */
  readonly facts: Readonly<Record<string, number>>;
};

/**
 * What a detector says of one pipeline and day: a finding, which for a test is so before the correction for the number of pipelines; that all is
 * usual; that the day holds nothing to test, so that the pipeline does not count among the tested; or that the past is too short to know.
 */
export type Verdict = Finding | "usual" | "untested" | "too_little_past";

export const shownEvidence = 20;

/** Names one thing that can go on for days: the same pipeline, kind and error. */
export const findingKey = ({ pipeline, kind, signature }: Finding): string =>
  kind === "new_error" || kind === "regressed_error" ? `${pipeline}\n${kind}\n${signature ?? ""}` : `${pipeline}\n${kind}`;
