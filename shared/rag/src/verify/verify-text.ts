import { checkCitations } from "./check-citations.js";
import { checkBounds } from "./check-bounds.js";
import { checkRanges } from "./check-ranges.js";
import { checkCompleteness, claimsOfAll, leftOut } from "./check-completeness.js";
import { checkCurve } from "./check-curve.js";
import { checkErrors, errorLinesOf } from "./check-errors.js";
import { checkExtremes } from "./check-extremes.js";
import { checkHistory } from "./check-history.js";
import { checkShares } from "./check-shares.js";
import { checkTies } from "./check-ties.js";
import { checkNamedDays, checkWindow } from "./check-window.js";
import { checkForm, longestText } from "./check-form.js";
import { checkQuantifiers } from "./check-quantifiers.js";
import type { Grounds, Violation } from "./grounds.js";
import { containsQuote } from "./contains-quote.js";
import { bracketed, knowClaims, type KnownClaims } from "./known-claims.js";
import type { Claim, Sentence } from "./claims.js";
import { linesOf } from "./lines.js";
import { readSentences } from "./read-claims.js";
import { tokenise } from "./tokenise.js";
import type { Token } from "./tokens.js";
import { isPlainWord } from "./vocabulary.js";

const sortOf: Record<Claim["sort"], Violation["check"]> = { number: "number", date: "date", polarity: "polarity", claim: "claim" };

/**
 * What is wrong with a text about computed facts; empty when it may be shown. Every number, duration, percentage, date, name and outcome has
 * to be one that what is true gives to the same subject; quotations are word for word; other words come from a closed list or from what is
 * true. Deterministic, in French and English. It would rather refuse a true sentence than let a wrong one through.
 */
export function verifyText(text: string, grounds: Grounds): Violation[] {
  const form = checkForm(text, grounds);
  // What is too long is refused as it is: reading it would only hold up others.
  if (text.length > longestText(grounds.template)) return form;
  const known = knowClaims(grounds);
  const tokens = tokenise(grounds.language, text, known.names);
  const sentences = readSentences(tokens, {
    language: grounds.language,
    byTime: known.byTime,
    byHour: known.byHour,
    asked: known.asked,
    listedAs: known.listedAs,
    proving: false,
    quoteOf: known.quoteOf,
  });
  const lines = linesOf(text, tokens, known.quoteOf);
  const told = { lines, claims: claimsOfAll(sentences) };
  const left = leftOut(told, known, grounds);
  return unique([
    ...form,
    ...checkNames(tokens, known, grounds),
    ...checkTechnos(tokens, known, grounds),
    ...sentences.flatMap((sentence) => checkClaims(sentence, known, grounds, left)),
    ...checkQuantifiers(tokens, known, grounds),
    ...checkBounds(text, grounds),
    ...checkCurve(tokens, known.curve, grounds),
    ...checkErrors(
      errorLinesOf(tokens, known.quoteOf, "sentence"),
      known.errorLines,
      grounds,
      ({ text: told }, quote) => containsQuote(told, quote),
      grounds.records,
    ),
    ...checkExtremes(tokens, known.extremes, grounds),
    ...checkShares(tokens, grounds),
    ...checkRanges(tokens, known.ranges, grounds),
    ...checkCitations(sentences, known, grounds),
    ...checkHeadline(sentences, known, grounds),
    ...checkNamedDays(tokens, known, grounds),
    ...checkWindow(tokens, known, grounds),
    ...checkList(tokens, sentences, grounds),
    ...checkHistory(tokens, known.tokens, grounds),
    ...checkTies(lines, { template: known.lines, statements: known.statements, quoteOf: known.quoteOf }, grounds),
    ...checkCompleteness(told, known, grounds),
  ]);
}

const unique = (violations: readonly Violation[]): Violation[] => [
  ...new Map(violations.map((violation) => [violation.text, violation])).values(),
];
const speak = ({ language }: Grounds, fr: string, en: string): string => (language === "fr" ? fr : en);

/** Every name and word is one that what is true is told in, or a plain word of the language. */
function checkNames(tokens: readonly Token[], known: KnownClaims, grounds: Grounds): Violation[] {
  return tokens.flatMap((token): Violation[] => {
    if (token.is === "name" && !known.said.has(token.name))
      return [
        { check: "name", text: speak(grounds, `« ${token.name} » n'est pas dans les faits.`, `"${token.name}" is not in the facts.`) },
      ];
    if (token.is === "word" && (token.coded || !(known.words.has(token.text) || isPlainWord(grounds.language, token.text))))
      return [
        {
          check: "name",
          text: speak(grounds, `Le mot « ${token.raw} » n'est pas dans les faits.`, `The word "${token.raw}" is not in the facts.`),
        },
      ];
    if (token.is === "quote" && !known.quotes.some((quote) => containsQuote(quote, token.text)))
      return [
        {
          check: "name",
          text: speak(grounds, `« ${token.text} » n'est pas cité mot pour mot.`, `"${token.text}" is not quoted word for word.`),
        },
      ];
    return [];
  });
}

