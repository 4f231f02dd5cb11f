import type { Language } from "@flow-rag/contracts";
import { detectLanguage } from "../detect-language.js";
import { foldInPlace, foldText } from "../fold-text.js";
import { readTime } from "../time/read-time.js";
import { numbersIn } from "./beyond-figures.js";
import { commonWords } from "./common-words.js";
import { readCountBound } from "./count-bound.js";
import { durationBounds, writtenLengths } from "./duration-filter.js";
import { errorPhrases } from "./error-phrases.js";
import { fillerWords } from "./filler-words.js";
import { httpCodes } from "./http-codes.js";
import { namedOwners } from "./named-owners.js";
import { indexOf } from "./name-index.js";
import { wordsOf, type Catalogue, type UnknownName } from "./names.js";
import type { QuestionReading } from "./question-reading.js";
import { readQuotations, type Quotation, type QuotedPart } from "./quotations.js";
import { isAskingWord, readIntent, speaksOfRuns } from "./read-intent.js";
import { resolveNames } from "./resolve-names.js";
import { blank, courtesies, remarks } from "./set-aside.js";
import { correctWord, correctWords } from "./spelling.js";
import { statusPlaces } from "./status-words.js";

export type PlanContext = { readonly now: Date; readonly zone: string; readonly catalogue: Catalogue; readonly language?: Language };

/** What a message asks, without its greeting and the remarks around the question. What is quoted as the text of an error asks for nothing. */
export function readQuestion(message: string, context: PlanContext): QuestionReading {
  const written = withoutMarks(message);
  const quotations = readQuotations(written, indexOf(context.catalogue));
  const texts = quotations.filter(({ role }) => role === "text");
  const unquoted = blank(asNames(written, quotations), texts.map(placeOf));
  const plain = readText(unquoted, context, texts);
  const owners = namedOwners(unquoted, plain.names.matches);
  const owned = blank(unquoted, owners.map(placeOf));
  const taken = [...plain.names.matches, ...plain.names.unknown.filter(isSpeltAsName), ...plain.time.windows, ...texts];
  const phrases = errorPhrases(owned, taken);
  const sought = [...texts, ...phrases].sort((a, b) => a.start - b.start);
  const text = blank(owned, phrases.map(placeOf));
  const whole = text === unquoted ? plain : { ...readText(text, context, sought), language: plain.language };
  const reading = { ...readAside(whole, context), quotations };
  return owners.length === 0 ? reading : { ...reading, owners: owners.map(({ start, end }) => unquoted.slice(start, end)) };
}

const placeOf = ({ start, end }: { readonly start: number; readonly end: number }) => [start, end] as const;

/** A text without signs that are not shown, such as those of a direction of writing: a reader sees none of them. */
const withoutMarks = (text: string): string => text.replace(/[\p{Cf}\u034f\ufe00-\ufe0f]+/gu, "");

/** Names between quotation marks of any kind as they stand between backticks. Places stay. */
const asNames = (text: string, quotations: readonly QuotedPart[]): string =>
  quotations
    .filter(({ role }) => role === "name")
    .reduce((rest, { start, end }) => `${rest.slice(0, start)}\`${rest.slice(start + 1, end - 1)}\`${rest.slice(end)}`, text);

/** "environment variable" and "pour fichier manquant" name nothing of the data. */
const isSpeltAsName = ({ kind, text }: UnknownName): boolean => kind === "pipeline" || kind === "tech" || /[-_./\d]/.test(text);

/** A reading without what was said around the question. */
function readAside(whole: QuestionReading, context: PlanContext): QuestionReading {
  const { text, names, time, sought } = whole;
  const within = (start: number, end: number) => (place: { readonly start: number; readonly end: number }) =>
    place.start < end && place.end > start;
  const polite = courtesies(text).filter(([start, end]) => !names.matches.some(within(start, end)));
  const speaks = (start: number, end: number) =>
    [...names.matches, ...names.unknown, ...time.windows, ...sought].some(within(start, end)) ||
    speaksOfRuns(foldText(text.slice(start, end)));
  const aside = [...polite, ...remarks(blank(text, polite), speaks)];
  return aside.length === 0 ? whole : { ...readText(blank(text, aside), context, sought), language: whole.language };
}

function readText(text: string, { now, zone, catalogue }: PlanContext, sought: readonly Quotation[]): QuestionReading {
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
  const counted = readCountBound(blanked);
  const unquoted = counted ? blank(blanked, counted.places) : blanked;
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
    quoted: sought.length > 0,
    sought,
    quotations: [],
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
