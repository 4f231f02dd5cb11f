import * as lexicon from "./lexicon.js";
import type { Grounds, Violation } from "./grounds.js";
import type { Token } from "./tokens.js";

/** Words between a number and what it is a part of, or its share: "8 échecs sur 67 exécutions (11,9 %)". */
const reach = 4;

/** "8 échecs sur 67 exécutions (11,9 %)": three figures that are each known, and that have to fit each other. */
export function checkShares(tokens: readonly Token[], { language }: Grounds): Violation[] {
  const wrong = tokens.flatMap((token, index) => {
    const part = plain(token);
    const wholeAt = part === undefined ? -1 : numberAfter(tokens, index, (word) => lexicon.wholes[language].has(word));
    const whole = plain(tokens[wholeAt]);
    const share = whole === undefined ? undefined : tokens[numberAfter(tokens, wholeAt)];
    if (part === undefined || whole === undefined || share?.is !== "number" || share.form !== "percent") return [];
    const tolerance = Number.isInteger(share.value) ? 0.51 : 0.06;
    const fits = whole > 0 && Math.abs((part / whole) * 100 - share.value) <= tolerance;
    return fits || (whole === 0 && part === 0) ? [] : [`${part} / ${whole} (${share.value} %)`];
  });
  return wrong.map((said) => ({
    check: "number",
    text: language === "fr" ? `La part ne va pas avec les comptes : ${said}.` : `The share does not fit the counts: ${said}.`,
  }));
}

const plain = (token: Token | undefined): number | undefined =>
  token?.is === "number" && token.form === "plain" ? token.value : undefined;

/** Where the next number is, with nothing but words and a bracket before it; -1 where there is none, or no word that is wanted. */
function numberAfter(tokens: readonly Token[], index: number, wanted?: (word: string) => boolean): number {
  let met = wanted === undefined;
  for (let next = index + 1; next <= index + 1 + reach; next += 1) {
    const token = tokens[next];
    if (token?.is === "number") return met ? next : -1;
    if (token?.is === "word") met ||= wanted?.(token.text) === true;
    else if (token?.is !== "mark" || token.text !== "(") return -1;
  }
  return -1;
}
