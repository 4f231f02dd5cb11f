import type { Token } from "./tokenize.js";

/** A parsed value and the index of the first token after it. */
export type Read<T> = { readonly value: T; readonly next: number };

export const wordAt = (tokens: readonly Token[], index: number): string => {
  const token = tokens[index];
  return token?.kind === "word" ? token.text : "";
};

/** The index after at most `limit` words of the set. */
export function skip(tokens: readonly Token[], index: number, words: ReadonlySet<string>, limit = 3): number {
  let next = index;
  while (next - index < limit && words.has(wordAt(tokens, next))) next += 1;
  return next;
}

/** The index after the words of the phrase, spaces between them; undefined when they do not stand there. */
export function phrase(tokens: readonly Token[], index: number, ...phrases: readonly string[]): number | undefined {
  const first = wordAt(tokens, index);
  if (first === "") return undefined;
  for (const text of phrases) {
    // Nearly all phrases differ in their first word already.
    if (!text.startsWith(first)) continue;
    const expected = text.split(" ");
    if (expected.every((word, offset) => wordAt(tokens, index + offset) === word)) return index + expected.length;
  }
  return undefined;
}

/** The lists of this grammar: as many as it has, each read once. */
const wordLists = new Map<string, ReadonlySet<string>>();
export function words(text: string): ReadonlySet<string> {
  const known = wordLists.get(text);
  if (known) return known;
  const list = new Set(text.split(" "));
  wordLists.set(text, list);
  return list;
}
