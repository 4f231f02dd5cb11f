import type { Language } from "@flow-rag/contracts";
import type { TimeReading } from "../time/read-time.js";
import type { WrittenBound } from "./count-bound.js";
import type { WrittenNumber } from "./beyond-figures.js";
import type { Quotation, QuotedPart } from "./quotations.js";
import type { Intent } from "./read-intent.js";
import type { ResolvedNames } from "./names.js";

/** What was read in the text, before defaults: a follow-up fills its gaps from the plan before it. */
export type QuestionReading = {
  /** With spaces for greetings, thanks and remarks. */
  readonly text: string;
  readonly language: Language;
  readonly intent: Intent;
  readonly names: ResolvedNames;
  readonly time: TimeReading;
  readonly residue: readonly string[];
  readonly rest: string;
  readonly bound: WrittenBound | null;
  /** Numbers outside names, times, bounds and quotations. */
  readonly numbers: readonly WrittenNumber[];
  /** Holds the text of an error between quotation marks. */
  readonly quoted: boolean;
  /** The texts of errors that it holds, in their order: quotations, and phrases such as "module Python manquant". `text` has spaces there. */
  readonly sought: readonly Quotation[];
  /** Everything between quotation marks, names as well. */
  readonly quotations: readonly QuotedPart[];
  /** Whose runs it is about, as it is written: "équipe Finance". */
  readonly owners: readonly string[];
};
