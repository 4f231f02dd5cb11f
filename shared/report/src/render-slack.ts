import type { SlackMessage } from "@flow-rag/contracts";
import type { ReportDocument, Row, Section } from "./document.js";
import { escapeSlack, toRichLine } from "./slack-text.js";
import type { Inline } from "./voice.js";

type Block = Readonly<Record<string, unknown>>;
/** Where a reader can go on, from the configuration. */
export type ReportLink = { readonly label: string; readonly url: string };

/**
 * Limits of one message. Slack documents 50 blocks, 150 characters of a header and 3,000 of a text; it refuses messages whose blocks are larger
 * than about 13,000 characters together, which it does not document, so the JSON is kept below that and not only the text in it.
 */
const limits = { blocks: 45, json: 11_500, text: 3_000, header: 150, button: 75 };
const rowsOfBlock = 20;
const threadMessages = 20;
/** Of a list whose rows can be told briefly, so many are told in full. */
const fullRows = 100;
const namesLength = 2_500;
const buttons = 5;

/** The report as one message that says what matters, and the rest as messages for its thread. */
export function renderSlack(
  document: ReportDocument,
  links: readonly ReportLink[] = [],
): { readonly message: SlackMessage; readonly thread: readonly SlackMessage[] } {
  const shortened = [Infinity, 5, 3, 2, 1, 0].map((most) => mainBlocks(document, links, most));
  const blocks = shortened.find((one) => fits(one.blocks)) ?? shortened.at(-1) ?? { blocks: [], cut: [] };
  return {
    message: { text: cutEscaped(document.notification, limits.text), blocks: blocks.blocks },
    thread: threadOf(document, [
      ...document.details.slice(0, 1).filter(isProse),
      ...blocks.cut,
      ...document.details.filter((one, index) => index > 0 || !isProse(one)),
    ]),
  };
}

const isProse = (section: Section): boolean => section.kind === "paragraph";
const fits = (blocks: readonly Block[]): boolean => blocks.length <= limits.blocks && JSON.stringify(blocks).length <= limits.json;

/** `cut`: the sections of which not every row is shown; the thread has them in full. */
function mainBlocks(document: ReportDocument, links: readonly ReportLink[], most: number): { blocks: Block[]; cut: Section[] } {
  const cutSections: Section[] = [];
  const body = document.main.flatMap((section): Block[] => {
    if (section.kind !== "rows") return sectionBlocks(section);
    const shown = section.rows.slice(0, Math.min(most, section.most));
    const left = section.rows.length - shown.length;
    if (left > 0) cutSections.push({ ...section, most: Infinity });
    return rowBlocks(section.heading, shown, left > 0 ? document.more(left) : undefined);
  });
  const header = { type: "header", text: plainText(`:${document.mark.emoji}: ${document.title}`, limits.header) };
  const footer = { type: "context", elements: [plainText(document.footer.map(textOf).join("\n"), limits.text)] };
  const actions = links.slice(0, buttons).map(({ label, url }, index) => ({
    type: "button",
    text: plainText(label, limits.button),
    url,
    action_id: `open-${index + 1}`,
  }));
  return { blocks: [header, ...body, footer, ...(actions.length > 0 ? [{ type: "actions", elements: actions }] : [])], cut: cutSections };
}

const textOf = (line: readonly Inline[]): string => line.map(({ text }) => text).join("");
const plainText = (text: string, most: number): Block => ({ type: "plain_text", text: cutEscaped(text, most), emoji: true });

function sectionBlocks(section: Exclude<Section, { kind: "rows" }>): Block[] {
  switch (section.kind) {
    case "paragraph":
      return section.lines.some((line) => textOf(line) !== "") ? [richText([richSection(withBreaks(section.lines))])] : [];
    case "figures":
      return [
        richText([
          richSection(
            section.items.flatMap(({ label, value, change }, index): Inline[] => [
              { as: "plain", text: `${index > 0 ? " · " : ""}${label} ` },
              { as: "strong", text: value },
              ...(change === "" ? [] : [{ as: "plain" as const, text: ` (${change})` }]),
            ]),
          ),
        ]),
      ];
    case "pictures":
      return [];
  }
}

const withBreaks = (lines: readonly (readonly Inline[])[]): Inline[] =>
  lines.flatMap((line, index): Inline[] => [...(index > 0 ? [{ as: "plain" as const, text: "\n" }] : []), ...line]);

const richSection = (line: readonly Inline[]): Block => ({ type: "rich_text_section", elements: toRichLine(line) });
const richText = (elements: readonly Block[]): Block => ({ type: "rich_text", elements });

