import type { ReportDocument, Row, Section } from "./document.js";
import { shownRows } from "./shown-rows.js";
import type { Inline } from "./voice.js";

/** A picture in words. */
export type Picture = { readonly name: string; readonly alt: string };

/** The report as plain text: what the HTML says, `most` rows a section. */
export function renderText(document: ReportDocument, pictures: readonly Picture[], most: number): string {
  const lines = [
    document.title,
    "=".repeat([...document.title].length),
    "",
    ...[...document.main, ...document.details].flatMap((section) => {
      const own = sectionLines(section, document, pictures, most);
      return own.length > 0 ? [...own, ""] : [];
    }),
    ...document.footer.map(textOf),
    document.stop,
  ];
  return `${lines.join("\n")}\n`;
}

const textOf = (line: readonly Inline[]): string => line.map(({ text }) => text).join("");

function sectionLines(section: Section, document: ReportDocument, pictures: readonly Picture[], most: number): string[] {
  switch (section.kind) {
    case "paragraph":
      return section.lines.map(textOf);
    case "figures":
      return section.items.map(({ label, value, change }) => `${label} ${value}${change === "" ? "" : ` (${change})`}`);
    case "pictures":
      return pictures.map(({ alt }) => `[${alt}]`);
    case "rows": {
      const { shown, rest } = shownRows(section, document, most);
      const heading = section.heading.toUpperCase();
      return [heading, "-".repeat([...heading].length), ...shown.flatMap(rowLines), ...(rest === undefined ? [] : [rest])];
    }
  }
}

function rowLines({ mark, head, figure, note }: Row): string[] {
  const first = [`* ${mark ? `[${mark.label}] ` : ""}${textOf(head)}`, ...(figure === undefined ? [] : [figure])].join(" · ");
  return [first, ...(note && note.length > 0 ? [`  ${textOf(note)}`] : [])];
}
