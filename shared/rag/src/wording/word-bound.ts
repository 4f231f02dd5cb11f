import type { Language, RunStatus } from "@flow-rag/contracts";
import type { CountBound } from "../plan/count-bound.js";
import { createFormat } from "../number-format.js";
import { runsNamed } from "./words.js";

const comparisons: Record<Language, Record<CountBound["comparison"], string>> = {
  fr: { ">": "plus de", ">=": "au moins", "<": "moins de", "<=": "au plus" },
  en: { ">": "more than", ">=": "at least", "<": "fewer than", "<=": "at most" },
};

/** `plus de 3 échecs`, `at least 10% failures`. */
export function boundNamed(language: Language, { of, comparison, value }: CountBound, statuses: readonly RunStatus[]): string {
  const format = createFormat(language, "UTC");
  const amount = of === "share" ? format.share(value, 100) : format.number(value);
  const noun = runsNamed(language, statuses, of === "share" ? 2 : value);
  // Nothing is above all of them.
  const every = of === "share" && comparison === ">=" && value >= 100;
  const than = language === "en" && of === "share" && comparison === "<" ? "less than" : comparisons[language][comparison];
  if (every) return language === "fr" ? `${amount} de ${noun}`.replace(/de (?=[aeiouéê])/, "d’") : `${amount} ${noun}`;
  if (of === "count") return `${than} ${amount} ${noun}`;
  return language === "fr" ? `${than} ${amount} de ${noun}`.replace(/de (?=[aeiouéê])/, "d’") : `${than} ${amount} ${noun}`;
}
