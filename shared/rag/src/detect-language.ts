import type { Language } from "@flow-rag/contracts";
import { foldText } from "./fold-text.js";

const words: Record<Language, ReadonlySet<string>> = {
  fr: new Set(
    "le la les l un une des du de d au aux et ou est sont a ont qu que qui quel quelle quels quelles combien pourquoi comment quand hier aujourd hui jour jours semaine mois dernier derniere derniers cette ce ces cet sur pour dans avec sans depuis en erreur erreurs echec echecs echoue echoues passe pas plus toutes tous montre liste donne".split(
      " ",
    ),
  ),
  en: new Set(
    "the a an of and or is are was were has have had which what who why how many much when yesterday today day days week month last this that these on for in with without since error errors failure failures failed did do does not more all show list give me any there".split(
      " ",
    ),
  ),
};

/** The language of a question, by its function words; French when it cannot be told. */
export function detectLanguage(text: string): Language {
  const found = foldText(text).match(/[a-z]+/g) ?? [];
  const score = (language: Language) => found.filter((word) => words[language].has(word)).length;
  return score("en") > score("fr") ? "en" : "fr";
}
