import { foldText } from "../fold-text.js";
import { httpCodes } from "./http-codes.js";
import { identifiersIn } from "./identifiers.js";
import { commonWords, knownTechnologies } from "./common-words.js";
import { fillerWords } from "./filler-words.js";
import { isStatusPhrase, isStatusWord } from "./status-words.js";
import { correctWord } from "./spelling.js";
import { editDistance } from "./edit-distance.js";
import { namedTogether } from "./named-together.js";
import { indexOf, lettersOf, longestRun, mayBeNear, type NameIndex } from "./name-index.js";
import { byCase, figuresOf, nearest, type Candidate, type NearestName } from "./nearest-name.js";
import {
  wordsOf,
  type Catalogue,
  type Entry,
  type NameKind,
  type NameMatch,
  type ResolvedNames,
  type UnknownName,
  type Word,
} from "./names.js";
import { monthOf, unitOf, weekdayNamed } from "../time/vocabulary.js";

/** Behind a plural an adjective or a verb is as likely as a name: "pipelines distincts", "technos touchées". */
const plural = /^(?:pipelines|jobs|flux|flows|technos)$/;
const markers = new Map<string, NameKind>(
  Object.entries({
    pipeline: "pipeline pipelines job jobs flux flow flows dag workflow traitement projet project repo site check",
    tech: "techno technos technologie technology tech",
    environment: "environnement environment env",
  } satisfies Record<NameKind, string>).flatMap(([kind, words]) => words.split(" ").map((word) => [word, kind as NameKind] as const)),
);
const environmentNames = new Set(
  "qualif qualification homol homologation rec int perf formation preproduction pprd ppd prod production preprod recette dev development staging test qa uat integration sandbox".split(
    " ",
  ),
);

/** Finds the catalogue's names in a question, whatever their case, accents and separators, and with typing errors. */
export function resolveNames(text: string, catalogue: Catalogue, isTaken: (start: number, end: number) => boolean): ResolvedNames {
  const index = indexOf(catalogue);
  const { entries } = index;
  const words = wordsOf(text);
  const codes = [...httpCodes(text), ...exceptionNames(text)];
  const isInCode = (start: number, end: number) => codes.some(([from, to]) => start >= from && end <= to && end - start < to - from);
  const found = exactMatches(text, words, index).filter(({ start, end }) => !isInCode(start, end));
  const wholes = joinedWords(text).filter((whole) => !isSpokenOf(whole, words, found));
  const isPart = (start: number, end: number) =>
    wholes.some((whole) => start < whole.end && end > whole.start && (start > whole.start || end < whole.end));
  const exact = found.filter(({ start, end }) => !isPart(start, end));
  const together = namedTogether(text, entries).filter(
    ({ start, end }) => !exact.some((match) => start < match.end && end > match.start && match.end - match.start > end - start),
  );
  const matches = [...exact.filter(({ start, end }) => !together.some((match) => start < match.end && end > match.start)), ...together];
  const covered = (start: number, end: number) =>
    isInCode(start, end) || matches.some((match) => start < match.end && end > match.start) || isTaken(start, end);
  matches.push(...looseMatches(text, words, index, (start, end) => covered(start, end) || isPart(start, end)));
  const unknown: UnknownName[] = [];
  const known = new Map<string, NearestName>();
  for (const candidate of candidates(text, words)) {
    if (covered(candidate.start, candidate.end)) continue;
    const near = nearest(candidate, index, known);
    if (near.match) matches.push(near.match);
    else if (candidate.certain || near.ambiguous) unknown.push(near.unknown);
  }
  matches.sort((a, b) => a.start - b.start);
  return { matches, unknown };
}

type Part = { readonly start: number; readonly end: number; readonly text: string };

/** Words that signs join without a space: `svc_orders`, `orders-2`, `orders_20261125.csv`. */
const joinedWords = (text: string): Part[] =>
  [...text.matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]+(?:[-_./:\\@$#=]+[\p{L}\p{N}]+)+/gu)].map(({ 0: whole, index }) => ({
    text: whole,
    start: index,
    end: index + whole.length,
  }));

