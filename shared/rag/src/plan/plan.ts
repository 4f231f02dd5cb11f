import type { Language, RunStatus } from "@flow-rag/contracts";
import type { WindowName } from "../time/time-ref.js";
import type { CountBound } from "./count-bound.js";
import type { DurationMeasure, Operation } from "./read-intent.js";
import type { GroupBy } from "./group-words.js";

/** Half-open [from, to); `from` null is without a beginning. `stated` is false for the default of a question that names no time. */
export type PlanWindow = {
  readonly from: Date | null;
  readonly to: Date;
  readonly label: string;
  readonly stated: boolean;
  readonly name: WindowName;
};
type PlanFilters = {
  readonly pipelines: readonly string[];
  readonly techs: readonly string[];
  readonly statuses: readonly RunStatus[];
  readonly environments: readonly string[];
  /** Text that the error must contain; in `similar` and `explain` the text that evidence is sought for. */
  readonly signatureText: string | null;
  readonly minDurationMs: number | null;
  readonly maxDurationMs: number | null;
  /** What is left out: "sauf Spark", "hors prod". */
  readonly excluded?: {
    readonly pipelines: readonly string[];
    readonly techs: readonly string[];
    readonly environments: readonly string[];
  };
};
/** A part of the question that was not understood, as it was written; `length` and `quotation` for the beginning of a question or quotation that is too long;
 * `uncomputed` and `several` (a question each) for what no figure stands for, so that none is given. */
export type Unresolved = {
  readonly kind:
    "time" | "pipeline" | "tech" | "environment" | "name" | "word" | "length" | "quotation" | "owner" | "uncomputed" | "several";
  readonly text: string;
  readonly near: readonly string[];
};
/** A name that was taken for the nearest one of the catalogue, which the answer has to say. */
type Assumed = {
  readonly kind: "pipeline" | "tech" | "environment";
  readonly text: string;
  readonly name: string;
  readonly near: readonly string[];
};

/** What a question asks for, closed and typed: nothing else reaches the stores. */
export type Plan = {
  readonly operation: Operation;
  readonly language: Language;
  /** Null: all of the data. */
  readonly window: PlanWindow | null;
  readonly compareWindow: PlanWindow | null;
  readonly filters: PlanFilters;
  readonly groupBy: GroupBy | null;
  readonly limit: number | null;
  readonly measure: DurationMeasure | null;
  /** True for "n'ont pas échoué": the groups without a run in these statuses. */
  readonly without: boolean;
  /** "new": only errors that never occurred before the window. "latest": of each group only the run that is its latest, whatever its status. */
  readonly only: "new" | "latest" | null;
  /** Only the groups with so many runs of the asked statuses. */
  readonly bound: CountBound | null;
  readonly unresolved: readonly Unresolved[];
  readonly assumed: readonly Assumed[];
  /** The names that a quotation is exactly; sought as a text where the question speaks of texts. */
  readonly quotedName?: { readonly kind: "pipeline" | "tech" | "environment"; readonly text: string; readonly names: readonly string[] };
  /** Runs of the period whose error holds a name that is quoted and meant as a name. */
  readonly alsoInErrors?: { readonly text: string; readonly runs: number };
  /** The default period, in words, that held no error with the text and was given up for all the data. */
  readonly emptyWindow?: string;
  /** Shares from the smallest on: "le taux de succès le plus bas". */
  readonly lowest?: boolean;
  /** The names of the list that the one asked about was picked from: "et le troisième ?" means one of them. */
  readonly among?: { readonly kind: "pipeline" | "tech" | "environment"; readonly names: readonly string[] };
};
