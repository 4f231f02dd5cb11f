import { ServerError } from "./server-error.js";

/** How many arguments an operator takes, where that is not any number: a surplus one must not be ignored. */
const exactly: Partial<Record<number, readonly string[]>> = {
  1: [
    ...["$abs", "$ceil", "$floor", "$sqrt", "$exp", "$ln", "$log10", "$not", "$type", "$isNumber", "$toInt", "$toLong", "$toDouble"],
    ...["$toString", "$toBool", "$toObjectId", "$toDate", "$toLower", "$toUpper", "$strLenCP", "$size", "$isArray", "$first", "$last"],
    ...["$reverseArray", "$arrayToObject", "$objectToArray", "$anyElementTrue", "$allElementsTrue"],
  ],
  2: ["$subtract", "$divide", "$mod", "$pow", "$split", "$arrayElemAt", "$in", "$setDifference"],
  3: ["$substrCP"],
};
const between: Partial<Record<string, readonly [number, number]>> = {
  $round: [1, 2],
  $trunc: [1, 2],
  $slice: [2, 3],
  $range: [2, 3],
  $indexOfArray: [2, 4],
  $indexOfCP: [2, 4],
};

export function checkArity(name: string, count: number): void {
  for (const [wanted, names] of Object.entries(exactly)) {
    if (names?.includes(name) && count !== Number(wanted)) {
      throw new ServerError(16020, `Expression ${name} takes exactly ${wanted} arguments. ${count} were passed in.`);
    }
  }
  const [least, most] = between[name] ?? [0, Infinity];
  if (count < least || count > most) {
    throw new ServerError(28667, `Expression ${name} takes at least ${least} arguments, and at most ${most}, but ${count} were passed in.`);
  }
}
