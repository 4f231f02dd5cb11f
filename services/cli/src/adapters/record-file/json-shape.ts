import { AppError } from "@flow-rag/kernel";
import { Tokenizer, TokenType } from "@streamparser/json";

/** `lines`: one object a line. `values`: JSON values of any spacing. `list`: one list of objects. */
export type JsonShape = "lines" | "values" | "list";

/** A list of objects within a JSON object, by its dotted path, as far as the head of a file shows it. */
export type JsonList = { readonly path: string; readonly firstKeys: readonly string[] };

const isObjectText = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};

/** How the JSON of a file is laid out, told from its first lines. */
export function jsonShapeOf(head: string): JsonShape {
  const text = head.trimStart();
  if (text.startsWith("[")) return "list";
  const lines = text.split("\n").map((line) => line.trim().replace(/,$/, ""));
  const [first = "", second] = lines.filter((line) => line !== "");
  if (isObjectText(first)) return "lines";
  // A first line that is broken off does not make what follows it one value.
  return second?.startsWith("{") === true && !/[[:{]$/.test(first) ? "lines" : "values";
}

/** The lists of objects, and the keys of scalars, that the first object of a text holds, as far as its head goes. */
export function lookIntoObject(head: string): { readonly lists: readonly JsonList[]; readonly scalars: readonly string[] } {
  const lists: { path: string; firstKeys: string[] }[] = [];
  const scalars: string[] = [];
  /** Where the reader is: `key` of an object, or undefined within a list. */
  const open: { list: boolean; key: string | undefined; elements: number }[] = [];
  let expectsKey = false;
  const pathOf = (depth: number): string =>
    open
      .slice(0, depth)
      .map(({ key }) => key ?? "")
      .join(".");
  const tokenizer = new Tokenizer({ separator: "" });
  let ended = false;
  tokenizer.onError = () => (ended = true);
  tokenizer.onToken = ({ token, value }) => {
    if (ended) return;
    const top = open.at(-1);
    const withinList = open.findIndex(({ list }) => list);
    if (token === TokenType.LEFT_BRACE) {
      if (top?.list === true && withinList === open.length - 1) {
        if (top.elements === 0) lists.push({ path: pathOf(open.length - 1), firstKeys: [] });
        top.elements += 1;
      }
      open.push({ list: false, key: undefined, elements: 0 });
      expectsKey = true;
    } else if (token === TokenType.LEFT_BRACKET) {
      open.push({ list: true, key: undefined, elements: 0 });
      expectsKey = false;
    } else if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) {
      open.pop();
      expectsKey = false;
      if (open.length === 0) ended = true;
    } else if (token === TokenType.COMMA) expectsKey = top?.list === false;
    else if (token === TokenType.COLON) expectsKey = false;
    else if (expectsKey && top) {
      top.key = String(value);
      const list = lists.at(-1);
      if (withinList !== -1 && open.length === withinList + 2 && open[withinList]?.elements === 1) list?.firstKeys.push(top.key);
    } else if (withinList === -1 && open.length > 0) scalars.push(pathOf(open.length));
  };
  tokenizer.write(head);
  return { lists, scalars };
}

/**
 * Refuses an object that is a wrapper about records: it holds lists of objects and none of the fields that a record's time is read from.
 * @throws AppError `invalid_input` that says how to unwrap it.
 */
export function refuseWrapper(file: string, head: string, timePaths: readonly string[]): void {
  const { lists, scalars } = lookIntoObject(head);
  if (lists.length === 0 || timePaths.some((path) => scalars.includes(path))) return;
  const shown = lists.slice(0, 5).map(({ path, firstKeys }) => `--at ${path} (objects with ${firstKeys.slice(0, 4).join(", ")}, …)`);
  throw new AppError("invalid_input", `${file}: one object with records in a list; say in which: ${shown.join(" or ")}`);
}
