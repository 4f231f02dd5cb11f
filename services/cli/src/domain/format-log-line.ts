const hidden = new Set(["level", "time", "pid", "hostname", "service", "msg", "err"]);
const levels: Record<number, string> = { 40: "warning: ", 50: "error: ", 60: "error: " };

/** A service's JSON log line as one a person reads; any other line as it is. */
export function formatLogLine(line: string): string {
  const entry = parseEntry(line.trimEnd());
  if (!entry) return line.trimEnd();
  const fields = Object.entries(entry)
    .filter(([key]) => !hidden.has(key))
    .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const error = (entry["err"] as { message?: unknown } | undefined)?.message;
  return [
    `${levels[Number(entry["level"])] ?? ""}${typeof entry["msg"] === "string" ? entry["msg"] : ""}`,
    ...(typeof error === "string" ? [`(${error})`] : []),
    ...fields,
  ].join(" ");
}

function parseEntry(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined; // a service that writes no JSON is shown all the same
  }
}
