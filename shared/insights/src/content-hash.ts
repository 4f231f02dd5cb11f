import { digest, type SourceRecord } from "@flow-rag/contracts";
import { isDate } from "./read-instant.js";

/**
 * Part of every content hash. Raise it whenever `normaliseRecord` reads a record differently:
 * every record then counts as changed and is indexed again.
 */
export const normaliserVersion = "6";

/**
 * One text for one value: keys sorted, undefined left out, -0 as 0. What JSON would confuse is told apart: a Date and its text,
 * NaN and null, a bigint and its digits. Only text and keys are quoted, so no text can imitate the rest.
 */
function canonical(value: unknown): string {
  if (isDate(value)) return `date(${value.getTime()})`;
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return Object.is(value, -0) ? "0" : String(value);
    case "bigint":
      return `${value}n`;
    case "boolean":
      return String(value);
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
      return `{${Object.entries(value)
        .filter(([, inner]) => inner !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
        .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`)
        .join(",")}}`;
    case "undefined":
    case "function":
    case "symbol":
      return "undefined";
  }
}

/**
 * Differs whenever what we read of a record does, and does not depend on the order of its keys.
 * Shape: 32 lower-case hex digits.
 */
export const contentHash = (record: SourceRecord): string => digest("content", normaliserVersion, canonical(record.fields));