/** "non-Spark", "orders/stock_sync", "prod-failures": names with words of speech. In `svc_orders` and `orders-2` nothing of the whole is left out. */
const isSpokenOf = ({ text, start, end }: Part, words: readonly Word[], matches: readonly NameMatch[]): boolean => {
  const others = words.filter(
    (word) => word.start >= start && word.end <= end && !matches.some((match) => word.start < match.end && word.end > match.start),
  );
  const said = (word: Word): boolean => {
    const hyphened = text[word.start - start - 1] === "-";
    return commonWords.has(word.text) && (!hyphened || isStatusWord(word.text) || behindHyphen.test(word.text));
  };
  return !(others.length > 0 && /[_\\@$#=]|\.[\p{Ll}\d]/u.test(text)) && others.every(said);
};
/** What speech joins to a name with a hyphen; in `orders-cdc-us` the last word is a part of the name. */
const behindHyphen =
  /^(?:t|il|ils|elle|elles|on|ce|ci|la|related|based|only|specific|side|like|runs?|executions?|jobs?|pipelines?|flows?|flux|dags?|technos?|tasks?)$/;

/** Longest names first; each place of the text belongs to one name, which may be that of a pipeline and of a techno. */
function exactMatches(text: string, words: readonly Word[], { byKey, longest }: NameIndex): NameMatch[] {
  const matches: NameMatch[] = [];
  for (let first = 0; first < words.length;) {
    let next = first + 1;
    for (let size = Math.min(longest + 2, words.length - first); size >= 1; size--) {
      const run = words.slice(first, first + size);
      const [start, end] = [run[0]?.start ?? 0, run.at(-1)?.end ?? 0];
      const found = byKey.get(run.map((word) => word.text).join(""));
      if (!found || !mayBeName(text, run, first, words)) continue;
      const wanted = markerKind(words, first);
      const chosen = found.find(({ kind }) => kind === wanted) ?? found.find(({ kind }) => kind === "tech") ?? found[0];
      if (chosen)
        for (const name of spelt(
          text.slice(start, end),
          found.filter(({ kind }) => kind === chosen.kind),
        ))
          matches.push({ kind: chosen.kind, name, text: text.slice(start, end), start, end, certain: true, near: [] });
      next = first + size;
      break;
    }
    first = next;
  }
  return matches;
}

/** Of names that differ in case, accents or separators the one that is written so, else those with these separators, else all of them. */
function spelt(written: string, alike: readonly Entry[]): string[] {
  const names = [...new Set(alike.map(({ name }) => name))];
  const same = names.filter((name) => name.normalize("NFC").trim() === written.normalize("NFC"));
  if (same.length > 0) return same;
  const folded = names.filter((name) => foldText(name).trim() === foldText(written));
  return folded.length > 0 ? folded : names;
}

/** Several words that are nearly a name, or a part of one name only: "Digital Editons University of Bern", "University of Bern". */
function looseMatches(
  text: string,
  words: readonly Word[],
  index: NameIndex,
  covered: (start: number, end: number) => boolean,
): NameMatch[] {
  const matches: NameMatch[] = [];
  for (let size = Math.min(longestRun, words.length, index.longest); size >= 2; size--) {
    for (let first = 0; first + size <= words.length; first++) {
      const run = words.slice(first, first + size);
      const [start, end] = [run[0]?.start ?? 0, run.at(-1)?.end ?? 0];
      const opener = run[0]?.text ?? "";
      if ((commonWords.has(opener) && !index.firstWords.has(opener)) || run.every((word) => commonWords.has(word.text))) continue;
      if (covered(start, end) || matches.some((match) => start < match.end && end > match.start)) continue;
      const parts = run.map((word) => word.text);
      const close = nearlyNames(parts.join(""), size, index);
      const holding = close.length > 0 ? close : (index.byRun.get(parts.join(" ")) ?? []);
      const inCase = byCase(text.slice(start, end));
      const [only] = [...holding].sort((a, b) => inCase(a) - inCase(b));
      if (only && holding.every(({ key: other }) => other === only.key)) {
        matches.push({ kind: only.kind, name: only.name, text: text.slice(start, end), start, end, certain: true, near: [] });
      }
    }
  }
  return matches;
}

/** Names of about as many words with a wrong letter or two. */
function nearlyNames(key: string, size: number, { byLength }: NameIndex): Entry[] {
  if (key.length < 8) return [];
  const most = key.length < 14 ? 1 : 2;
  const letters = lettersOf(key);
  const found: Entry[] = [];
  for (let length = key.length - most; length <= key.length + most; length++)
    for (const entry of byLength.get(length) ?? []) {
      const alike = Math.abs(entry.words.length - size) <= 1 && mayBeNear(letters, entry.letters, most);
      if (alike && figuresOf(entry.key) === figuresOf(key) && editDistance(key, entry.key, most) <= most) found.push(entry);
    }
  return found;
}

/** Places of `java.lang.OutOfMemoryError`: no part of it is the name of a techno or a pipeline. */
const exceptionNames = (text: string): (readonly [start: number, end: number])[] =>
  [...text.matchAll(/(?<![\p{L}\p{N}_$.])(?:[\p{L}\p{N}_$]+\.)+[\p{L}\p{N}_$]*(?:Exception|Error)(?![\p{L}\p{N}])/gu)].map(
    ({ 0: name, index }) => [index, index + name.length],
  );

const definite = /^(?:le|du|au|ce|the|this|that)$/;
/** "échecs de daily": behind a preposition even an adverb is a name, where there is one. */
const beforeName = /^(?:de|du|of|sur|on|pour|for)$/;
const isTimeWord = (word: string): boolean =>
  weekdayNamed(word) !== undefined ||
  monthOf(word) !== undefined ||
  unitOf(word) !== undefined ||
  /^(?:hier|avant|demain|aujourd|yesterday|today|tomorrow|midi|minuit|noon|midnight|nuit|night|weekend|matin|soir|tout|toute|all)$/.test(
    word,
  );

/** An ordinary word is a name only where it is said to be one. */
function mayBeName(text: string, run: readonly Word[], first: number, words: readonly Word[]): boolean {
  if (run.length > 1 || !commonWords.has(run[0]?.text ?? "")) return true;
  const [start, end] = [run[0]?.start ?? 0, run[0]?.end ?? 0];
  const before = text.slice(0, start);
  const opened = (mark: string) => before.trimEnd().endsWith(mark) && before.split(mark).length % 2 === 0;
  const word = run[0]?.text ?? "";
  const previous = words[first - 1]?.text ?? "";
  return (
    /[«“]\s?$/.test(before) ||
    opened("`") ||
    opened('"') ||
    (beforeName.test(previous) && !isStatusWord(word) && !isTimeWord(word) && markers.get(word) === undefined) ||
    (markerKind(words, first) !== undefined && !plural.test(previous) && definite.test(words[first - 2]?.text ?? "")) ||
    (markerKind(words, first) !== undefined && !/^\s+(?:qui|a|ont|en|est|that|failed)\b/.test(text.slice(end)))
  );
}

const markerKind = (words: readonly Word[], first: number): NameKind | undefined => markers.get(words[first - 1]?.text ?? "");

/** What could be a name: quoted, joined by - _ / . , behind a marker or a preposition, a known technology, or any uncommon word. */
function candidates(text: string, words: readonly Word[]): Candidate[] {
  const found: Candidate[] = [];
  const add = (start: number, end: number, kind: NameKind | undefined, certain: boolean, behindPreposition = false) => {
    if (end > start && !found.some((other) => start < other.end && end > other.start))
      found.push({ text: text.slice(start, end), start, end, kind, certain, behindPreposition });
  };
  for (const match of text.matchAll(/`([^`]+)`/g)) add(match.index + 1, match.index + match[0].length - 1, undefined, true);
  for (const { start, end, text: spelt } of identifiersIn(text))
    if (
      !isErrorCode(spelt) &&
      !isStatusPhrase(spelt) &&
      !(/^\p{L}+$/u.test(spelt) && behindErrorNoun.test(text.slice(Math.max(0, start - 30), start)))
    )
      add(start, end, kindBefore(words, start), true);
  for (const { start, end, text: spelt } of joinedWords(text)) {
    const inversion = /-(?:t-)?(?:il|elle|ils|elles|on|ce|je|tu|nous|vous|moi)$/i.test(spelt);
    // "order-daily" is made of ordinary words, and may be a misspelt name all the same.
    if (!inversion && !isErrorCode(spelt) && !isStatusPhrase(spelt)) add(start, end, kindBefore(words, start), false);
  }
  words.forEach((word, index) => {
    // "le job 12345", "run 2026050512": an id, and no record has it as its name.
    if (isRunId(words, index)) return add(word.start, word.end, undefined, true);
    if (/^\d+$/.test(word.text) || word.text.length < 2) return;
    if (knownTechnologies.has(word.text)) return add(word.start, word.end, "tech", true);
    if (commonWords.has(word.text)) return;
    const previous = words[index - 1]?.text ?? "";
    const marker = markers.get(previous);
    const next = words[index + 1]?.text;
    const placed = /^(sur|on|pour|for|dans|chez)$/.test(previous) && (next === undefined || commonWords.has(next) || /^\d+$/.test(next));
    if (environmentNames.has(word.text) && /^(en|in|on|sur|de|env|environnement|environment)$/.test(previous))
      return add(word.start, word.end, "environment", true);
    if (correctWord(word.text) !== undefined || isStatusWord(word.text)) return;
    const spelt = text.slice(word.start, word.end);
    const doubtful = fillerWords.has(word.text) || (plural.test(previous) && !/\d|\p{Lu}/u.test(spelt));
    add(word.start, word.end, doubtful ? undefined : marker, !doubtful && (marker !== undefined || placed), beforeName.test(previous));
  });
  return found;
}

/** "erreurs OutOfMemory": what the error is, and whose it is not. */
const behindErrorNoun = /(?<!\p{L})(?:erreurs?|errors?|exceptions?|messages?)\s+(?:de |d['’]|du |des |of |type )?$/iu;
const isErrorCode = (spelt: string): boolean => /^[A-Z]{2,}-?\d+$/.test(spelt) || /Exception|Error\b/.test(spelt);

const ids = /^(?:pipeline|job|flux|flow|dag|traitement|run|execution|build|id)$/;
const numbered = /^(?:pipeline|job|flux|flow|dag|traitement|id)$/;
const grouping = /^(?:par|by|per|each|every|chaque|top|ce|cet|un|une|a|an|one)$/;
/** "pipeline 3 fois", "job 7 derniers jours": how often, and no number of it. */
const counted =
  /^(?:fois|times|dernier|derniers|derniere|dernieres|last|premiers?|first|jours?|days?|heures?|hours?|minutes?|min|semaines?|weeks?|mois|months?|h|j|echecs?|failures?|erreurs?|errors?|runs?|executions?|sur|of|out)$/;

function isRunId(words: readonly Word[], index: number): boolean {
  const [noun, number, next] = [words[index - 1]?.text ?? "", words[index]?.text ?? "", words[index + 1]?.text ?? ""];
  if (/^\d{4,}$/.test(number) && ids.test(noun)) return true;
  return /^\d{1,3}$/.test(number) && numbered.test(noun) && !grouping.test(words[index - 2]?.text ?? "") && !counted.test(next);
}
const kindBefore = (words: readonly Word[], start: number): NameKind | undefined =>
  markers.get(words.filter((word) => word.end <= start).at(-1)?.text ?? "");