function rowBlocks(heading: string, rows: readonly Row[], more: string | undefined): Block[] {
  const blocks: Block[] = [];
  for (let index = 0; index === 0 || index < rows.length; index += rowsOfBlock) {
    const items = rows.slice(index, index + rowsOfBlock).map(rowItem);
    const title = index === 0 ? [richSection([{ as: "strong", text: heading }])] : [];
    const tail = index + rowsOfBlock >= rows.length && more !== undefined ? [richSection([{ as: "quiet", text: more }])] : [];
    const list = items.length > 0 ? [{ type: "rich_text_list", style: "bullet", elements: items }] : [];
    blocks.push(richText([...title, ...list, ...tail]));
  }
  return blocks;
}

function rowItem({ mark, head, figure, note, mentions }: Row): Block {
  const line: Inline[] = [
    ...head,
    ...(figure === undefined
      ? []
      : [
          { as: "plain" as const, text: " · " },
          { as: "strong" as const, text: figure },
        ]),
    ...(note && note.length > 0 ? [{ as: "plain" as const, text: " · " }, ...note] : []),
    ...(mentions ?? []).flatMap((mention): Inline[] => [{ as: "plain", text: " " }, mention]),
  ];
  const emoji = mark
    ? [
        { type: "emoji", name: mark.emoji },
        { type: "text", text: " " },
      ]
    : [];
  return { type: "rich_text_section", elements: [...emoji, ...toRichLine(line)] };
}

/** Sections in full, in as many messages as they need; what is beyond the last one is counted in it. */
function threadOf(document: ReportDocument, sections: readonly Section[]): SlackMessage[] {
  const messages: { text: string; blocks: Block[] }[] = [];
  const add = (heading: string, block: Block): boolean => {
    const last = messages.at(-1);
    if (last && fits([...last.blocks, block])) last.blocks.push(block);
    else if (messages.length === threadMessages) return false;
    else messages.push({ text: cutEscaped(`${document.title} · ${heading}`, limits.text), blocks: [block] });
    return true;
  };
  for (const section of sections) {
    if (section.kind !== "rows") {
      for (const block of sectionBlocks(section)) add(document.detailsTitle, block);
      continue;
    }
    let told = 0;
    for (const { block, rows } of rowsInFull(section, document)) {
      if (!add(section.heading, block)) {
        const left = `${section.heading} ${document.more(section.rows.length - told)}`;
        messages.at(-1)?.blocks.push(richText([richSection([{ as: "quiet", text: left }])]));
        return messages;
      }
      told += rows;
    }
  }
  return messages;
}

/** The blocks of a list, and how many of its rows each tells. */
function* rowsInFull(section: Extract<Section, { kind: "rows" }>, document: ReportDocument): Generator<{ block: Block; rows: number }> {
  const { heading, rows, brief, most } = section;
  const full = rows.slice(0, Math.min(most, brief ? fullRows : Infinity));
  for (let index = 0; index < full.length;) {
    const [block, taken] = fullBlock(heading, full, index);
    yield { block, rows: taken };
    index += taken;
  }
  if (full.length === rows.length) return;
  const more: Inline = { as: "quiet", text: document.more(rows.length - full.length) };
  if (!brief) {
    yield { block: richText([richSection([more])]), rows: 0 };
    return;
  }
  for (let index = full.length; index < rows.length;) {
    const first = index;
    let text = "";
    while (index < rows.length && text.length < namesLength) text += `${brief[index++] ?? ""}${index < rows.length ? ", " : ""}`;
    const lead: Inline[] = first === full.length ? [more, { as: "plain", text: "\n" }] : [];
    yield { block: richText([richSection([...lead, { as: "data", text }])]), rows: index - first };
  }
}

/** As many rows as one block takes, at least one. */
function fullBlock(heading: string, rows: readonly Row[], from: number): [block: Block, taken: number] {
  for (let taken = Math.min(rowsOfBlock, rows.length - from); ; taken = Math.ceil(taken / 2)) {
    const items = rows.slice(from, from + taken).map(rowItem);
    const title = from === 0 ? [richSection([{ as: "strong" as const, text: heading }])] : [];
    const block = richText([...title, { type: "rich_text_list", style: "bullet", elements: items }]);
    if (taken === 1 || JSON.stringify(block).length <= limits.json / 2) return [block, taken];
  }
}

/** At most `most` characters of escaped text, never cut inside an escape or a character. */
function cutEscaped(text: string, most: number): string {
  const escaped = escapeSlack(text);
  if (escaped.length <= most) return escaped;
  let result = "";
  for (const character of text) {
    const piece = escapeSlack(character);
    if (result.length + piece.length > most - 1) break;
    result += piece;
  }
  return `${result}…`;
}
