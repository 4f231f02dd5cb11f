import type { Grounds, Violation } from "./grounds.js";
import type { Token } from "./tokens.js";

const opening = /^(?:entre|between|from|de|d)$/;
const joining = /^(?:et|and|to|a)$/;

/** "entre 1 h et 2 h" is one thing that is said: two hours that are each known do not make it true. */
export function checkRanges(tokens: readonly Token[], ranges: ReadonlySet<string>, { language }: Grounds): Violation[] {
  return [...rangesOf(tokens)]
    .filter((range) => !ranges.has(range))
    .map((range) => {
      const [from = 0, to = 0] = range.split("-").map(Number);
      return {
        check: "date",
        text:
          language === "fr"
            ? `Les faits ne disent pas « entre ${clock(from)} et ${clock(to)} ».`
            : `The facts do not say "between ${clock(from)} and ${clock(to)}".`,
      };
    });
}

/** Pairs of times of day, `60-120` in minutes, that a text says as a stretch of a day. */
export function rangesOf(tokens: readonly Token[]): Set<string> {
  const isWord = (token: Token | undefined, pattern: RegExp): boolean => token?.is === "word" && pattern.test(token.text);
  return new Set(
    tokens.flatMap((token, index) => {
      const [from, to] = [minuteOf(token), minuteOf(tokens[index + 2])];
      const said = isWord(tokens[index - 1], opening) && isWord(tokens[index + 1], joining);
      return said && from !== undefined && to !== undefined ? [`${from}-${to}`] : [];
    }),
  );
}

const minuteOf = (token: Token | undefined): number | undefined =>
  token?.is === "clock" ? token.minute : token?.is === "duration" ? (token.clock ?? undefined) : undefined;

const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
