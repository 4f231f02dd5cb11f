import { speaksOfError } from "../glossary/glossary.js";
import { commonWords, knownTechnologies } from "./common-words.js";
import { editDistance } from "./edit-distance.js";
import { lettersOf, mayBeNear, type NameIndex } from "./name-index.js";
import { wordsOf, type Entry, type NameKind, type NameMatch, type UnknownName } from "./names.js";

/** A part of a question that could be a name. */
export type Candidate = {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly kind: NameKind | undefined;
  readonly certain: boolean;
  readonly behindPreposition?: boolean;
};

const shortest = 4;
/** Wrong letters of a name that is still shown as one that is like it, for each of its letters. */
const likeness = 0.45;
const mostErrors = 8;
/** Wrong letters that a name of a length may have and still be meant. */
const allowance = (length: number): number => (length < shortest ? 0 : length < 8 ? 1 : length < 14 ? 2 : 3);

export type NearestName = { readonly match?: NameMatch; readonly unknown: UnknownName; readonly ambiguous?: boolean };

/**
 * What a word that is no name of the catalogue was meant to be, and the names most like it. `known` keeps what was found for a word: one
 * that a question repeats is compared with the names once.
 */
export function nearest(candidate: Candidate, index: NameIndex, known: Map<string, NearestName>): NearestName {
  const { text, kind, certain, behindPreposition = false, start, end } = candidate;
  const as = `${kind ?? ""} ${certain} ${behindPreposition} ${text}`;
  const found = known.get(as) ?? compareWithAll(candidate, index.entries);
  known.set(as, found);
  const { match, unknown } = found;
  return { ...found, ...(match && { match: { ...match, start, end } }), unknown: { ...unknown, start, end } };
}

function compareWithAll(candidate: Candidate, entries: readonly Entry[]): NearestName {
  const key = wordsOf(candidate.text)
    .map((word) => word.text)
    .join("");
  const parts = wordsOf(candidate.text).map((word) => word.text);
  const pool =
    candidate.kind === undefined
      ? entries
      : [
          ...entries.filter(({ kind }) => kind === candidate.kind),
          ...(candidate.certain && candidate.kind !== "environment" ? entries.filter(({ kind }) => kind !== candidate.kind) : []),
        ];
  const letters = lettersOf(key);
  const figures = figuresOf(key);
  const inCase = byCase(candidate.text);
  const farthest = Math.max(3, Math.floor(key.length * likeness));
  const telling = parts.filter((part) => part.length >= 3 && !commonWords.has(part));
  const ranked = pool
    .flatMap((entry) => {
      const shared = telling.filter((part) => entry.words.includes(part)).length;
      const most = shared > 0 ? mostErrors : Math.min(farthest, mostErrors);
      if (shared === 0 && !mayBeNear(letters, entry.letters, most)) return [];
      const distance = editDistance(key, entry.key, most);
      return distance > most && shared === 0 ? [] : [{ entry, distance, shared }];
    })
    .sort(
      (a, b) =>
        a.distance - b.distance || b.shared - a.shared || inCase(a.entry) - inCase(b.entry) || (a.entry.name < b.entry.name ? -1 : 1),
    );
  const best = ranked[0];
  const place = { text: candidate.text, start: candidate.start, end: candidate.end };
  const near = ranked
    .filter(({ distance, shared }) => distance <= Math.max(2, Math.floor(key.length * likeness)) || shared > 0)
    .sort(
      (a, b) =>
        a.distance - 2 * a.shared - (b.distance - 2 * b.shared) ||
        inCase(a.entry) - inCase(b.entry) ||
        (a.entry.name < b.entry.name ? -1 : 1),
    )
    .slice(0, 3)
    .map(({ entry }) => entry.name);
  const unknown: UnknownName = { kind: candidate.kind ?? (knownTechnologies.has(key) ? "tech" : "name"), near, ...place };
  // A whole part of one name only: "disconf" for "knightliao/disconf".
  const holding = (run: readonly string[]) =>
    run.length > 0 && key.length >= shortest ? pool.filter((entry) => containsRun(entry.words, run)) : [];
  const exact = holding(parts);
  // "les exports" for the pipeline whose name holds "export".
  const holders = exact.length > 0 || !key.endsWith("s") ? exact : holding(parts.map((part) => part.replace(/s$/, "")));
  const [holder] = holders;
  if (
    (best === undefined || best.distance > allowance(key.length)) &&
    holder &&
    holders.length === 1 &&
    (candidate.certain || !speaksOfError(candidate.text))
  ) {
    return { match: { kind: holder.kind, name: holder.name, ...place, certain: true, near: [] }, unknown };
  }
  // "échecs de order": the beginning of a name's part is no text of an error either.
  const begun = candidate.behindPreposition && holders.length === 0 && key.length >= shortest && parts.length === 1;
  const beginners = begun ? pool.filter((entry) => entry.words.some((word) => word.startsWith(key) && word.length - key.length <= 3)) : [];
  // "orders", where there are orders-daily and orders-cdc, is no text of an error: which one is meant has to be said.
  const ambiguous = (holders.length > 1 || beginners.length > 0) && !speaksOfError(candidate.text);
  if (ambiguous && beginners.length > 0) return { unknown: { ...unknown, near: beginners.slice(0, 3).map(({ name }) => name) }, ambiguous };
  if (!best || best.distance > allowance(key.length)) return { unknown, ambiguous };
  // `orders-cdc-us` is no typing error of `orders-cdc`: a word more is another name.
  if (parts.length > best.entry.words.length && (parts.at(-1)?.length ?? 0) > 1 && containsRun(parts, best.entry.words))
    return { unknown, ambiguous: true };
  // `job-43` is no typing error of `job-42`.
  if (figuresOf(best.entry.key) !== figures) return { unknown };
  // An uncommon word by itself is a typing error of a name only when next to nothing is wrong with it.
  if (!candidate.certain && best.distance > (key.length >= 7 ? 2 : 1)) return { unknown };
  const tie = ranked[1]?.distance === best.distance && ranked[1]?.entry.key !== best.entry.key;
  const certain = best.distance <= 1 && !tie;
  return { match: { kind: best.entry.kind, name: best.entry.name, ...place, certain, near: certain ? [] : near }, unknown };
}

/** Of names that differ in case alone, the one in the case of the question: how many capitals a name has more or fewer. */
export function byCase(written: string): (entry: Entry) => number {
  const capitals = (text: string): number => text.match(/\p{Lu}/gu)?.length ?? 0;
  const wanted = capitals(written);
  return ({ name }) => Math.abs(capitals(name) - wanted);
}

/** Names that differ in a figure are two names, and neither is a typing error of the other. */
export const figuresOf = (key: string): string => key.replace(/\D+/g, "");

/** Whether some words stand in a name, one after the other. */
export const containsRun = (words: readonly string[], run: readonly string[]): boolean =>
  words.some((_, start) => run.every((part, offset) => words[start + offset] === part));
