import type { Grounds, Violation } from "./grounds.js";
import type { Token } from "./tokens.js";

type Sort = "first" | "last" | "max" | "min";
/** What was the first, the last or the highest: a day `05-05`, "" where only a time of day is said; minutes of the day, if they are said. */
type Extreme = { readonly sort: Sort; readonly day: string; readonly minute: number | undefined };

const sorts: readonly (readonly [RegExp, Sort])[] = [
  [/^(?:premiere?s?|first|earliest)$/, "first"],
  [/^(?:derniere?s?|last|latest)$/, "last"],
  [/^(?:maximum|max|pic|peak)$/, "max"],
  [/^(?:minimum|min|creux)$/, "min"],
];
const opposite: Record<Sort, Sort> = { first: "last", last: "first", max: "min", min: "max" };
/** Tokens between "dernier" and its date, as in "dernier passage le". */
const reach = 4;

/** "première fois le 5 mai", "last 5 May 13:55": a day that is known is no proof that it was the first, the last or the highest. */
export function checkExtremes(tokens: readonly Token[], known: readonly Extreme[], { language }: Grounds): Violation[] {
  const isKnown = (sort: Sort, { day, minute }: Extreme): boolean =>
    known.some(
      (each) =>
        each.sort === sort &&
        (day === "" || each.day === day) &&
        (minute === undefined || each.minute === undefined || each.minute === minute),
    );
  const wrong = extremesOf(tokens).filter(
    (said) => !isKnown(said.sort, said) && (known.some(({ sort }) => sort === said.sort) || isKnown(opposite[said.sort], said)),
  );
  return wrong.length === 0
    ? []
    : [
        {
          check: "date",
          text:
            language === "fr"
              ? "Une première ou une dernière fois, ou un maximum, n'est pas à la date des faits."
              : "A first or last time, or a maximum, is not at the date of the facts.",
        },
      ];
}

export function extremesOf(tokens: readonly Token[]): Extreme[] {
  const found: Extreme[] = [];
  let marker: { readonly sort: Sort; readonly at: number } | undefined;
  for (const [index, token] of tokens.entries()) {
    if (token.is === "word") {
      const sort = sorts.find(([pattern]) => pattern.test(token.text))?.[1];
      if (sort) marker = { sort, at: index };
    } else if (token.is === "date" || token.is === "clock") {
      if (marker && index - marker.at <= reach)
        found.push({ sort: marker.sort, day: token.is === "date" ? token.day : "", minute: minuteAt(tokens, index) });
      marker = undefined;
    } else if (token.is !== "mark" || !/^[:,]$/.test(token.text)) marker = undefined;
  }
  return found;
}

function minuteAt(tokens: readonly Token[], index: number): number | undefined {
  const [token, next] = [tokens[index], tokens[index + 1]];
  if (token?.is === "clock") return token.minute;
  const after = next?.is === "word" && /^(?:a|at|vers|de|from)$/.test(next.text) ? tokens[index + 2] : next;
  return after?.is === "clock" ? after.minute : undefined;
}
