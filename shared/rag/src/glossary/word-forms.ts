/** Endings of French and English that inflect a word: "connexions", "refusée", "rejected". Never of an identifier. Folded text. */
export function stem(word: string): string {
  if (word.length < 5 || /\d/.test(word)) return word;
  const singular = word
    .replace(/(?:aux|eaux)$/, "al")
    .replace(/(?:sses|xes)$/, (end) => end.slice(0, -2))
    .replace(/(?<![su])s$|x$/, "");
  const root = singular.replace(/(?:issements?|ements?|ations?|ations|ements|ment|tion|ees?|es?|ing|ed|er|ent|ant|ait|aient)$/, "");
  return root.length >= 4 ? root : singular;
}

/** Elided French words stand before the apostrophe: "l'erreur", "qu'il". */
const elision = /(?<!\p{L})(?:[ldjmntsc]|qu|jusqu|lorsqu)['’](?=\p{L})/giu;
export const withoutElision = (text: string): string => text.replace(elision, "");
