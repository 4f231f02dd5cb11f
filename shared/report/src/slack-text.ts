import type { Inline } from "./voice.js";

/** Slack reads `&`, `<` and `>` in texts of its own format. Source: docs.slack.dev, "Formatting message text". */
export const escapeSlack = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** What begins a mention, a channel or a link in Slack's own format is defused, wherever the text ends up. */
const defuse = (text: string): string => text.replace(/<(?=[!@#]|[a-z][a-z0-9+.-]{0,20}:)/gi, "‹");

type RichElement = Readonly<Record<string, unknown>>;

/** A piece of rich text: the text is shown as it is, no character in it means anything. */
function toRich(inline: Inline): RichElement {
  switch (inline.as) {
    case "mention":
      return inline.id.startsWith("S") ? { type: "usergroup", usergroup_id: inline.id } : { type: "user", user_id: inline.id };
    case "strong":
      return { type: "text", text: defuse(inline.text), style: { bold: true } };
    case "code":
      return { type: "text", text: defuse(inline.text), style: { code: true } };
    case "quiet":
      return { type: "text", text: defuse(inline.text), style: { italic: true } };
    case "plain":
    case "data":
      return { type: "text", text: defuse(inline.text) };
  }
}

/** Neighbours of one style become one element; Slack refuses empty ones. */
export function toRichLine(line: readonly Inline[]): RichElement[] {
  const merged: Inline[] = [];
  for (const inline of line) {
    if (inline.text === "") continue;
    const before = merged.at(-1);
    const isSame = before && before.as === inline.as && inline.as !== "mention" && inline.as !== "code";
    if (isSame) merged[merged.length - 1] = { as: inline.as, text: before.text + inline.text };
    else merged.push(inline);
  }
  return merged.map(toRich);
}
