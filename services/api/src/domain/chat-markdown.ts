/** A name in backticks, a quotation of a record, a citation, or one character of anything else. */
const pieces = /`[^`\n]*`|«[^«»\n]*»|“[^“”\n]*”|"[^"\n]*"|\[\d{1,3}\]|[^]/gu;
const code = (text: string): string => `\`${text.replaceAll("`", "'")}\``;

/**
 * An answer as Markdown for clients that render it: what is quoted (records, the question's own words) becomes code within its quotation
 * marks, and outside of names, quotations and citations nothing is markup any more. The form that a chat client is sent, once.
 */
export function chatMarkdown(answer: string): string {
  return (answer.match(pieces) ?? [])
    .map(pieceOf)
    .join("")
    .replace(/^(\s*)(#{1,6}(?=\s)|>|\||[-+=]{2,}|~~~)/gm, "$1\\$2");
}

function pieceOf(piece: string): string {
  if (piece.startsWith("`") && piece.length > 1) return piece;
  if (piece.length > 1 && /^[«“"]/.test(piece)) return quoted(piece);
  return plain(piece);
}

/** The thin spaces that French puts inside its marks stay outside of the code. */
function quoted(quotation: string): string {
  const [, open = "", text = "", close = ""] = /^(.\s*)(.*?)(\s*.)$/su.exec(quotation) ?? [];
  return text === "" ? quotation : `${open}${code(text)}${close}`;
}

/**
 * Backslashes where a sign could begin or end markup, a formula or a tag. An opening bracket stays as it is: `\[` begins a formula in some
 * clients, and without its closing one it is nothing.
 */
const plain = (piece: string): string => (/^[\\`*_~<>$|\]]$/.test(piece) ? `\\${piece}` : piece);
