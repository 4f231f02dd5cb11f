import { readFileSync } from "node:fs";

/** The public data beside the repository; never copied into it. */
export const dataFolder = new URL("../../../../shared/data/", import.meta.url);

/** Records of an RFC 4180 text by column name; lines that lack a column are left out. */
export function readCsv(url: URL): Record<string, string>[] {
  const [header = [], ...rows] = parseCsv(readFileSync(url, "utf8"));
  return rows
    .filter((row) => row.length === header.length)
    .map((row) => Object.fromEntries(header.map((name, index) => [name, row[index] ?? ""])));
}

function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // A field is quoted text or runs up to the next comma or line end.
  for (const [, quoted, plain = "", stop] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (stop === ",") continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return rows;
}
