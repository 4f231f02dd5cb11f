import { foldText } from "../fold-text.js";

/** The names that occur in the data. */
export type Catalogue = {
  readonly pipelines: readonly string[];
  readonly techs: readonly string[];
  readonly environments?: readonly string[];
};
export type NameKind = "pipeline" | "tech" | "environment";

/** A name as it was written, and what it was taken for. */
export type NameMatch = {
  readonly kind: NameKind;
  readonly name: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** False when it is the nearest of the catalogue and that has to be said. */
  readonly certain: boolean;
  readonly near: readonly string[];
};
/** A name that the data does not hold. `near` are the most similar ones, best first. */
export type UnknownName = {
  readonly kind: NameKind | "name";
  readonly text: string;
  readonly near: readonly string[];
  readonly start: number;
  readonly end: number;
};
export type ResolvedNames = { readonly matches: readonly NameMatch[]; readonly unknown: readonly UnknownName[] };

export type Word = { readonly text: string; readonly start: number; readonly end: number };
export type Entry = {
  readonly kind: NameKind;
  readonly name: string;
  readonly key: string;
  readonly words: readonly string[];
  /** The letters of the key, as bits. */
  readonly letters: number;
};

/** Words of a text, folded, with their places; separators of identifiers separate words. */
export function wordsOf(text: string): Word[] {
  return [...text.matchAll(/[\p{L}\p{N}\p{Mn}]+/gu)].map(({ 0: word, index }) => ({
    text: foldText(word),
    start: index,
    end: index + word.length,
  }));
}
