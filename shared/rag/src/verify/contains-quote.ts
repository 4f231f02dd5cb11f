import { fold } from "./tokenise.js";

const squeeze = (text: string): string =>
  fold(text)
    .replace(/\u200a/g, "")
    .replace(/[\s\u00a0\u202f]+/g, " ")
    .replace(/[‹›<>"'`«»“”()[\]*∗]/g, "")
    .trim();

/** Whether a quotation says nothing but what a text says: word for word, perhaps with gaps. */
export function containsQuote(quote: string, part: string): boolean {
  const whole = squeeze(quote);
  let from = 0;
  const pieces = squeeze(part)
    .split("…")
    .map((piece) => piece.trim())
    .filter((piece) => piece !== "");
  if (pieces.length === 0) return false;
  for (const piece of pieces) {
    const found = whole.indexOf(piece, from);
    if (found === -1) return false;
    from = found + piece.length;
  }
  return true;
}
