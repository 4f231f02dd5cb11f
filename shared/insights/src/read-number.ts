import { unwrapExtendedJson } from "./read-instant.js";

/** Digits in groups of three after a space, an apostrophe or the other mark than the decimal one. */
const grouped = /^\d{1,3}(?:[ '’\u00a0\u202f]\d{3})+(?:[.,]\d{1,9})?$/u;
const englishGroups = /^\d{1,3}(?:,\d{3})+\.\d{1,9}$|^\d{1,3}(?:,\d{3}){2,}$/;
const germanGroups = /^\d{1,3}(?:\.\d{3})+,\d{1,9}$|^\d{1,3}(?:\.\d{3}){2,}$/;
const plain = /^\d{1,16}(?:[.,]\d{1,9})?$/;
/** 12.345 or 12345? A comma before exactly three digits may be either mark. */
const ambiguous = /^\d{1,3},\d{3}$/;

/**
 * A number that is not negative, from a number or its text: with a decimal point or comma, digits in groups ("12 345,6", "12,345.6").
 * NaN for anything else, and for what may be read in two ways ("12,345").
 */
export function readNumber(raw: unknown): number {
  const value = unwrapExtendedJson(raw);
  if (typeof value === "number") return value >= 0 ? value : NaN;
  if (typeof value !== "string" || value.length > 40) return NaN;
  const text = value.trim();
  if (ambiguous.test(text)) return NaN;
  if (plain.test(text)) return Number(text.replace(",", "."));
  if (grouped.test(text)) return Number(text.replace(/[ '’\u00a0\u202f]/gu, "").replace(",", "."));
  if (englishGroups.test(text)) return Number(text.replaceAll(",", ""));
  return germanGroups.test(text) ? Number(text.replaceAll(".", "").replace(",", ".")) : NaN;
}
