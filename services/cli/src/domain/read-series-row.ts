/** Which fields of a row are the instant and the number; the same one when there is but one column. */
type SeriesColumns = { readonly timestamp: number; readonly value: number };
type SeriesLayout = { readonly columns: SeriesColumns; readonly isHeader: boolean };

const timestampNames = new Set(["timestamp", "time", "ts", "date", "datetime"]);
const blanks = new Set(["", "nan", "null", "none", "na", "n/a", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"]);

/** The number that a field holds; NaN for anything else. */
export const numberOf = (text: string): number => (text.trim() === "" ? NaN : Number(text));
const isNumber = (text: string): boolean => Number.isFinite(numberOf(text));
/** A number, or one of the ways to write that there is none. */
const isValue = (text: string): boolean => isNumber(text) || blanks.has(text.trim().toLowerCase());

/**
 * How a CSV is laid out, by its first row and the one after it. Columns that are called "timestamp" (or "time", "date", …) and "value" are taken
 * by their names; else the instants are in the first column and the values in the first other one that holds a number.
 */
export function readLayout(first: readonly string[], second: readonly string[] = []): SeriesLayout {
  const names = first.map((name) => name.trim().toLowerCase());
  const named = { timestamp: names.findIndex((name) => timestampNames.has(name)), value: names.indexOf("value") };
  const others = first.length > 1 ? first.slice(1) : first;
  const isHeader = named.value >= 0 || (!others.some(isNumber) && !others.every(isValue));
  const row = isHeader ? second : first;
  const timestamp = Math.max(0, named.timestamp);
  const numeric = row.findIndex((field, index) => isNumber(field) && (index !== timestamp || row.length === 1));
  const usual = names.length < 2 ? 0 : Number(timestamp === 0);
  const value = named.value >= 0 ? named.value : numeric >= 0 ? numeric : usual;
  return { columns: { timestamp, value }, isHeader };
}

const delimiters = [",", ";", "\t", "|"] as const;

/** The separator that a line has most of; a comma when it has none. */
export function readDelimiter(line: string): string {
  const counts = delimiters.map((delimiter) => line.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ",";
}

/** A field as CSV: in quotes when it would not be read back as it is. */
export const csvField = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
