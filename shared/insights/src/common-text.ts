/** Stands in a text for what differs from one of its sources to the other. */
export const varying = "<…>";

/** Words of a text that are compared: an error names its failure in its first ones. */
const wordsCompared = 80;
const cutMark = "…";

/** A word with what stood in front of it: a space or nothing. */
type Piece = { readonly text: string; readonly space: string };

// Marks that enclose or separate stand alone, so that only the value between them differs. Behind a word the colon and the comma do too, and
// what redaction left is one word.
const piece = /(\s*)(<[\w*]{1,24}>|["'`(),;=<>[\]{}]|[^\s"'`(),;=<>[\]{}]+?(?=[:.,!?]*(?:[\s"'`(),;=<>[\]{}]|$))|[:.,!?])/gu;

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  for (const [, space = "", word = ""] of text.trim().matchAll(piece)) {
    if (pieces.length === wordsCompared) return [...pieces, { text: cutMark, space: "" }];
    pieces.push({ text: word, space: space === "" ? "" : " " });
  }
  return pieces;
}

/**
 * What several texts say alike, word for word in the order of the first, with `<…>` for each stretch that is not in all of them. Each of the texts is the
 * result with something, or nothing, in those places. One text, or equal ones, are the text itself. Of long texts the first 80 words count.
 *
 * Source: longest common subsequence of the words, text after text; O(texts · words²).
 */
export function commonText(texts: readonly string[]): string {
  const [first = "", ...others] = [...new Set(texts.map((text) => text.replace(/\s+/g, " ").trim()))];
  if (others.length === 0) return first;
  let common: Piece[] = piecesOf(first);
  // Of thousands of texts nearly all say what the first few have in common: looking costs far less than comparing.
  for (const other of others) if (!says(other, written(common))) common = alike(common, piecesOf(other));
  return written(common);
}

const written = (pieces: readonly Piece[]): string =>
  pieces
    .map(({ text, space }) => `${space}${text}`)
    .join("")
    .trim();

/** Whether a text is the common one with something, or nothing, in its open places. */
function says(text: string, common: string): boolean {
  const [head = "", ...others] = common.split(varying);
  const tail = others.pop();
  if (tail === undefined) return text === common;
  if (!text.startsWith(head) || !text.endsWith(tail)) return false;
  let at = head.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= text.length - tail.length;
}

/** The pieces of `a` that `b` has too, and one `<…>` for each gap between them. */
function alike(a: readonly Piece[], b: readonly Piece[]): Piece[] {
  const kept = sameInBoth(a, b);
  const result: Piece[] = [];
  let [nextA, nextB] = [0, 0];
  const gap = (toA: number, toB: number): void => {
    if (toA === nextA && toB === nextB) return;
    const last = result.at(-1);
    if (last?.text === varying) return;
    const space = (toA > nextA ? a[nextA]?.space : b[nextB]?.space) ?? "";
    result.push({ text: varying, space });
  };
  for (const [atA, atB] of kept) {
    gap(atA, atB);
    const own = a[atA] as Piece;
    if (!(own.text === varying && result.at(-1)?.text === varying)) result.push(own);
    [nextA, nextB] = [atA + 1, atB + 1];
  }
  gap(a.length, b.length);
  return result;
}

/** Places in `a` and in `b` of the words that both have, in their order, as many as can be. */
function sameInBoth(a: readonly Piece[], b: readonly Piece[]): [inA: number, inB: number][] {
  const isSame = (one: number, other: number): boolean => a[one]?.text === b[other]?.text && a[one]?.text !== varying;
  // Two occurrences of one failure mostly have as many words.
  if (a.length === b.length) {
    const places = a.flatMap((_, index): [number, number][] => (isSame(index, index) ? [[index, index]] : []));
    if (places.length * 2 >= a.length) return places;
  }
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  const at = (one: number, other: number): number => longest[one * width + other] ?? 0;
  for (let one = a.length - 1; one >= 0; one -= 1)
    for (let other = b.length - 1; other >= 0; other -= 1)
      longest[one * width + other] = isSame(one, other) ? at(one + 1, other + 1) + 1 : Math.max(at(one + 1, other), at(one, other + 1));
  const places: [number, number][] = [];
  let [one, other] = [0, 0];
  while (one < a.length && other < b.length) {
    if (isSame(one, other)) places.push([one++, other++]);
    else if (at(one + 1, other) >= at(one, other + 1)) one += 1;
    else other += 1;
  }
  return places;
}
