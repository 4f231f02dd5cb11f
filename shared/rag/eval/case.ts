import type { GoldRun } from "./run-fixtures.js";

/** One question and what plain code says the answer is, as text so that it can be compared. */
export type Case = {
  readonly operation: string;
  readonly question: string;
  readonly gold: string;
  /** Questions of the same conversation before it. */
  readonly after?: readonly string[];
};
export type Window = { readonly fr: string; readonly en: string; readonly from: number; readonly to: number };
export type Dataset = {
  readonly name: string;
  readonly now: string;
  readonly rows: readonly GoldRun[];
  readonly windows: readonly Window[];
  readonly pipelines: readonly string[];
  readonly techs: readonly string[];
};
