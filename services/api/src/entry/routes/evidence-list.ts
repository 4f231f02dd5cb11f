import type { Context, Language } from "@flow-rag/contracts";
import { createFormat } from "@flow-rag/rag";

export type EvidenceOptions = {
  readonly language: Language;
  /** Business time zone. */
  readonly zone: string;
  readonly now: Date;
  /** Where users reach this API; without it no link is made. */
  readonly publicUrl: string | undefined;
};
type Cited = { readonly citations: readonly { n: number; id: string }[]; readonly contexts: readonly Context[] };

const longestError = 240;
/** What stands before the error in an indexed document: local minute, zone, perhaps a duration. Written by insights, documentText. */
const documentHead = /^.*? · \d{4}-\d\d-\d\d \d\d:\d\d \S+(?: · \d+(?:,\d)? (?:ms|s|min|h)(?: \d\d (?:s|min))?)?(?: · |$)/s;

/**
 * The runs that an answer's [n] stand for, as Markdown that a chat client shows: pipeline, local time, error, and the run's id, which leads to it.
 * Text of records is code: a client renders neither links nor pictures of theirs. Empty when nothing is cited.
 */
export function evidenceList({ citations, contexts }: Cited, { language, zone, now, publicUrl }: EvidenceOptions): string {
  if (citations.length === 0) return "";
  const format = createFormat(language, zone);
  const byId = new Map(contexts.map((context) => [context.meta.id, context]));
  const lines = citations.map(({ n, id }) => {
    const context = byId.get(id);
    const link = publicUrl === undefined ? code(id) : `[${code(id)}](${publicUrl}/runs/${escapeUrl(id)})`;
    if (!context) return `- [${n}] ${link}`;
    const { pipeline, tech, ts } = context.meta;
    const at = new Date(ts);
    const error = errorOf(context.content);
    const parts = [
      code(pipeline),
      code(tech),
      `${format.dayOfYear(at, now)} ${format.time(at)}`,
      ...(error === "" ? [] : [code(error)]),
      link,
    ];
    return `- [${n}] ${parts.join(" · ")}`;
  });
  return [language === "fr" ? "**Preuves**" : "**Evidence**", "", ...lines].join("\n");
}

function errorOf(content: string): string {
  const lineEnd = content.indexOf("\n");
  if (!documentHead.test(content)) return lineEnd < 0 ? "" : content.slice(lineEnd + 1);
  return content.replace(documentHead, "");
}

function code(text: string): string {
  const line = text.replaceAll("`", "'").replace(/\s+/g, " ").trim();
  return `\`${line.length > longestError ? `${line.slice(0, longestError).trimEnd()} …` : line}\``;
}

/** Brackets and their like would end a Markdown link. */
const escapeUrl = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
