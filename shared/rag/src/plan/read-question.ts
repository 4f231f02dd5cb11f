import type { Language } from "@flow-rag/contracts";
import { detectLanguage } from "../detect-language.js";
import { foldInPlace, foldText } from "../fold-text.js";
import { readTime } from "../time/read-time.js";
import { numbersIn } from "./beyond-figures.js";
import { commonWords } from "./common-words.js";
import { readCountBound } from "./count-bound.js";
import { durationBounds, writtenLengths } from "./duration-filter.js";
import { quoteErrorPhrases } from "./error-phrases.js";
import { fillerWords } from "./filler-words.js";
import { httpCodes } from "./http-codes.js";
import { namedOwners } from "./named-owners.js";
import { wordsOf, type Catalogue, type UnknownName } from "./names.js";
import type { QuestionReading } from "./question-reading.js";
import { isAskingWord, readIntent, speaksOfRuns } from "./read-intent.js";
import { resolveNames } from "./resolve-names.js";
import { blank, courtesies, remarks } from "./set-aside.js";
import { correctWord, correctWords } from "./spelling.js";
import { statusPlaces } from "./status-words.js";

export type PlanContext = { readonly now: Date; readonly zone: string; readonly catalogue: Catalogue; readonly language?: Language };

/** What a message asks, without its greeting and the remarks around the question. */
export function readQuestion(written: string, context: PlanContext): QuestionReading {
  const quoted = written.replace(singleQuotes, '"$1"');
  const plain = readText(quoted, context);
  const owners = namedOwners(quoted, plain.names.matches);
  const text = quoteErrorPhrases(
    blank(
      quoted,
      owners.map(({ start, end }) => [start, end] as const),
    ),
    [...plain.names.matches, ...plain.names.unknown.filter(isSpeltAsName), ...plain.time.windows],
  );
  const whole = text === quoted ? plain : { ...readText(text, context), language: plain.language };
  const reading = readAside(whole, context);
  return owners.length === 0 ? reading : { ...reading, owners: owners.map(({ start, end }) => quoted.slice(start, end)) };
}

/** "environment variable" and "pour fichier manquant" name nothing of the data. */
const isSpeltAsName = ({ kind, text }: UnknownName): boolean => kind === "pipeline" || kind === "tech" || /[-_./\d]/.test(text);

/** A reading without what was said around the question. */
function readAside(whole: QuestionReading, context: PlanContext): QuestionReading {
  const { text, names, time } = whole;
  const within = (start: number, end: number) => (place: { readonly start: number; readonly end: number }) =>
    place.start < end && place.end > start;
  const polite = courtesies(text).filter(([start, end]) => !names.matches.some(within(start, end)));
  const speaks = (start: number, end: number) =>
    [...names.matches, ...names.unknown, ...time.windows].some(within(start, end)) ||
    /["«“`]/.test(text.slice(start, end)) ||
    speaksOfRuns(foldText(text.slice(start, end)));
  const aside = [...polite, ...remarks(blank(text, polite), speaks)];
  return aside.length === 0 ? whole : { ...readText(blank(text, aside), context), language: whole.language };
}

/** 'exit code 137' is quoted as "exit code 137" is; the apostrophe of "l'erreur" stands between letters. */
const singleQuotes = /(?<![\p{L}\p{N}])['‘’]([^'‘’"«»\n]{3,200})['‘’](?![\p{L}\p{N}])/gu;

function readText(text: string, { now, zone, catalogue }: PlanContext): QuestionReading {
  const bounds = writtenLengths(text);
  const codes = [...httpCodes(text), ...timeless(text)];
  const rough = readTime(text, now, zone, [...bounds, ...codes]);
  const names = resolveNames(
    text,
    catalogue,
    (start, end) =>
      rough.windows.some((window) => start < window.end && end > window.start) || bounds.some(([from, to]) => start < to && end > from),
  );
  const masks = names.matches.map(({ start, end }) => [start, end] as const);
  const time = masks.length === 0 ? rough : readTime(text, now, zone, [...masks, ...bounds, ...codes]);
  const blanked = blank(text, [
    ...masks,
    ...names.unknown.map(({ start, end }) => [start, end] as const),
    ...time.windows.map(({ start, end }) => [start, end] as const),
  ]);
  // What is quoted is the text of an error: its words ask for nothing.
  const quotes = [...blanked.matchAll(/"[^"]{2,300}"|«[^»]{2,300}»|“[^”]{2,300}”/g)].map(
    ({ 0: quote, index }) => [index + 1, index + quote.length - 1] as const,
  );
  const unbounded = blank(blanked, quotes);
  const counted = readCountBound(unbounded);
  const unquoted = counted ? blank(unbounded, counted.places) : unbounded;
  const rest = correctWords(foldText(unquoted).replace(/-/g, " "));
  const kinds = new Set(names.matches.map(({ kind, name }) => `${kind} ${name}`));
  const intent = readIntent(rest, { named: kinds.size, comparing: false });
  const unreadWords = new Set(time.unread.flatMap((phrase) => wordsOf(phrase).map((word) => word.text)));
  const understood = [...bounds, ...durationBounds(blanked), ...(counted?.places ?? []), ...statusPlaces(foldInPlace(unquoted))];
  const residue = wordsOf(blanked.replace(/temps de r[ée]ponse|response times?/giu, (phrase) => " ".repeat(phrase.length)))
    .filter(({ text: word }) => !commonWords.has(word) && word.length > 1 && !/^\d+$/.test(word) && !unreadWords.has(word))
    .filter(({ start, end }) => !understood.some(([from, to]) => start < to && end > from))
    .filter(({ text: word }) => !fillerWords.has(word) && correctWord(word) === undefined && !isAskingWord(word))
    .map(({ start, end }) => text.slice(start, end));
  const numbers = numbersIn(blank(unquoted, [...bounds, ...codes])).filter(
    ({ text: number }) => !wordsOf(number).some(({ text: word }) => unreadWords.has(word)),
  );
  return {
    text,
    language: detectLanguage(text),
    intent,
    names,
    time,
    residue,
    rest,
    bound: counted ?? null,
    numbers,
    quoted: quotes.some(([from, to]) => blanked.slice(from, to).trim() !== ""),
    owners: [],
  };
}

/** The "before" of "never seen before yesterday" and the "through" of "made it through" say no time by themselves. */
const timeless = (text: string): (readonly [start: number, end: number])[] =>
  [
    ...text.matchAll(
      /(?<=(?:never|jamais) (?:been )?(?:seen|vue?s?|rencontr[ée]e?s?) )(?:before|avant)(?![\p{L}-])|(?<=(?:make|made|making) it |(?:go|goes|went|gone|get|gets|got|come|came) )through(?![\p{L}-])|(?<=fait )longtemps(?= qu)|(?<=(?:time|hour)s? )of (?:the )?day(?![\p{L}-])|(?<=(?:heures?|moments?) )(?:de la journ[ée]e|du jour)(?![\p{L}-])/giu,
    ),
  ].map(({ 0: word, index }) => [index, index + word.length]);
