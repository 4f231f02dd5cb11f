import { foldInPlace } from "../fold-text.js";

/** How often something must have happened for a group to be shown: "plus de 3 échecs"; a share is in percent. */
export type CountBound = {
  readonly of: "count" | "share";
  readonly comparison: ">" | ">=" | "<" | "<=";
  readonly value: number;
};

export const units = String.raw`(?:ms|s|secs?|secondes?|seconds?|mins?|mn|minutes?|h|hrs?|heures?|hours?|j|jours?|d|days?|semaines?|weeks?|mois|months?|ans?|years?)(?![\p{L}])`;
const numberWords: Readonly<Record<string, number>> = {
  ...{ un: 1, une: 1, deux: 2, trois: 3, quatre: 4, cinq: 5, six: 6, dix: 10, vingt: 20 },
  ...{ one: 1, two: 2, three: 3, four: 4, five: 5, ten: 10, twenty: 20, once: 1, twice: 2 },
};
const amount = String.raw`(?:\d+(?:[.,]\d+)?|${Object.keys(numberWords).join("|")})(?![\p{L}\d])(?! ?${units})`;
const counted = String.raw`(?:fois|times|x|echecs?|erreurs?|plantages?|failures?|errors?|crash(?:es)?|runs?|executions?|lancements?)(?![\p{L}])`;
const more = String.raw`plus d(?:e |')|more than |over |above |greater than |higher than |exceed(?:s|ing|ed)? |superieure?s? a |(?:au-|au )?dessus de |depass\w* |> ?`;
const less = String.raw`moins d(?:e |')|fewer than |less than |under |below |lower than |inferieure?s? a |en[ -]dessous de |< ?`;
const atLeast = String.raw`(?:au|at) (?:moins|least) |>= ?|≥ ?|minimum `;
const atMost = String.raw`au (?:plus|maximum) |at most |<= ?|≤ ?|maximum |pas plus de |no more than |not more than `;
/** "plus de 3 échecs", "failed more than twice", "un taux supérieur à 10 %", "3 échecs ou plus": a bound on a count. */
export const boundPattern = new RegExp(
  String.raw`(?<![\p{L}\d])(?:(?<most>${atMost})|(?<least>${atLeast})|(?<more>${more})|(?<less>${less}))(?<value>${amount})(?<share> ?(?:%|pour ?cents?|percent))?(?: ${counted})?|(?<![\p{L}\d])(?<open>${amount})(?<openShare> ?%)?(?: ${counted})? (?:ou plus|et plus|or more|and more|at least)(?!\p{L})`,
  "gu",
);
const nounPattern = new RegExp(` (?:${counted})`, "u");
/** Whoever failed did so once at least. */
export const needlessBound = /^(?:au|at) (?:moins|least) (?:1|une?|one|once)(?!\d)/;
/** "échouent à chaque fois", "always fail": all of their runs. */
const everyTime =
  /(?<!\p{L})(?:(?:echou|plant|rat|crash)\w* (?:a (?:chaque fois|tous les coups|tous les passages)|systematiquement|tout le temps|toujours)|(?:toujours|systematiquement) en (?:echec|erreur)s? a chaque fois|always (?:fail|crash|break)\w*|(?:fail|crash)\w* (?:every (?:single )?time|each time|all the time|systematically|consistently))(?!\p{L})/u;

/** `places`: what compares, and its number, without the noun that is counted; `times` for "3 fois". */
export type WrittenBound = {
  readonly bound: CountBound;
  readonly times: boolean;
  readonly places: readonly (readonly [start: number, end: number])[];
};

/** The bound on a count that a question states; undefined when it states none, or one that leaves nobody out. */
export function readCountBound(text: string): WrittenBound | undefined {
  const folded = foldInPlace(text);
  for (const { 0: found, index, groups = {} } of folded.matchAll(boundPattern)) {
    const written = groups["value"] ?? groups["open"] ?? "";
    const value = numberWords[written] ?? Number(written.replace(",", "."));
    const share = (groups["share"] ?? groups["openShare"]) !== undefined;
    const comparison = groups["more"] ? ">" : groups["less"] ? "<" : groups["most"] ? "<=" : ">=";
    const noun = nounPattern.exec(found);
    const nounAt = index + (noun?.index ?? found.length);
    const nounEnd = nounAt + (noun?.[0].length ?? 0);
    return {
      bound: { of: share ? "share" : "count", comparison, value },
      times: /fois|times/.test(noun?.[0] ?? ""),
      places: [
        [index, nounAt],
        [nounEnd, index + found.length],
      ],
    };
  }
  return everyTime.test(folded) ? { bound: { of: "share", comparison: ">=", value: 100 }, times: false, places: [] } : undefined;
}

/** Whether a count of so many is within the bound. */
export function isWithin({ of, comparison, value }: CountBound, count: number, all: number): boolean {
  // Counts are compared with counts, so that 10 % of 30 is exactly 3.
  const [mine, limit] = of === "count" ? [count, value] : [count * 100, value * all];
  if (comparison === ">") return mine > limit;
  if (comparison === ">=") return mine >= limit;
  return comparison === "<" ? mine < limit : mine <= limit;
}
