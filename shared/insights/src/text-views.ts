/** More is beyond what an embedder reads. */
const longest = 4_000;
const firstLines = 3;
const camelCase = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu;
/** `org.apache.hadoop.security.` before a class. */
const packageName = /(?<![\p{L}\p{N}_.])(?:\p{Ll}[\p{Ll}\p{N}_]{0,60}\.){2,12}(?=\p{Lu})/gu;

/** Identifiers as the words that they consist of: "AccessControlException" is "Access Control Exception". */
const splitWords = (text: string): string => text.replace(packageName, "").replace(camelCase, " ").replace(/_+/g, " ");

/**
 * What is embedded of an error, two texts: the whole, and its first lines, in which a trace has not drowned yet what went wrong. Identifiers
 * are split into words, because vectors err on them.
 */
export function errorViews(error: string): [whole: string, beginning: string] {
  const lines = error.slice(0, longest).split("\n");
  const filled = lines.map((line) => line.trim()).filter((line) => /[\p{L}\p{N}]/u.test(line));
  const text = filled.length === 0 ? error.slice(0, longest) : filled.join("\n");
  return [splitWords(text), splitWords(filled.length === 0 ? text : filled.slice(0, firstLines).join("\n"))];
}

/**
 * What is embedded of a page of a runbook in Markdown, three texts: the whole, its title in words with what it means, and the same with its
 * impact. A page without such sections has its first paragraphs instead.
 */
export function pageViews({
  title,
  text,
}: {
  readonly title: string;
  readonly text: string;
}): [whole: string, meaning: string, impact: string] {
  const body = text.slice(0, 4 * longest).replace(/^---\n[^]*?\n---\n/, "");
  const sections = sectionsOf(body);
  const meaning = `${splitWords(title)}. ${sections.get("meaning") ?? [...sections.values()][0] ?? ""}`.slice(0, longest);
  return [body.slice(0, longest), meaning, `${meaning} ${sections.get("impact") ?? ""}`.slice(0, longest)];
}

/** The text under each heading in one line, by the heading in lower case; "" is what stands before the first. */
function sectionsOf(text: string): Map<string, string> {
  const sections = new Map<string, string>();
  let heading = "";
  for (const line of text.split("\n")) {
    const named = /^#{2,6}\s+(\S.{0,200})$/.exec(line.trimEnd())?.[1];
    if (named !== undefined) heading = named.toLowerCase();
    else if (line.trim() !== "" && !line.startsWith("# ")) sections.set(heading, `${sections.get(heading) ?? ""} ${line.trim()}`.trim());
  }
  return sections;
}
