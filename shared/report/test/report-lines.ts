import type { RenderedReport } from "@flow-rag/contracts";

type Element = {
  readonly type: string;
  readonly text?: unknown;
  readonly style?: { readonly code?: boolean };
  readonly elements?: readonly Element[];
};

const code = (name: string): string => `\`${name}\``;

/** Lines of the messages, one a section; names that Slack shows as code in backticks. */
export function slackLines({ message, thread }: RenderedReport["slack"]): string[] {
  const linesOf = ({ type, elements = [] }: Element): string[] =>
    type === "rich_text_section"
      ? elements
          .map(({ text, style }) => (typeof text !== "string" ? "" : style?.code ? code(text) : text))
          .join("")
          .split("\n")
      : elements.flatMap(linesOf);
  return [message, ...thread].flatMap(({ blocks }) => (blocks as readonly Element[]).flatMap(linesOf));
}

/** Lines of the mail, one a row or paragraph; names that it shows as code in backticks. */
export const mailLines = (html: string): string[] =>
  html
    .replace(/<span class="code"[^>]*>([^<]*)<\/span>/g, (_, name: string) => code(name))
    .replace(/<div[^>]*>/g, " · ")
    .replace(/\s*\n\s*/g, " ")
    .replace(/<\/(?:tr|p|h1|h2)>|<br>/g, "\n")
    .replace(/<[^>]*>/g, "")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&")
    .split("\n")
    .map((line) => line.trim());

/** Lines of the mail's text, a row with its note; names of pipelines that stand between its separators in backticks. */
export function textLines(text: string, pipelines: ReadonlySet<string>): string[] {
  const separator = /( · | : |: |, | et | and |^\* (?:\[[^\]]*\] )?|«[^«»]*»|“[^“”]*”)/g;
  return text
    .replace(/\n {2}(?=\S)/g, " · ")
    .split("\n")
    .map((line) =>
      line
        .split(separator)
        .map((part) => (pipelines.has(part) ? code(part) : part))
        .join(""),
    );
}
