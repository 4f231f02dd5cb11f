import { foldText } from "../fold-text.js";
import { sensesOf } from "../glossary/glossary.js";
import { stem, withoutElision } from "../glossary/word-forms.js";

const token = /[\p{L}\p{N}]+(?:[_\-./:][\p{L}\p{N}]+)*/gu;
const camelCase = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
const stopWords = new Set(
  "a ai as au aux avec ce ces cet cette comme dans de deja des du elle en est et etait etaient eu il ils je la le les leur lors mais meme ne nos notre nous on ont ou par pas plus pour pourquoi qu que quel quelle quelles quels qui sa se ses si son sont sur un une vous y ete vu vue vus jamais hier aujourd hui quand combien erreur erreurs error errors echec echecs failed failure failures fail message messages similaire similaires semblable similar like exception exceptions probleme problem the an and any are at be been but by did do does ever for from had has have how in into is it its no non not of on or our out seen such that their them then there these they this to was we were what when where which who why will with you before after same kind type".split(
    " ",
  ),
);

const remembered = new Map<string, readonly string[]>();
const mostRemembered = 20_000;

/**
 * Terms of a text or of a question about one, for BM25: words folded and stemmed without stop words, an identifier whole and by its parts,
 * and the senses of the glossary in words of neither language (`#disk-full`).
 */
export function searchTerms(text: string): readonly string[] {
  const known = remembered.get(text);
  if (known) return known;
  const terms = readTerms(text);
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(text, terms);
  return terms;
}

function readTerms(text: string): string[] {
  const terms: string[] = [];
  const words: string[] = [];
  for (const [spelt] of withoutElision(text).matchAll(token)) {
    const parts = partsOf(spelt).map(foldText);
    if (parts.length > 1) terms.push(foldText(spelt));
    for (const part of parts) if (part.length > 1 && !stopWords.has(part)) terms.push(parts.length > 1 ? part : stem(part));
    words.push(...parts);
    if (parts.length > 1) words.push(foldText(spelt).replace(/[^\p{L}\p{N}]/gu, "")); // "OutOfMemory" is a term of its own too
  }
  for (const name of sensesOf(words)) terms.push(`#${name}`);
  return terms;
}

const partsOf = (spelt: string): string[] => spelt.split(/[_\-./:]/).flatMap((part) => part.split(camelCase));

/** Spellings that mean one thing only: `ORA-12170`, `tFTPGet_1`, `AccessControlException`, `db01.intra`, `load.py`. */
const identifier = /\p{L}[\p{L}_.:-]*\d|\d[\p{N}_.:-]*\p{L}|[\p{L}\p{N}][_.:/][\p{L}\p{N}]|\p{Ll}\p{Lu}/u;
const quoted = /"[^"]*"|«[^»]*»|“[^”]*”|`[^`]*`/gu;

/** How much of a question is identifiers and quoted text, 0 to 1 of the words that say anything. */
export function identifierShare(text: string): number {
  const bare = text.replace(quoted, " ");
  const inQuotes = [...text.matchAll(quoted)].flatMap(([part]) => spellings(part));
  const free = spellings(bare);
  const said = inQuotes.length + free.length;
  return said === 0 ? 0 : (inQuotes.length + free.filter((word) => identifier.test(word)).length) / said;
}

const spellings = (text: string): string[] =>
  [...withoutElision(text).matchAll(token)].map(([word]) => word).filter((word) => word.length > 1 && !stopWords.has(foldText(word)));
