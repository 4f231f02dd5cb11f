import { AppError } from "@flow-rag/kernel";
import { Tokenizer, TokenParser, TokenType } from "@streamparser/json";

/** One value of a JSON text, and the line where it begins, from 1. */
export type JsonValue = { readonly line: number; readonly value: unknown };

/** More than MongoDB takes as a document, in text of any spacing. */
const maxValueBytes = 64 * 1024 * 1024;

/** Integers that a JavaScript number would round stay exact, in the words of extended JSON. */
class ExactTokenizer extends Tokenizer {
  protected override parseNumber(text: string): number {
    const value = Number(text);
    if (Number.isSafeInteger(value) || !/^-?\d{16,34}$/.test(text)) return value;
    const fits = BigInt.asIntN(64, BigInt(text)) === BigInt(text);
    return { [fits ? "$numberLong" : "$numberDecimal"]: text } as unknown as number;
  }
}

/**
 * The values at `paths` (`$` is each value of the text, `$.*` each element of a list) of one or more JSON values, however they are spaced.
 * One value is held at a time. @throws AppError `invalid_input` where the text is no JSON, ends within a value, or one value is too large.
 */
export async function* readJsonValues(
  chunks: AsyncIterable<string> | Iterable<string>,
  { file, paths, maxBytes = maxValueBytes }: { file: string; paths: readonly string[]; maxBytes?: number },
): AsyncGenerator<JsonValue> {
  const tokenizer = new ExactTokenizer({ separator: "" });
  const parser = new TokenParser({ paths: [...paths], keepStack: false, separator: "" });
  const found: JsonValue[] = [];
  const starts: number[] = []; // the line where each open object or list begins
  let [chunk, chunkStart, counted, line] = [Buffer.alloc(0), 0, 0, 1];
  let lastToken = 0;
  let valueStart = 0;
  let failure: unknown;

  const lineAt = (offset: number): number => {
    for (const end = Math.min(offset - chunkStart, chunk.length); counted < end; counted += 1) if (chunk[counted] === 0x0a) line += 1;
    return line;
  };
  let closed = 1;
  tokenizer.onToken = (token) => {
    lastToken = token.offset;
    const at = lineAt(token.offset);
    closed = at;
    if (token.token === TokenType.LEFT_BRACE || token.token === TokenType.LEFT_BRACKET) starts.push(at);
    else if (token.token === TokenType.RIGHT_BRACE || token.token === TokenType.RIGHT_BRACKET) closed = starts.pop() ?? at;
    parser.write(token);
  };
  parser.onValue = ({ value }) => {
    found.push({ line: closed, value });
    valueStart = lastToken;
  };
  tokenizer.onError = (error) => (failure ??= error);
  parser.onError = (error) => (failure ??= error);
  const broken = (what: string) => new AppError("invalid_input", `${file}:${line}: ${what}; nothing was imported`, { cause: failure });

  for await (const text of chunks) {
    chunkStart += chunk.length;
    [chunk, counted] = [Buffer.from(text), 0];
    tokenizer.write(chunk);
    yield* found.splice(0);
    lineAt(failure === undefined ? chunkStart + chunk.length : lastToken);
    if (failure !== undefined) throw broken("no JSON from here on");
    const unfinished = chunkStart + chunk.length - valueStart;
    if (unfinished > maxBytes && starts.length > 0 && isWithinValue(starts.length, paths)) throw broken(tooLarge);
    if (chunkStart + chunk.length - lastToken > maxBytes) throw broken(tooLarge);
  }
  const open = starts.length;
  tokenizer.end();
  yield* found.splice(0);
  if (failure !== undefined || open > 0) throw broken("the JSON ends within a value: is the file whole?");
}

const tooLarge = "one value is larger than MongoDB takes; when a list in it holds the records, name the list by --at";

/** Whether this many open objects and lists mean that a wanted value is open. */
const isWithinValue = (depth: number, paths: readonly string[]): boolean => paths.some((path) => depth >= path.split(".").length);

/** One JSON value of a text, integers exact. @throws SyntaxError when it is none or not one alone. */
export function parseExactJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!/\d{16}/.test(text)) return value;
  let exact: unknown;
  const tokenizer = new ExactTokenizer();
  const parser = new TokenParser({ paths: ["$"] });
  tokenizer.onToken = (token) => parser.write(token);
  parser.onValue = (found) => (exact = found.value);
  tokenizer.write(text);
  return exact;
}
