import { foldText } from "../fold-text.js";
import { errorConcepts } from "./error-concepts.js";

const token = /[\p{L}\p{N}]+(?:[_\-./:][\p{L}\p{N}]+)*/gu;
const camelCase = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
/** Elided French words stand before the apostrophe: "l'erreur", "qu'il". */
const elision = /(?<!\p{L})(?:[ldjmntsc]|qu|jusqu|lorsqu)['’](?=\p{L})/giu;
const stopWords = new Set(
  "a ai as au aux avec ce ces cet cette comme dans de deja des du elle en est et etait etaient eu il ils je la le les leur lors mais meme ne nos notre nous on ont ou par pas plus pour pourquoi qu que quel quelle quelles quels qui sa se ses si son sont sur un une vous y ete vu vue vus jamais hier aujourd hui quand combien erreur erreurs error errors echec echecs failed failure failures fail message messages similaire similaires semblable similar like exception exceptions probleme problem the an and any are at be been but by did do does ever for from had has have how in into is it its no non not of on or our out seen such that their them then there these they this to was we were what when where which who why will with you before after same kind type".split(
    " ",
  ),
);

/** Endings of French and English that inflect a word: "connexions", "refusée", "rejected". Never of an identifier. */
export function stem(word: string): string {
  if (word.length < 5 || /\d/.test(word)) return word;
  const singular = word
    .replace(/(?:aux|eaux)$/, "al")
    .replace(/(?:sses|xes)$/, (end) => end.slice(0, -2))
    .replace(/(?<![su])s$|x$/, "");
  const root = singular.replace(/(?:issements?|ements?|ations?|ations|ements|ment|tion|ees?|es?|ing|ed|er|ent|ant|ait|aient)$/, "");
  return root.length >= 4 ? root : singular;
}

const remembered = new Map<string, readonly string[]>();
const mostRemembered = 20_000;

/**
 * Terms of an error or of a question about one, for BM25: words folded and stemmed without stop words, an identifier whole and by its parts,
 * and what is wrong in words of neither language (`#memory`).
 */
export function errorTerms(text: string): readonly string[] {
  const known = remembered.get(text);
  if (known) return known;
  const terms = readTerms(text);
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(text, terms);
  return terms;
}

function readTerms(text: string): string[] {
  const terms: string[] = [];
  for (const [spelt] of text.replace(elision, "").matchAll(token)) {
    const parts = spelt.split(/[_\-./:]/).flatMap((part) => part.split(camelCase));
    const whole = foldText(spelt);
    if (parts.length > 1) terms.push(whole);
    for (const part of parts.map(foldText)) if (part.length > 1 && !stopWords.has(part)) terms.push(parts.length > 1 ? part : stem(part));
  }
  const folded = foldText(text);
  for (const [name, pattern] of errorConcepts) if (pattern.test(folded)) terms.push(`#${name}`);
  return terms;
}

/** Spellings that mean one thing only: `ORA-12170`, `tFTPGet_1`, `AccessControlException`, quoted text. */
export const holdsIdentifier = (text: string): boolean =>
  /["«“`]|\p{L}\d|\d\p{L}|[\p{L}\p{N}][_.-]\p{L}|\p{Ll}\p{Lu}|(?<!\p{L})\p{Lu}{3,}(?!\p{L})/u.test(text);
