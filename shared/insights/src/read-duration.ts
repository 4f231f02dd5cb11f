import type { DurationUnit } from "@flow-rag/contracts";
import { unwrapExtendedJson } from "./read-instant.js";
import { readNumber } from "./read-number.js";

const [secondMs, minuteMs, hourMs, dayMs] = [1_000, 60_000, 3_600_000, 86_400_000];
const unitMs: Readonly<Record<DurationUnit, number>> = { ns: 1e-6, us: 1e-3, ms: 1, s: secondMs, min: minuteMs, h: hourMs };
const number = String.raw`\d{1,9}(?:[.,]\d{1,9})?`;

/** `P1DT2H3M4.5S`. Months and years have no length. Source: ISO 8601-1, durations. */
const iso = new RegExp(`^P(?:(${number})W)?(?:(${number})D)?(?:T(?:(${number})H)?(?:(${number})M)?(?:(${number})S)?)?$`, "i");
/** `02:05:04.5`, `26:00:00`, `1.02:03:04` of .NET, `2 days, 3:04:05` of Python and PostgreSQL. Two parts alone may be hours or minutes. */
const clock = /^(?:(\d{1,5})(?:\.| days?,? | jours?,? |d ?))?(\d{1,5}):([0-5]\d):([0-5]\d(?:[.,]\d{1,9})?)$/i;
const named: readonly (readonly [RegExp, number])[] = [
  [/^(?:d|j|days?|jours?)$/, dayMs],
  [/^(?:h|hr|hrs|hours?|heures?)$/, hourMs],
  [/^(?:m|mn|min|mins|minutes?)$/, minuteMs],
  [/^(?:s|sec|secs|seconds?|secondes?)$/, secondMs],
  [/^(?:ms|msec|millis|milliseconds?|millisecondes?)$/, 1],
];
const pair = new RegExp(`(${number}) ?([a-z]{1,13})`, "g");
const pairs = new RegExp(`^(?:${number} ?[a-z]{1,13}(?:,? |,|(?=\\d)|$)){1,6}$`);

/**
 * Milliseconds, or null: a number or its text counts `unit`s; ISO 8601 ("PT2M5S"), clock ("00:02:05") and named ("2 min 5 s") texts bring
 * theirs. Rounded, and small enough to be exact.
 */
export function readDuration(raw: unknown, unit: DurationUnit = "ms"): number | null {
  const value = unwrapExtendedJson(raw);
  const counted = readNumber(value);
  const ms = Number.isNaN(counted) ? ofText(typeof value === "string" && value.length <= 100 ? value.trim() : "") : counted * unitMs[unit];
  const rounded = Math.round(ms);
  return ms >= 0 && Number.isSafeInteger(rounded) ? rounded : null;
}

const sum = (parts: readonly (string | undefined)[], units: readonly number[]): number =>
  parts.reduce((total, part, index) => total + Number((part ?? "0").replace(",", ".")) * (units[index] ?? 0), 0);

function ofText(text: string): number {
  const period = iso.exec(text);
  if (period) return /\d/.test(text) ? sum(period.slice(1), [7 * dayMs, dayMs, hourMs, minuteMs, secondMs]) : NaN;
  const read = clock.exec(text);
  if (read) return sum(read.slice(1), [dayMs, hourMs, minuteMs, secondMs]);
  const folded = text.toLowerCase();
  if (!pairs.test(folded)) return NaN;
  const found = [...folded.matchAll(pair)].map(([, count = "", name = ""]) => {
    const known = named.find(([pattern]) => pattern.test(name));
    return known ? Number(count.replace(",", ".")) * known[1] : NaN;
  });
  return found.length === 0 ? NaN : found.reduce((total, ms) => total + ms, 0);
}
