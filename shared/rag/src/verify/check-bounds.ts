import { foldInPlace } from "../fold-text.js";
import { boundPattern, readCountBound } from "../plan/count-bound.js";
import type { Grounds, Violation } from "./grounds.js";
import { countKinds } from "./lexicon.js";

/** What a bound counts: the first noun behind it that counts anything, "" for none. */
type Bound = { readonly limit: string; readonly counts: string; readonly said: string };

/** "plus de 3 échecs", "at least 10%" are said of nothing but what the facts say them of: no number proves them. */
export function checkBounds(text: string, { language, template, statements }: Grounds): Violation[] {
  const known = [template, ...statements].flatMap((line) => boundsOf(language, line));
  return boundsOf(language, text)
    .filter(
      ({ limit, counts }) =>
        !known.some((bound) => bound.limit === limit && (bound.counts === counts || counts === "" || bound.counts === "")),
    )
    .map(({ said }) => ({
      check: "claim" as const,
      text: language === "fr" ? `Les faits ne disent pas « ${said} ».` : `The facts do not say "${said}".`,
    }));
}

function boundsOf(language: Grounds["language"], text: string): Bound[] {
  const plain = foldInPlace(text)
    .replace(/«[^»\n]*»|"[^"\n]*"|`[^`\n]*`/g, (quoted) => " ".repeat(quoted.length))
    .replace(/[\u00a0\u202f]/g, " ");
  return [...plain.matchAll(boundPattern)].flatMap(({ 0: said, index }) => {
    const bound = readCountBound(said)?.bound;
    if (!bound) return [];
    const words = plain.slice(index).match(/\p{L}+/gu) ?? [];
    const counted = words.slice(0, nounWithin).flatMap((word) => countKinds(language, word) ?? []);
    const counts = counted.find((kind) => kind !== "others" && kind !== "times") ?? "";
    return [{ limit: `${bound.comparison} ${bound.value} ${bound.of}`, counts, said: text.slice(index, index + said.length) }];
  });
}

/** Words from the first of "plus de 3 échecs", "fewer than 3 failures" and "10 % d'échecs" to its noun. */
const nounWithin = 4;
