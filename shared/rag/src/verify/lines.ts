import type { CitedRecord } from "./grounds.js";
import type { Token } from "./tokens.js";

/** A line of a text. `keys`: what it names and quotes and when, in its order, in a form that can be compared: `tech:Spark`, `day:05-05`. */
export type Line = {
  readonly tokens: readonly Token[];
  /** True for a line of a list. */
  readonly isItem: boolean;
  /** The number that it begins with: `3.`. */
  readonly rank: number | null;
  readonly keys: readonly string[];
};

const start = /^\s*(?:[•*–-]|(?<rank>\d{1,2})[.)])\s+/;

/** The lines of a text, of which `tokens` are what it says. */
export function linesOf(text: string, tokens: readonly Token[], quoteOf: (text: string) => string): Line[] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token.is === "end" && token.of === "line") parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return text.split("\n").map((line, index) => {
    const begins = start.exec(line);
    const rank = begins?.groups?.["rank"];
    const own = parts[index] ?? [];
    return { tokens: own, isItem: begins !== null, rank: rank === undefined ? null : Number(rank), keys: keysOf(own, quoteOf) };
  });
}

export const keysOf = (tokens: readonly Token[], quoteOf: (text: string) => string): string[] =>
  tokens.flatMap((token, index) => {
    if (token.is === "name") return [`${token.kind}:${token.name}`];
    if (token.is === "quote") return [`quote:${quoteOf(token.text)}`];
    if (token.is !== "date") return [];
    const next = tokens[index + 1];
    const after = next?.is === "word" && /^(?:a|at)$/.test(next.text) ? tokens[index + 2] : next;
    return [`day:${token.day}`, ...(after?.is === "clock" ? [`moment:${token.day} ${after.minute}`] : [])];
  });

/** What a record says of itself, as keys of a line. */
export const keysOfRecord = (record: CitedRecord | undefined, day: string): string[] =>
  record === undefined
    ? []
    : [
        `pipeline:${record.pipeline}`,
        `tech:${record.tech}`,
        ...(record.environment === null ? [] : [`environment:${record.environment}`]),
        `day:${day}`,
      ];

/** Lines of lists, list by list. */
export function listsOf(lines: readonly Line[]): Line[][] {
  const lists: Line[][] = [];
  for (const [index, line] of lines.entries()) {
    if (!line.isItem) continue;
    if (lines[index - 1]?.isItem) lists.at(-1)?.push(line);
    else lists.push([line]);
  }
  return lists;
}
