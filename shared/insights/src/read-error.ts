import { cleanText } from "./clean-text.js";
import { unwrapExtendedJson } from "./read-instant.js";

const errorLength = 8_000;
/** Levels and members that are looked at. */
const [mostLevels, mostMembers] = [4, 200];
/** What programs write for no error at all. */
const nothing = /^(?:null|none|nil|undefined|nan|n\/?a|no error|aucune?|aucune erreur|sans erreur|rien|\[\s*\]|\{\s*\}|""|''|-+)$/i;
/** Where objects keep what a person would read, the most telling first. */
const messageKeys = [
  "message",
  "errorMessage",
  "error_message",
  "msg",
  "reason",
  "description",
  "detail",
  "details",
  "error",
  "text",
  "cause",
];

/** Text of an error; null when there is none to speak of: blank, `{}`, `{"errorCode":"","message":""}`, "None". */
export function readError(raw: unknown): string | null {
  const text = textOf(unwrapExtendedJson(raw), 0);
  return cleanText(text, { max: errorLength, lines: true }) || null;
}

function textOf(value: unknown, level: number): string {
  if (typeof value === "string") return nothing.test(value.trim()) || isEmptyJson(value) ? "" : value;
  if (!says(value, 0) || level > mostLevels) return "";
  if (Array.isArray(value)) {
    const lines = value.slice(0, mostMembers).map((one) => textOf(one, level + 1));
    return lines.filter((line) => line.trim() !== "").join("\n");
  }
  if (typeof value === "object" && value !== null) {
    for (const key of messageKeys) {
      const message = Object.hasOwn(value, key) ? textOf((value as Record<string, unknown>)[key], level + 1) : "";
      if (message.trim() !== "" && !/^[\d.]+$/.test(message)) return message;
    }
  }
  return jsonOf(value);
}

/** Whether a value holds anything: text that is not blank or "none", a number but 0, true. */
function says(value: unknown, level: number): boolean {
  switch (typeof value) {
    case "string":
      return value.trim() !== "" && !nothing.test(value.trim());
    case "number":
    case "bigint":
      return Boolean(value);
    case "boolean":
      return value;
    case "object":
      if (value === null || level > mostLevels) return false;
      return Object.values(value)
        .slice(0, mostMembers)
        .some((one) => says(one, level + 1));
    case "undefined":
    case "function":
    case "symbol":
      return false;
  }
}

/** An exported object in text form that says nothing, as Data Factory writes for a success. */
const longestEmptyJson = 2_000;
function isEmptyJson(text: string): boolean {
  const trimmed = text.trim();
  if (!/^[[{]/.test(trimmed) || trimmed.length > longestEmptyJson) return false;
  try {
    return !says(JSON.parse(trimmed), 0);
  } catch {
    return false;
  }
}

function jsonOf(value: unknown): string {
  try {
    return typeof value === "bigint" ? String(value) : (JSON.stringify(value) ?? "");
  } catch {
    // A cycle or a bigint within; nothing of it can be shown.
    return "";
  }
}