/** What stands in brackets behind a pipeline is its techno, and not one that is named elsewhere. */
const checkTechnos = (tokens: readonly Token[], known: KnownClaims, grounds: Grounds): Violation[] =>
  bracketed(tokens)
    .filter(([pipeline, tech]) => known.technos.get(pipeline)?.has(tech) === false)
    .map(([pipeline, tech]) => ({
      check: "name",
      text: speak(grounds, `${pipeline} n'est pas de ${tech}.`, `${pipeline} is not of ${tech}.`),
    }));

function checkClaims(
  { claims, cites, pairs }: Sentence,
  known: KnownClaims,
  grounds: Grounds,
  left: ReadonlySet<number | string>,
): Violation[] {
  // How many others there are is a matter of what the text itself lists.
  const isCounted = ({ kinds, value }: Claim) => kinds.includes("others") && (grounds.list !== null || left.has(value));
  const wrong = claims
    .filter((claim) => !isCounted(claim) && !known.holds(claim, cites))
    .map((claim): Violation => {
      const [subject = null] = claim.subjects;
      const about = subject === null || subject.startsWith("@") ? "" : speak(grounds, ` pour ${subject}`, ` for ${subject}`);
      return {
        check: sortOf[claim.sort],
        text: speak(
          grounds,
          `Les faits ne disent pas « ${sayClaim(claim)} »${about}.`,
          `The facts do not say "${sayClaim(claim)}"${about}.`,
        ),
      };
    });
  const unrelated = pairs
    .filter(([a, b]) => !known.pairs.has(`${a}\n${b}`))
    .map(([a, b]): Violation => ({
      check: "name",
      text: speak(grounds, `Les faits ne lient pas ${a} et ${b}.`, `The facts do not connect ${a} and ${b}.`),
    }));
  return [...wrong, ...unrelated];
}

const sayClaim = ({ said, value, kinds }: Claim): string =>
  said !== "" ? said : kinds[0] === "day" ? String(value).split("|", 1).join("") : String(value);

/** The figure that the template begins with has to be given. */
function checkHeadline(sentences: readonly Sentence[], known: KnownClaims, grounds: Grounds): Violation[] {
  const main = known.sentences[0]?.claims.find(({ sort }) => sort === "number");
  if (!main) return [];
  const given = sentences.some(({ claims }) =>
    claims.some(
      (claim) =>
        (claim.sort === "number" && claim.value === main.value && claim.kinds.some((kind) => main.kinds.includes(kind))) ||
        (main.value === 0 && claim.sort === "polarity" && claim.value === 0),
    ),
  );
  return given
    ? []
    : [
        {
          check: "claim",
          text: speak(grounds, `Le chiffre principal manque : ${main.said}.`, `The main figure is missing: ${main.said}.`),
        },
      ];
}

/** What is listed and what is said to be left out make the total. */
function checkList(tokens: readonly Token[], sentences: readonly Sentence[], grounds: Grounds): Violation[] {
  const { list, scope } = grounds;
  if (!list) return [];
  const listed = new Set(
    tokens.flatMap((token) => (token.is === "name" && token.kind === list.kind && !scope.includes(token.name) ? [token.name] : [])),
  );
  const figures = sentences.flatMap(({ claims }) => claims.filter(({ sort }) => sort === "number"));
  const others = figures.find(({ kinds }) => kinds.includes("others"));
  const kind = `${list.kind}s`;
  const total = figures.some(({ kinds, value }) => kinds.includes(kind) && value === list.total);
  if (others && typeof others.value === "number" && listed.size + others.value !== list.total)
    return [
      {
        check: "number",
        text: speak(
          grounds,
          `${listed.size} cités et ${others.value} autres ne font pas ${list.total}.`,
          `${listed.size} named and ${others.value} others do not make ${list.total}.`,
        ),
      },
    ];
  if (listed.size > 1 && listed.size < list.total && !others && !total)
    return [
      {
        check: "claim",
        text: speak(
          grounds,
          `La liste est incomplète : dites qu'il y en a ${list.total}.`,
          `The list is incomplete: say that there are ${list.total}.`,
        ),
      },
    ];
  return [];
}
