import { localDay } from "@flow-rag/kernel";
import type { Grounds, Violation } from "./grounds.js";
import { keysOf, keysOfRecord, listsOf, type Line } from "./lines.js";
import type { Token } from "./tokens.js";

type Known = { readonly template: readonly Line[]; readonly statements: readonly Line[]; readonly quoteOf: (text: string) => string };
const isTie = (key: string): boolean => /^(?:quote|pipeline|tech|environment):/.test(key);
const isAnchor = (key: string): boolean => /^(?:quote|pipeline):/.test(key);
const isWhen = (key: string): boolean => /^(?:day|moment):/.test(key);

/**
 * What stands in one line belongs together: an error, its pipelines, techno, environment and days. A line of a list says nothing but what one
 * line of the facts does, and its number is the place of that line; a sentence gives an error or a pipeline no days and names of others.
 */
export function checkTies(said: readonly Line[], known: Known, grounds: Grounds): Violation[] {
  return said.flatMap((line, index) => (line.isItem ? checkItem(line, known, grounds) : checkProse(line, index === 0, known, grounds)));
}

function checkItem(line: Line, known: Known, grounds: Grounds): Violation[] {
  const free = freeOf(line.tokens, known, grounds);
  const wanted = line.keys.filter((key) => !free.has(key));
  const holds = (other: Line): boolean => wanted.every((key) => other.keys.includes(key));
  if (line.keys.some(isTie) && ![...known.template, ...known.statements].some(holds)) {
    const foreign = strangest(wanted, known);
    return [apart(grounds, foreign)];
  }
  if (line.rank === null) return [];
  const places = listsOf(known.template).flatMap((list) => list.flatMap((each, place) => (holds(each) ? [each.rank ?? place + 1] : [])));
  return places.includes(line.rank) ? [] : [misplaced(grounds, line.rank)];
}

/** The one of the keys that a line with most of the others does not have. */
function strangest(wanted: readonly string[], { template }: Known): string {
  const shared = (line: Line): number => wanted.filter((key) => line.keys.includes(key)).length;
  const nearest = [...template].sort((a, b) => shared(b) - shared(a))[0];
  return wanted.find((key) => nearest?.keys.includes(key) !== true) ?? wanted[0] ?? "";
}

function checkProse(line: Line, isFirst: boolean, known: Known, grounds: Grounds): Violation[] {
  const all = [...known.template, ...known.statements];
  let anchors: string[] = [];
  return sentencesOf(line.tokens).flatMap((tokens, index) => {
    const keys = keysOf(tokens, known.quoteOf);
    const own = keys.filter(isAnchor);
    if (own.length > 0) anchors = own;
    if (anchors.length === 0) return [];
    const about = all.filter((each) => anchors.some((anchor) => each.keys.includes(anchor)));
    const free = freeOf(line.tokens, known, grounds);
    const told = new Set([...about.flatMap((each) => each.keys), ...free]);
    const dated = about.some((each) => each.keys.some(isWhen));
    const opening = isFirst && index === 0 ? firstTie(tokens) : 0;
    const whole = keysOf(tokens.slice(opening), known.quoteOf);
    const quotes = own.some((key) => key.startsWith("quote:"));
    const beside = quotes
      ? keysOf(
          tokens.filter((_, at) => standsAlone(tokens, at)),
          known.quoteOf,
        )
      : [];
    const wrong = [...whole.filter((key) => dated && isWhen(key)), ...beside].find((key) => !told.has(key));
    return wrong === undefined ? [] : [apart(grounds, wrong)];
  });
}

/** ", Talend, `prod`.": a techno or place that is said of what stands before it; one with words of its own may begin something new. */
function standsAlone(tokens: readonly Token[], index: number): boolean {
  const [token, before, after] = [tokens[index], tokens[index - 1], tokens[index + 1]];
  const parts = (each: Token | undefined): boolean =>
    each === undefined || each.is === "cite" || (each.is === "mark" && /[,;]/.test(each.text));
  return token?.is === "name" && token.kind !== "pipeline" && before !== undefined && parts(before) && parts(after);
}

/** The days before the first name of a text are those of its period, which has a check of its own. */
const firstTie = (tokens: readonly Token[]): number => {
  const found = tokens.findIndex(({ is }) => is === "number");
  return found === -1 ? 0 : found;
};

/** What any line may say: what was asked for, the one day of the window, and what the records say that it cites or quotes. */
function freeOf(tokens: readonly Token[], { statements, quoteOf }: Known, { scope, window, zone, records }: Grounds): Set<string> {
  const keys = keysOf(tokens, quoteOf);
  const from = window?.from ? localDay(window.from, zone).slice(5) : undefined;
  const last = window && localDay(new Date(window.to.getTime() - 1), zone).slice(5);
  const cited = tokens.flatMap((token) => (token.is === "cite" ? [records[token.n - 1]] : []));
  const own = statements.filter((line) => line.keys.some((key) => isTie(key) && keys.includes(key)));
  return new Set([
    ...scope.flatMap((name) => [`pipeline:${name}`, `tech:${name}`, `environment:${name}`]),
    ...(from !== undefined && from === last ? [`day:${from}`] : []),
    ...cited.flatMap((record) => keysOfRecord(record, record ? localDay(record.ts, zone).slice(5) : "")),
    ...own.flatMap((line) => line.keys),
  ]);
}

function sentencesOf(tokens: readonly Token[]): Token[][] {
  const sentences: Token[][] = [[]];
  for (const token of tokens) {
    if (token.is === "end") sentences.push([]);
    else sentences.at(-1)?.push(token);
  }
  return sentences.filter(({ length }) => length > 0);
}

const sayKey = (key: string): string => key.slice(key.indexOf(":") + 1);
const apart = ({ language }: Grounds, key: string): Violation => ({
  check: isWhen(key) ? "date" : "name",
  text:
    language === "fr"
      ? `« ${sayKey(key)} » n'est pas de cette ligne des faits.`
      : `"${sayKey(key)}" does not belong to that line of the facts.`,
});
const misplaced = ({ language }: Grounds, rank: number): Violation => ({
  check: "claim",
  text: language === "fr" ? `Le rang ${rank} n'est pas celui des faits.` : `Rank ${rank} is not that of the facts.`,
});
