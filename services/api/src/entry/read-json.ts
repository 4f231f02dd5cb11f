import { AppError } from "@flow-rag/kernel";

const maxDepth = 32;
const refuse = (what: string): never => {
  throw new AppError("invalid_input", `body: ${what}`);
};

/**
 * JSON as it can be trusted to mean one thing: no key twice (readers differ on which one counts), none that could reach a prototype or be
 * taken for a database operator, no more than 32 levels. A byte order mark in front is forgiven.
 * @throws AppError `invalid_input`
 */
export function readJson(text: string): unknown {
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  if (source.trim() === "") return refuse("empty. A JSON object is wanted");
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    return refuse('not JSON. A JSON object is wanted, such as {"query": "…"} where a question is asked');
  }
  checkKeys(source);
  return value;
}

/** Goes over the tokens of a text that is known to be JSON. */
function checkKeys(source: string): void {
  const open: (Set<string> | undefined)[] = []; // the keys of each open object; undefined for an array
  let last: string | undefined;
  for (const [token] of source.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    if (token === "{" || token === "[") {
      if (open.push(token === "{" ? new Set() : undefined) > maxDepth) refuse(`more than ${maxDepth} levels`);
    } else if (token === "}" || token === "]") open.pop();
    else if (token !== ":") last = token;
    else noteKey(open.at(-1), JSON.parse(last ?? '""') as string);
  }
}

function noteKey(keys: Set<string> | undefined, key: string): void {
  if (keys?.has(key)) refuse("a key is there twice");
  if (key === "__proto__") refuse("a key may not be __proto__");
  if (key.startsWith("$")) refuse("a key may not begin with $");
  keys?.add(key);
}
