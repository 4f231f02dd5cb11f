import { redact } from "@flow-rag/kernel";

/** Longest text that is looked at; a record may hold megabytes. Four times what is kept, since placeholders are shorter than secrets. */
const maxInput = 32_000;

// ESC starts a terminal colour ("ESC[31m"): without this its tail would stay as litter.
// eslint-disable-next-line no-control-regex
const terminalCodes = /\u001b\[[0-9;?]{0,20}[A-Za-z]/g;
// Control characters but newline and tab; marks that reorder or hide text (direction overrides, zero-width space, byte order mark).
// eslint-disable-next-line no-control-regex
const invisible = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** At most `max` UTF-16 units, never half a surrogate pair. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const last = text.charCodeAt(max - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max);
}

function bounded(text: string): string {
  if (text.length <= maxInput) return text;
  // The last word may be the first half of a secret, which nothing would recognise.
  const cut = text.slice(0, maxInput);
  const gap = /\s\S{0,2000}$/.exec(cut.slice(-2_001))?.index;
  return cut.slice(0, gap === undefined ? -2_000 : cut.length - 2_001 + gap);
}

/**
 * Text as it may be stored, embedded and shown: secrets replaced, NFC, no control characters, trimmed, at most `max` characters.
 * `lines` keeps newlines and tabs; without it every run of white space is one space.
 */
export function cleanText(text: string, { max, lines = false }: { max: number; lines?: boolean }): string {
  // Redaction comes after the cleaning, so that a zero-width character cannot hide a secret from it, and before the cut.
  const plain = bounded(text)
    .replace(terminalCodes, "")
    .replace(/\r\n?/g, "\n")
    .replace(invisible, "")
    .replace(/\p{Cs}/gu, "\ufffd")
    .normalize("NFC");
  return cutText(redact(lines ? plain.trim() : plain.replace(/\s+/g, " ").trim()), max).trimEnd();
}
