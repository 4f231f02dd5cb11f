import type { Language } from "@flow-rag/contracts";
import type { Grounds, Violation } from "./grounds.js";
import type { Token } from "./tokens.js";

type Stance = "before" | "never";

/** Words that something was there: with a word of earlier times they say that it is not new. */
const sights: Record<Language, RegExp> = {
  fr: /^(?:vue?s?|apparu\w*|connue?s?|survenue?s?|observ\w+|constat\w+|rencontr\w+|produite?s?|echou\w+|arrive\w*)$/,
  en: /^(?:seen|appeared|occurred|happened|observed|known|found|failed|reported|noted)$/,
};
const earlier: Record<Language, RegExp> = {
  fr: /^(?:avant|auparavant|deja|precedemment|anterieurement)$/,
  en: /^(?:before|previously|earlier|already|prior)$/,
};
const never: Record<Language, RegExp> = {
  fr: /^(?:jamais|pas|aucune?|non|ni|nulle?|nouvelle?s?|nouveaux?)$/,
  en: /^(?:never|not|no|none|neither|nor|without|new|wasn|weren|hasn|haven|didn)$/,
};
const window: Record<Language, RegExp> = { fr: /^(?:fenetre|periode)$/, en: /^(?:window|period)$/ };

/** "Jamais vu avant cette fenêtre", "seen before": whether something is new is said only where what is true says so, one way or the other. */
export function checkHistory(tokens: readonly Token[], known: readonly Token[], { language }: Grounds): Violation[] {
  const proven = stancesOf(known, language);
  return [...stancesOf(tokens, language)]
    .filter((stance) => !proven.has(stance))
    .map((stance) => ({
      check: "claim",
      text:
        language === "fr"
          ? `Les faits ne disent pas « ${stance === "never" ? "jamais vu avant" : "déjà vu avant"} ».`
          : `The facts do not say "${stance === "never" ? "never seen before" : "seen before"}".`,
    }));
}

function stancesOf(tokens: readonly Token[], language: Language): Set<Stance> {
  const stances = new Set<Stance>();
  let words: string[] = [];
  for (const token of tokens) {
    if (token.is === "word") words.push(token.text);
    if (token.is !== "end") continue;
    const stance = stanceOf(words, language);
    if (stance !== undefined) stances.add(stance);
    words = [];
  }
  return stances;
}

function stanceOf(words: readonly string[], language: Language): Stance | undefined {
  const at = words.findIndex((word) => earlier[language].test(word));
  const seen = words.some((word) => sights[language].test(word));
  // "durée avant l'échec" is about a run; "avant cette fenêtre" is about all that was.
  const past = at !== -1 && (seen || words.slice(at + 1, at + 3).some((word) => window[language].test(word)));
  const isNew = seen && words.some((word) => /^(?:jamais|never)$/.test(word));
  if (!past && !isNew) return undefined;
  return words.some((word) => never[language].test(word)) ? "never" : "before";
}
