const hidden = new Set(["level", "time", "pid", "hostname", "service", "msg", "err"]);
const levels: Record<number, string> = { 40: "warning: ", 50: "error: ", 60: "error: " };
const errorLevel = 50;
const stackLines = 12;
/** What moves a terminal's cursor, ends its line or turns its text around: control characters, line separators, directions. */
const controls = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A service's JSON log line as one that a person reads, with its local time; any other line as it is, with the time of `now`. An error is
 * followed by where it came from, indented. No text of a record or a request can end the line, forge another or command the terminal.
 */
export function formatLogLine(line: string, now = new Date()): string {
  const entry = parseEntry(line.trimEnd());
  if (!entry) return `${clockOf(now)} ${inert(line.trimEnd())}`;
  const fields = Object.entries(entry)
    .filter(([key]) => !hidden.has(key))
    .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const { message, stack } = (entry["err"] ?? {}) as { message?: unknown; stack?: unknown };
  const head = [
    `${levels[Number(entry["level"])] ?? ""}${typeof entry["msg"] === "string" ? entry["msg"] : ""}`,
    ...(typeof message === "string" ? [`(${message})`] : []),
    ...fields,
  ].join(" ");
  const at = typeof entry["time"] === "number" ? new Date(entry["time"]) : now;
  const where = Number(entry["level"]) >= errorLevel && typeof stack === "string" ? placesOf(stack) : [];
  return [`${clockOf(at)} ${inert(head)}`, ...where].join("\n");
}

const inert = (text: string): string =>
  text
    .replace(/[\r\n]+\s*/g, " · ")
    .replaceAll("\t", " ")
    .replace(controls, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

const placesOf = (stack: string): string[] =>
  stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, stackLines)
    .map((line) => `    ${inert(line.trim())}`);

/** `2026-11-30 14:05:09`, where this process is. */
function clockOf(at: Date): string {
  if (Number.isNaN(at.getTime())) return "-";
  const pad = (value: number): string => String(value).padStart(2, "0");
  const date = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(pad).join("-");
  return `${date} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(pad).join(":")}`;
}

function parseEntry(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined; // a service that writes no JSON is shown all the same
  }
}
