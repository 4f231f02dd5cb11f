/** A quoted text and a pipeline under whose name it stands. */
export type QuotedPair = { readonly quote: string; readonly pipeline: string; readonly line: string };

const quotation = /«\s*([^«»]+?)\s*»|“([^“”]+?)”|"([^"\n]+?)"/g;
const named = /`([^`\n]+)`/g;
/** Of a masked name, so that its dots end no sentence. */
const placed = /\uE000(\d+)\uE001/g;

/**
 * What a line quotes, with each pipeline that it is said of: those that its own sentence or clause names right in front of it, else every one that the line
 * names. Names stand in backticks.
 */
export function quotedPairs(line: string, pipelines: ReadonlySet<string>): QuotedPair[] {
  const names: string[] = [];
  const masked = line.replace(named, (_, name: string) => `\uE000${names.push(name) - 1}\uE001`);
  const namesIn = (text: string): string[] =>
    [...text.matchAll(placed)].map(([, index]) => names[Number(index)] ?? "").filter((name) => pipelines.has(name));
  const all = namesIn(masked.replace(quotation, " "));
  return [...masked.matchAll(quotation)].flatMap((match) => {
    // "Surtout `a`, `b` : « … »": the names that lead to the quotation.
    const lead = /(?:^|[.·;(]\s)([^.·;()«»“”]*?)\s*:\s*$/u.exec(masked.slice(0, match.index))?.[1] ?? "";
    const own = namesIn(lead);
    const quote = (match[1] ?? match[2] ?? match[3] ?? "").replace(placed, (_, index) => names[Number(index)] ?? "");
    return [...new Set(own.length > 0 ? own : all)].map((pipeline) => ({ quote, pipeline, line }));
  });
}

/** Letters and digits alone: what is shown of a record loses marks that a reader's program would act on. */
const bare = (text: string): string =>
  text
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}]+/gu, "")
    .toLowerCase();

/** Whether an error says what is quoted of it: word for word, with anything where the quotation says `<…>`, and cut where it ends with `…`. */
export function saysQuote(error: string, quote: string): boolean {
  const whole = bare(error);
  let from = 0;
  return quote
    .split("…")
    .map(bare)
    .every((part) => {
      const at = whole.indexOf(part, from);
      from = at + part.length;
      return at !== -1;
    });
}
