import { before, since } from "./parse-bound.js";
import { dayList, weekdayList } from "./parse-day-list.js";
import { offsetFrom, withinAgo } from "./parse-offset.js";
import { parseRef } from "./parse-period.js";
import { range } from "./parse-range.js";
import { rolling } from "./parse-rolling.js";
import { type TimeExpression, asSpan } from "./time-expression.js";
import { type Read, phrase, wordAt } from "./token-reader.js";
import type { Token } from "./tokenize.js";
import type { LocalClock } from "./wall-time.js";

type Tokens = readonly Token[];
/** The longest expression that begins at a token. */
export function parseExpression(tokens: Tokens, index: number, clock: LocalClock): Read<TimeExpression> | undefined {
  if (comparesDuration(tokens, index) || /^(chaque|every|each)$/.test(wordAt(tokens, index - 1))) return undefined;
  const here = parseRef(tokens, index, clock);
  // "d'ici lundi" is to come, and "d'ici hier" nothing at all.
  if (wordAt(tokens, index) === "d" && wordAt(tokens, index + 1) === "ici") {
    const until = parseRef(tokens, index + 2, clock);
    if (until) return asSpan(undefined, until.next);
  }
  let best: Read<TimeExpression> | undefined;
  for (const read of [
    allTime(tokens, index, clock),
    rolling(tokens, index, clock),
    range(tokens, index, here, clock),
    here && { value: { kind: "ref" as const, ref: here.value }, next: here.next },
    dayList(tokens, index, clock),
    weekdayList(tokens, index, clock),
    withinAgo(tokens, index, clock),
    offsetFrom(tokens, index, clock),
    since(tokens, index, clock),
    before(tokens, index, clock),
  ]) {
    if (read && read.next > (best?.next ?? 0)) best = read;
  }
  return best;
}

/** "plus de 2 heures", "longer than 10 minutes": how long something took, and no time. */
const comparesDuration = (tokens: Tokens, index: number): boolean => {
  const previous = wordAt(tokens, index - 1);
  const word = wordAt(tokens, index);
  const than =
    /^(plus|moins|more|less|longer|shorter|greater|slower|faster|superieur|superieure|superieures|inferieur|inferieure|depasse|depassant|exceeding)$/;
  const joins = /^(de|than|a|d)$/;
  const sized = /^(longs?|longues?|lente?s?|courte?s?|rapides?)$/;
  const counts = tokens[index]?.kind === "number" || tokens[index]?.kind === "clock";
  if (counts && previous === "que" && sized.test(wordAt(tokens, index - 2))) return true;
  return (
    (than.test(previous) && joins.test(word)) ||
    (than.test(wordAt(tokens, index - 2)) && joins.test(previous)) ||
    /^(depasse|depassant|exceeding|exceed)$/.test(previous)
  );
};

function allTime(tokens: Tokens, index: number, clock: LocalClock): Read<TimeExpression> | undefined {
  const next =
    phrase(
      tokens,
      index,
      "depuis toujours",
      "of all time",
      "all time",
      "de tout temps",
      "de tous les temps",
      "tous temps",
      "depuis l origine",
      "since ever",
      "since forever",
    ) ??
    (/^(hardly|for|n|first)$/.test(wordAt(tokens, index - 1)) || wordAt(tokens, index + 1) === "since"
      ? undefined
      : phrase(tokens, index, "ever")) ??
    ending(
      tokens,
      phrase(
        tokens,
        index,
        "depuis le debut",
        "since the beginning",
        "since the start",
        "from the beginning",
        "from the start",
        "depuis le depart",
      ),
    );
  return next === undefined ? undefined : asSpan({ from: undefined, to: clock.now, name: "allTime" }, next);
}

/** "depuis le début" of nothing else: "depuis le début du mois" is another phrase. */
const ending = (tokens: Tokens, next: number | undefined): number | undefined =>
  next !== undefined && /^(de|d|du|of)$/.test(wordAt(tokens, next)) ? undefined : next;
