/** What a spreadsheet would run as a formula. Source: OWASP, CSV injection. */
const formula = /^[=+\-@\t\r]/;

/** One line of CSV with its line break (RFC 4180). A text that begins like a formula gets a ' in front; numbers stay numbers. */
export const csvLine = (values: readonly unknown[]): string => `${values.map(cell).join(",")}\r\n`;

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = value instanceof Date ? value.toISOString() : typeof value === "string" ? value : JSON.stringify(value);
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
