import type { Grounds, Violation } from "./grounds.js";
import type { Token } from "./tokens.js";

const opening = /^(?:entre|between|from|de|d)$/;
const joining = /^(?:et|and|to|a)$/;
const reaching = /^(?:to|a)$/;

/** "entre 1 h et 2 h", "19 s à 5 min" are each one thing that is said: two ends that are known do not make it true. */
export function checkRanges(tokens: readonly Token[], ranges: ReadonlySet<string>, { language }: Grounds): Violation[] {
  return [...rangesOf(tokens)]
    .filter((range) => !ranges.has(range))
    .map((range) => {
      const [from = 0, to = 0] = range.split(/-| ms /).map(Number);
      const isClock = range.includes("-");
      const [first, last] = isClock ? [clock(from), clock(to)] : [`${from / 1_000} s`, `${to / 1_000} s`];
      return {
        check: isClock ? "date" : "number",
        text:
          language === "fr"
            ? `Les faits ne disent pas « entre ${first} et ${last} ».`
            : `The facts do not say "between ${first} and ${last}".`,
      };
    });
}

/** Pairs of times of day that a text says as a stretch of a day, `60-120` in minutes, and of durations as a span, `19000 ms 300000`. */
export function rangesOf(tokens: readonly Token[]): Set<string> {
  const isWord = (token: Token | undefined, pattern: RegExp): boolean => token?.is === "word" && pattern.test(token.text);
  return new Set(
    tokens.flatMap((token, index) => {
      const [from, to] = [minuteOf(token), minuteOf(tokens[index + 2])];
      const said = isWord(tokens[index - 1], opening) && isWord(tokens[index + 1], joining);
      const last = tokens[index + 2];
      const spans = token.is === "duration" && last?.is === "duration" && isWord(tokens[index + 1], reaching);
      return [
        ...(said && from !== undefined && to !== undefined ? [`${from}-${to}`] : []),
        ...(spans ? [`${token.ms} ms ${last.ms}`] : []),
      ];
    }),
  );
}

const minuteOf = (token: Token | undefined): number | undefined =>
  token?.is === "clock" ? token.minute : token?.is === "duration" ? (token.clock ?? undefined) : undefined;

const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
