import type { ReportDocument, Row, Section } from "./document.js";

/** Names are short: so many of them fit where one row does. */
const namesForRow = 16;

/** Of a list where `most` rows fit: those rows, and one line about the others, which names as many of them as fit. */
export function shownRows(
  { rows, most: wanted, brief }: Extract<Section, { kind: "rows" }>,
  { more }: ReportDocument,
  most: number,
): { shown: readonly Row[]; rest: string | undefined } {
  const shown = rows.slice(0, Math.min(most, wanted));
  const left = rows.length - shown.length;
  return { shown, rest: left > 0 ? more(left, brief?.slice(shown.length, shown.length + most * namesForRow)) : undefined };
}
