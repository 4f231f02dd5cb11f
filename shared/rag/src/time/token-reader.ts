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
  for (const text of phrases) {
    const words = text.split(" ");
    if (words.every((word, offset) => wordAt(tokens, index + offset) === word)) return index + words.length;
  }
  return undefined;
}

export const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));
