import type { CitedRecord, Grounds, Violation } from "./grounds.js";
import type { Token } from "./tokens.js";

/** Errors that are quoted together with pipelines, and the figures in brackets behind these. */
export type ErrorLine = {
  readonly quotes: readonly string[];
  readonly pipelines: readonly string[];
  readonly counts: readonly (readonly [pipeline: string, count: number])[];
};

/** What is quoted beside which pipelines, by line or by sentence. */
export function errorLinesOf(tokens: readonly Token[], quoteOf: (text: string) => string, by: "line" | "sentence"): ErrorLine[] {
  const parts: Token[][] = [[]];
  for (const token of tokens)
    if (token.is === "end" && (by === "sentence" || token.of === "line")) parts.push([]);
    else parts.at(-1)?.push(token);
  return parts
    .map((part) => ({
      quotes: part.flatMap((token) => (token.is === "quote" ? [quoteOf(token.text)] : [])),
      pipelines: part.flatMap((token) => (token.is === "name" && token.kind === "pipeline" ? [token.name] : [])),
      counts: part.flatMap((token, index) => {
        const [bracket, count, end] = part.slice(index + 1, index + 4);
        const isCount = bracket?.is === "mark" && bracket.text === "(" && end?.is === "mark" && end.text === ")";
        return token.is === "name" && token.kind === "pipeline" && isCount && count?.is === "number" && count.form === "plain"
          ? [[token.name, count.value] as const]
          : [];
      }),
    }))
    .filter(({ quotes, pipelines }) => quotes.length > 0 && pipelines.length > 0);
}

/** A pipeline that is named beside an error had that error, and as often as the number in brackets behind it. */
export function checkErrors(
  said: readonly ErrorLine[],
  known: readonly ErrorLine[],
  { scope, language }: Grounds,
  hasText: (record: CitedRecord, quote: string) => boolean,
  records: readonly CitedRecord[],
): Violation[] {
  const isTied = (quote: string, pipeline: string): boolean =>
    scope.includes(pipeline) ||
    known.some((line) => line.quotes.includes(quote) && line.pipelines.includes(pipeline)) ||
    records.some((record) => record.pipeline === pipeline && hasText(record, quote));
  const countsOf = (quote: string, pipeline: string): number[] =>
    known
      .filter(({ quotes }) => quotes.length === 1 && quotes[0] === quote)
      .flatMap(({ counts }) => counts.flatMap(([name, count]) => (name === pipeline ? [count] : [])));
  const wrong = said.flatMap(({ quotes, pipelines, counts }) => {
    const [only] = quotes;
    const foreign = pipelines.filter((pipeline) => !quotes.some((quote) => isTied(quote, pipeline)));
    const miscounted = counts.filter(([pipeline, count]) => {
      const told = only === undefined || quotes.length > 1 ? [] : countsOf(only, pipeline);
      return told.length > 0 && !told.includes(count);
    });
    return [...foreign, ...miscounted.map(([pipeline]) => pipeline)];
  });
  return [...new Set(wrong)].map((pipeline) => ({
    check: "claim",
    text:
      language === "fr"
        ? `Les faits ne disent pas cette erreur de ${pipeline}, ou pas si souvent.`
        : `The facts do not tell this error of ${pipeline}, or not so often.`,
  }));
}
