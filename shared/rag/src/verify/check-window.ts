import { localDay } from "@flow-rag/kernel";
import type { Grounds, Violation } from "./grounds.js";
import type { KnownClaims } from "./known-claims.js";
import type { Token } from "./tokens.js";

const wrong = ({ language }: Grounds): Violation => ({
  check: "window",
  text: language === "fr" ? "La période n'est pas celle des faits." : "The period is not that of the facts.",
});
const daysBack: Readonly<Record<string, number>> = { today: 0, yesterday: 1, dayBefore: 2, tomorrow: -1 };
const dayMs = 86_400_000;

/** "hier (mar. 5 mai)": a named day with its date behind it has to be that day, and the first that is named the first that the facts name. */
export function checkNamedDays(tokens: readonly Token[], known: KnownClaims, grounds: Grounds): Violation[] {
  const dayOf = (token: Token | undefined): string | undefined => {
    const back = token?.is === "period" ? daysBack[token.key] : undefined;
    return back === undefined ? undefined : localDay(new Date(grounds.now.getTime() - back * dayMs), grounds.zone).slice(5);
  };
  const misdated = tokens.some((token, index) => {
    const day = dayOf(token);
    const next = tokens
      .slice(index + 1, index + 4)
      .find((each) => each.is !== "mark" && !(each.is === "word" && /^(?:le|the|on)$/.test(each.text)));
    return day !== undefined && next?.is === "date" && next.day !== day;
  });
  const firstOf = (all: readonly Token[]) =>
    all
      .slice(
        0,
        all.findIndex(({ is }) => is === "number"),
      )
      .map(dayOf)
      .find((day) => day !== undefined);
  const [said, told] = [firstOf(tokens), firstOf(known.sentences[0]?.tokens ?? [])];
  return misdated || (said !== undefined && told !== undefined && said !== told) ? [wrong(grounds)] : [];
}

/** The days that a text begins with are those of the window, both of them when it has two. */
export function checkWindow(tokens: readonly Token[], known: KnownClaims, grounds: Grounds): Violation[] {
  const { window, zone } = grounds;
  if (!window?.from) return [];
  const first = tokens.slice(
    0,
    tokens.findIndex(({ is }) => is === "end"),
  );
  const head = first.slice(
    0,
    Math.max(
      first.findIndex(({ is }) => is === "number"),
      0,
    ) || first.length,
  );
  const named = head.findIndex(({ is }) => is === "name");
  const days = head.slice(0, named === -1 ? undefined : named).flatMap((token) => (token.is === "date" ? [token.day] : []));
  // One day behind a name is when something happened; two before it are a period.
  const periodNamed = head.some(({ is }) => is === "period");
  if (days.length < (named === -1 ? 1 : 2) || (days.length < 2 && periodNamed)) return [];
  // Figures by day begin with days of their own, unless they are those of a period that is named.
  if (known.byTime && !(days.length === 2 && periodNamed)) return [];
  const from = localDay(window.from, zone).slice(5);
  const last = localDay(new Date(window.to.getTime() - 1), zone).slice(5);
  const end = localDay(window.to, zone).slice(5);
  const since = head.some((token) => token.is === "word" && /^(?:depuis|since)$/.test(token.text));
  const right = days.includes(from) && (from === last || since || days.includes(last) || days.includes(end));
  return right ? [] : [wrong(grounds)];
}
