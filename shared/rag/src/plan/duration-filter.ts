import { foldInPlace } from "../fold-text.js";

const unitMs: readonly (readonly [RegExp, number])[] = [
  [/^(?:ms|millisecondes?|milliseconds?)$/, 1],
  [/^(?:s|sec|secs|secondes?|seconds?)$/, 1_000],
  [/^(?:min|mins|mn|minutes?)$/, 60_000],
  [/^(?:h|hr|hrs|heures?|hours?)$/, 3_600_000],
  [/^(?:j|jours?|d|days?)$/, 86_400_000],
];
const numbers: Readonly<Record<string, number>> = {
  une: 1,
  un: 1,
  one: 1,
  an: 1,
  a: 1,
  deux: 2,
  two: 2,
  trois: 3,
  three: 3,
  cinq: 5,
  five: 5,
  dix: 10,
  ten: 10,
};
const amount = String.raw`(\d+(?:[.,]\d+)?|${Object.keys(numbers).join("|")}) ?([a-z]+)`;
const more = new RegExp(
  String.raw`(?:plus (?:de|d')|plus longs? que|more than|longer than|over|above|superieure?s? a|depass\w+|exceed\w*|au moins|at least|>=?) ?${amount}`,
);
const less = new RegExp(String.raw`(?:moins (?:de|d')|less than|shorter than|under|below|inferieure?s? a|au plus|at most|<=?) ?${amount}`);

/** "plus de 10 minutes", "longer than 2 hours", "moins de 30 s": bounds on how long a run took, in milliseconds. */
export function readDurationFilter(folded: string): { minDurationMs: number | null; maxDurationMs: number | null } {
  return { minDurationMs: read(more.exec(folded)), maxDurationMs: read(less.exec(folded)) };
}

/** Places of such bounds in a text that keeps its length when it is folded. */
export function durationBounds(text: string): (readonly [start: number, end: number])[] {
  const folded = foldInPlace(text);
  return [more, less].flatMap((pattern) => {
    const match = pattern.exec(folded);
    return match && read(match) !== null ? [[match.index, match.index + match[0].length] as const] : [];
  });
}

const lengthUnits = "(?:ms|s|sec|mins?|mn|h|hr|heures?|hours?|minutes?|secondes?|seconds?)(?!\\p{L})";
/** "> 1h", "runs over 15 minutes": bounds on a duration, and no time of the day or last 15 minutes. */
const writtenPattern = new RegExp(
  String.raw`[<>]=? ?\d+(?:[.,]\d+)? ?${lengthUnits}|(?<=(?<!\p{L})(?:runs?|jobs?|executions?|builds?|tasks?|took|taking|last(?:ing|ed)|ran)(?: for)? )(?:over|above|under|below) \d+(?:[.,]\d+)? ?${lengthUnits}`,
  "giu",
);
export const writtenLengths = (text: string): (readonly [start: number, end: number])[] =>
  [...text.matchAll(writtenPattern)].map(({ 0: match, index }) => [index, index + match.length]);

function read(match: RegExpExecArray | null): number | null {
  const [, count = "", word = ""] = match ?? [];
  const unit = unitMs.find(([pattern]) => pattern.test(word))?.[1];
  const value = numbers[count] ?? Number(count.replace(",", "."));
  return unit === undefined || !Number.isFinite(value) ? null : value * unit;
}
