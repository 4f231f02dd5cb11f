import type { Context, Language, RunStatus } from "@flow-rag/contracts";

/** A record that `[n]` points to. `text` is what it says, as it may be shown. */
export type CitedRecord = {
  readonly id: string;
  readonly pipeline: string;
  readonly tech: string;
  readonly environment: string | null;
  readonly status: RunStatus;
  readonly ts: Date;
  readonly text: string;
};

export type NameKind = "pipeline" | "tech" | "environment";

/**
 * A line of the template that a text has to tell: what it is about, and of its figures the first, all of them but changes, or none. A line
 * of a list may be counted among "et 2 autres" instead.
 */
export type Required = { readonly line: string; readonly figures: "first" | "all" | "none" };

/** All that a text may say, and what it must not get wrong. */
export type Grounds = {
  readonly language: Language;
  /** True sentences, lines and figures, in the words of the templates. The first line holds the figure that every text must give. */
  readonly template: string;
  /** Further true sentences, one subject each; they are not shown unless a text says them. */
  readonly statements: readonly string[];
  /** `records[n - 1]` is what `[n]` points to. */
  readonly records: readonly CitedRecord[];
  /** Half-open [from, to) that the figures are for; null: all of the data. */
  readonly window: { readonly from: Date | null; readonly to: Date } | null;
  /** Names that the question is about: figures about them need not repeat them. */
  readonly scope: readonly string[];
  /** Every name that could be meant: one that occurs in a text and not in what is true is an invention. */
  readonly names: Readonly<Partial<Record<NameKind, readonly string[]>>>;
  /** How many there are of what the template lists: what a text leaves out of a list it has to count. */
  readonly list: { readonly kind: NameKind; readonly total: number } | null;
  /** What the answer would be wrong without. */
  readonly required: readonly Required[];
  readonly zone: string;
  readonly now: Date;
};

/** What a text gets wrong. `check` is one of the eight of the answer's checks; `text` says it in words that a model can act on. */
export type Violation = {
  readonly check: "form" | "language" | "citation" | "number" | "date" | "name" | "polarity" | "window" | "claim";
  readonly text: string;
};

/** The records that contexts stand for. */
export const citedRecords = (contexts: readonly Context[]): CitedRecord[] =>
  contexts.map(({ content, meta: { id, pipeline, tech, environment, status, ts } }) => ({
    id,
    pipeline,
    tech,
    environment,
    status,
    ts: new Date(ts),
    text: content,
  }));
