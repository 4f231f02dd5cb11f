import { detectLanguage } from "../detect-language.js";
import type { PlanContext } from "./read-question.js";
import type { Plan } from "./plan.js";
import { longestQuotedName, quotationsIn } from "./quotations.js";

/**
 * Words, numbers and marks that a question may have: three times the longest of the corpora, a pasted error with its causes included. What
 * it costs to read one grows faster than its length, and everybody waits meanwhile.
 */
export const mostParts = 120;
/** Characters that are looked at to tell a language, or shown of a question that is not read. */
const shown = 80;

/** Letters or digits in a row: names have fewer, and an expression that looks for the end of a word begins anew at each of them. */
const longestWord = 256;

const part = new RegExp(String.raw`[\p{L}\p{M}]{1,${longestWord + 1}}|\p{N}{1,${longestWord + 1}}|[^\s\p{L}\p{M}\p{N}]`, "gu");

/** Words, numbers and marks of a text; no more of them than `most` are counted, and a word that is none by its length counts for all of them. */
export function partsOf(text: string, most: number): number {
  let count = 0;
  for (const [found] of text.matchAll(part)) {
    count = found.length > longestWord ? most : count + 1;
    if (count >= most) break;
  }
  return count;
}

/** What is quoted at length is sought as it is, and not read: it costs what its place costs. */
export const isTooLong = (text: string): boolean =>
  isOver(text) && (text.length > longestWithQuotations || isOver(withoutQuotations(text)));

const isOver = (text: string): boolean => partsOf(text, mostParts + 1) > mostParts;
/** Characters: as long as a question may be that is asked over HTTP. */
const longestWithQuotations = 2_000;

const withoutQuotations = (text: string): string =>
  quotationsIn(text)
    .filter((quotation) => quotation.text.length > longestQuotedName)
    .reduceRight((rest, { start, end }) => `${rest.slice(0, start)} ${rest.slice(end)}`, text);

/** What becomes of a question that is too long to be read: nothing is looked up, and the answer says so. */
export const tooLongPlan = (text: string, { language = detectLanguage(text.slice(0, 10 * shown)) }: PlanContext): Plan => ({
  operation: "help",
  language,
  window: null,
  compareWindow: null,
  filters: {
    pipelines: [],
    techs: [],
    statuses: [],
    environments: [],
    signatureText: null,
    minDurationMs: null,
    maxDurationMs: null,
  },
  groupBy: null,
  limit: null,
  measure: null,
  without: false,
  only: null,
  bound: null,
  unresolved: [{ kind: "length", text: text.slice(0, shown).trim(), near: [] }],
  assumed: [],
});
