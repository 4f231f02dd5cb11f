import type { Claim, Sentence } from "./claims.js";
import type { Grounds, Required, Violation } from "./grounds.js";
import { listsOf, type Line } from "./lines.js";

/** What a text tells: all that it names, and all that its sentences claim. */
export type Told = { readonly lines: readonly Line[]; readonly claims: readonly Claim[] };
type Known = {
  readonly lines: readonly Line[];
  /** The claims of one line of the template. */
  claimsOf(line: string): readonly Claim[];
};

const isSubject = (key: string): boolean => !key.startsWith("moment:");

type Left = { readonly items: readonly Line[]; readonly missing: readonly Line[]; readonly others: number };

/** Of each list of the template what a text leaves out, with what the template itself leaves out of it. */
function leftOf(told: Told, known: Known, { template }: Grounds): Left[] {
  const texts = template.split("\n");
  const claimsOf = (line: Line) => known.claimsOf(texts[known.lines.indexOf(line)] ?? "");
  return listsOf(known.lines).map((list) => {
    const rest = list.filter((line) => line.keys.length === 0 && othersOf(claimsOf(line)) !== undefined);
    const items = list.filter((line) => !rest.includes(line));
    return {
      items,
      missing: items.filter((line) => !isTold(line, items, claimsOf(line), told)),
      others: rest.flatMap((line) => othersOf(claimsOf(line)) ?? [])[0] ?? 0,
    };
  });
}

/** What a text may count as "et n autres": all that one of the lists has beyond what it tells of it. */
export const leftOut = (told: Told, known: Known, grounds: Grounds): ReadonlySet<number | string> =>
  new Set(leftOf(told, known, grounds).flatMap(({ missing, others }) => (missing.length > 0 ? [others + missing.length] : [])));

/**
 * Nothing that belongs to the answer is left out: no line that the question requires, and no line of a list that the text gives as a list,
 * unless it counts what it leaves out.
 */
export function checkCompleteness(told: Told, known: Known, grounds: Grounds): Violation[] {
  const texts = grounds.template.split("\n");
  const textOf = (line: Line): string => texts[known.lines.indexOf(line)] ?? "";
  const subjects = new Set(grounds.required.flatMap(({ line, figures }) => (figures === "none" ? [line] : [])));
  const given = othersOf(told.claims);
  const missing = leftOf(told, known, grounds).flatMap(({ items, missing: left, others }) => {
    if (given === others + left.length) return [];
    const isList = told.lines.filter((line) => line.isItem && items.some((item) => tells(line, item, items))).length >= 2;
    return isList ? left : left.filter((line) => subjects.has(textOf(line)));
  });
  const required = grounds.required.flatMap(({ line: text, figures }) => {
    const line = known.lines[texts.indexOf(text)];
    if (!line) return [];
    const wanted = figures === "none" ? [] : figuresOf(known.claimsOf(text), figures);
    const named = line.isItem || figures !== "none" || isTold(line, [line], [], told);
    return named && wanted.every((claim) => isClaimed(claim, told.claims)) ? [] : [line];
  });
  return [...new Set([...missing, ...required])].map((line) => lacking(grounds, textOf(line)));
}

/** A line is told when what it is about is; one about nothing that has a name, when its figures are. */
function isTold(line: Line, list: readonly Line[], claims: readonly Claim[], { lines, claims: said }: Told): boolean {
  if (line.keys.length === 0) return figuresOf(claims, "all").every((claim) => isClaimed(claim, said));
  const keys = new Set(lines.flatMap((each) => each.keys));
  return identityOf(line, list).every((key) => keys.has(key));
}

/** What tells a line from the others of its list: its first name, quotation or day, and all of them where another begins so too. */
function identityOf(line: Line, list: readonly Line[]): readonly string[] {
  const [first] = line.keys;
  if (first === undefined) return [];
  const alone = list.every((other) => other === line || other.keys[0] !== first);
  return alone ? [first] : line.keys;
}
const tells = (said: Line, line: Line, list: readonly Line[]): boolean => {
  const identity = identityOf(line, list);
  return identity.some(isSubject) && identity.every((key) => said.keys.includes(key));
};

function othersOf(claims: readonly Claim[]): number | undefined {
  const found = claims.find(({ sort, kinds }) => sort === "number" && kinds.includes("others"));
  return typeof found?.value === "number" ? found.value : undefined;
}

function figuresOf(claims: readonly Claim[], figures: Required["figures"]): readonly Claim[] {
  const numbers = claims.filter(({ sort, kinds }) => sort === "number" && !kinds[0]?.startsWith("delta:"));
  return figures === "first" ? numbers.slice(0, 1) : numbers;
}

/** The same figure of the same thing; none at all is also said in words. */
const isClaimed = (wanted: Claim, said: readonly Claim[]): boolean =>
  said.some(
    ({ sort, value, kinds }) =>
      (sort === "number" && value === wanted.value && kinds.some((kind) => wanted.kinds.includes(kind))) ||
      (wanted.value === 0 &&
        sort === "polarity" &&
        value === 0 &&
        kinds.some((kind) => kind === "none:any" || wanted.kinds.some((each) => kind === `none:${each}`))),
  );

const lacking = ({ language }: Grounds, text: string): Violation => ({
  check: "claim",
  text: language === "fr" ? `Il manque ce que disent les faits : ${text}` : `What the facts say is missing: ${text}`,
});

/** All claims of a text. */
export const claimsOfAll = (sentences: readonly Sentence[]): Claim[] => sentences.flatMap(({ claims }) => claims);
