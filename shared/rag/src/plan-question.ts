import type { Language, RunStatus } from "@flow-rag/contracts";
import { detectLanguage } from "./detect-language.js";
import { foldText } from "./fold-text.js";
import { readWindow, type TimeWindow } from "./read-window.js";

/** The names that occur in the data. */
export type Catalogue = { readonly techs: readonly string[]; readonly pipelines: readonly string[] };

/** What a question asks for, closed and typed: nothing else reaches the stores. */
export type Plan = {
  readonly language: Language;
  /** `facts`: counts computed from the runs. `search`: the records nearest in meaning. */
  readonly operation: "facts" | "search";
  /** Undefined in a search that names no time. */
  readonly window: (TimeWindow & { readonly stated: boolean }) | undefined;
  readonly status: RunStatus | undefined;
  readonly techs: readonly string[];
  readonly pipelines: readonly string[];
  readonly groupBy: "tech" | "pipeline";
  /** Phrases about time that were not understood. */
  readonly unresolved: readonly string[];
};

const statusWords: readonly (readonly [RegExp, RunStatus])[] = [
  [/\b(echou\w*|echecs?|echue\w*|erreurs?|plant\w*|ko|casse\w*|fail\w*|errors?|crash\w*|broken|broke)\b/, "failed"],
  [/\b(en cours|running|in progress)\b/, "running"],
  [/\b(annul\w*|cancel\w*)\b/, "cancelled"],
  [/\b(reussi\w*|succes|succeeded|successful\w*|success)\b/, "success"],
];
const counting = /\b(combien|how many|number of|nombre|quel(le)?s?|which|liste\w*|list|etat|status|bilan|resume|summary)\b/;
const byTech = /\b(technos?|technologies|technologie|techs?)\b/;
const defaultDays = 7;

/** Reads a question. Pure: the same text, instant, zone and catalogue always give the same plan. */
export function planQuestion(text: string, context: { now: Date; zone: string; catalogue: Catalogue }): Plan {
  const folded = foldText(text);
  const { window, unread } = readWindow(folded, context.now, context.zone);
  const status = statusWords.find(([pattern]) => pattern.test(folded))?.[1];
  const operation = window || counting.test(folded) ? "facts" : "search";
  const lastDays = {
    from: new Date(context.now.getTime() - defaultDays * 86_400_000),
    to: context.now,
    name: { last: defaultDays, unit: "days" },
  } as const;
  return {
    language: detectLanguage(text),
    operation,
    window: window ? { ...window, stated: true } : operation === "facts" ? { ...lastDays, stated: false } : undefined,
    status,
    techs: named(folded, context.catalogue.techs),
    pipelines: named(folded, context.catalogue.pipelines),
    groupBy: byTech.test(folded) ? "tech" : "pipeline",
    unresolved: unread === undefined ? [] : [unread],
  };
}

/** The names that stand in the text as whole words, "-", "_" and spaces being the same. */
function named(folded: string, names: readonly string[]): string[] {
  const text = ` ${words(folded)} `;
  return names.filter((name) => words(foldText(name)).length > 1 && text.includes(` ${words(foldText(name))} `));
}

const words = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, " ").trim();
