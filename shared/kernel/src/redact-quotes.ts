import type { Span } from "./redact-span.js";

/** What closes a quote of typography: up to it, or up to the end of the line. */
const closers: Readonly<Record<string, RegExp>> = { "«": /[»\n]/, "‹": /[›\n]/, "“": /[”\n]/, "„": /[“”\n]/, "‘": /[’\n]/, "‚": /[‘’\n]/ };
/** How long a value between marks of typography or braces is, at most: farther away its end is another one's. */
const longest = 200;

const opening = /^(?:\\{0,3}["'`]|[«‹“„‘‚][ \u00a0\u202f]?)/;

/** The quote that stands at a place, with its backslashes or the space behind a guillemet; undefined where none does. */
export const quoteAt = (text: string, start: number): string | undefined => opening.exec(text.slice(start, start + 4))?.[0];

/** What stands between a quote and its end, or the end of the line where it never closes. */
export function quotedAt(text: string, start: number, quote: string): Span {
  const from = start + quote.length;
  if (/["'`]$/.test(quote)) return endOfAscii(text, from, quote);
  const near = text.slice(from, from + longest);
  const length = near.search(closers[quote.charAt(0)] ?? /$^/);
  const inside = length === -1 || near.charAt(length) === "\n" ? /^[^\s"'`;,]*/.exec(near)?.[0] : near.slice(0, length);
  return { start: from, end: from + (inside ?? "").trimEnd().length };
}

function endOfAscii(text: string, start: number, quote: string): Span {
  let end = start;
  while (end < text.length && text.charAt(end) !== "\n" && !text.startsWith(quote, end))
    end += quote.length === 1 && text.charAt(end) === "\\" && text.charAt(end + 1) !== "\n" ? 2 : 1;
  return { start, end: Math.min(end, text.length) };
}

// A map, a list of settings or a template between braces is no value: {kind: x}, {"a": 1}, {{ vault }}.
const structure = /^\{(?:\{|\s*["']?[\w.-]{1,60}["']?\s{0,3}[:=]|\s*["'}])/;

export const isStructure = (text: string, start: number): boolean => structure.test(text.slice(start, start + 80));

/** ODBC's `{…}`, in which `}}` stands for a brace; undefined where none begins, none ends, or a structure stands there. */
export function bracedAt(text: string, start: number): Span | undefined {
  if (text.charAt(start) !== "{" || structure.test(text.slice(start, start + 80))) return undefined;
  const { length = 0 } = /^\{(?:[^}\n]|\}\}){1,200}\}(?!\w)/.exec(text.slice(start, start + longest + 2))?.[0] ?? "";
  return length === 0 ? undefined : { start, end: start + length };
}
