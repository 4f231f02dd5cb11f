import { foldText } from "../fold-text.js";
import { faultSenses } from "./fault-senses.js";
import { platformSenses } from "./platform-senses.js";
import { resourceSenses } from "./resource-senses.js";
import { stem, withoutElision } from "./word-forms.js";

/**
 * Terms of operations, a sense a row: `name = French, French, … | English, English, …`. A term is a word or several that follow each other;
 * `*` ends one that may go on; a long row goes on in an indented line. Written from the vocabulary of the trade (what tools print, what
 * people on call say), never from the questions that retrieval is judged by: those are for measuring.
 */
export const glossary: readonly Sense[] = [faultSenses, resourceSenses, platformSenses].flatMap(readSenses);

export type Sense = { readonly name: string; readonly fr: readonly string[]; readonly en: readonly string[] };

function readSenses(rows: string): Sense[] {
  return rows
    .trim()
    .replace(/\n {2}/g, " ")
    .split("\n")
    .map((row) => {
      const [name = "", terms = ""] = row.split(" = ");
      const [fr = [], en = []] = terms.split(" | ").map((list) => list.split(", ").map((term) => term.trim()));
      return { name, fr, en };
    });
}

const ofErrors = new Set([faultSenses, resourceSenses].flatMap(readSenses).map(({ name }) => name));
/** Whether a text is about what goes wrong, or about what it goes wrong with. */
export const speaksOfError = (text: string): boolean => {
  const words = foldText(withoutElision(text)).match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...sensesOf(words)].some((name) => ofErrors.has(name));
};

type Term = { readonly words: readonly string[]; readonly name: string };
const wordsOf = (term: string): string[] => foldText(withoutElision(term)).match(/[\p{L}\p{N}]+\*?/gu) ?? [];
const isOpen = (word: string): boolean => word.endsWith("*");
/** Two letters begin too many words. */
const shortestBeginning = 3;

const terms: readonly Term[] = glossary.flatMap(({ name, fr, en }) =>
  [...fr, ...en].map((term) => ({ name, words: wordsOf(term).map((word) => (isOpen(word) ? word : stem(word))) })),
);
/** By their first word; those whose first word is open by its letters. */
const closed = groupBy(terms.filter(({ words: [first = ""] }) => !isOpen(first)));
const open = groupBy(terms.filter(({ words: [first = ""] }) => isOpen(first)));

/** Names of the senses that folded words stand for, each once. `words` follow each other as in the text, function words included. */
export function sensesOf(words: readonly string[]): Set<string> {
  const stems = words.map(stem);
  const found = new Set<string>();
  const matches = (wanted: string, at: number): boolean =>
    isOpen(wanted) ? (words[at] ?? "").startsWith(wanted.slice(0, -1)) : stems[at] === wanted;
  words.forEach((word, at) => {
    const beginnings = Array.from({ length: Math.max(0, word.length - shortestBeginning + 1) }, (_, cut) =>
      word.slice(0, shortestBeginning + cut),
    );
    const here = [...(closed.get(stems[at] ?? "") ?? []), ...beginnings.flatMap((beginning) => open.get(beginning) ?? [])];
    for (const { words: wanted, name } of here)
      if (!found.has(name) && wanted.every((each, offset) => matches(each, at + offset))) found.add(name);
  });
  return found;
}

function groupBy(all: readonly Term[]): Map<string, Term[]> {
  const groups = new Map<string, Term[]>();
  for (const term of all) {
    const key = (term.words[0] ?? "").replace("*", "");
    groups.set(key, [...(groups.get(key) ?? []), term]);
  }
  return groups;
}
