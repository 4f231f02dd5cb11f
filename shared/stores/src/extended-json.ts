import { BSON, Double, Int32, Long, type Document } from "mongodb";

/** Limits of MongoDB. Source: https://www.mongodb.com/docs/manual/reference/limits/ */
const maxDepth = 100;
const maxDocumentBytes = 16 * 1024 * 1024;

/**
 * One document of a mongoexport file: extended JSON (canonical or relaxed) to BSON types.
 * @throws whatever the parser throws on text that is no extended JSON object.
 */
export function parseExtendedJson(text: string): Document {
  const value = BSON.EJSON.parse(text, { relaxed: true }) as unknown;
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new SyntaxError("not a JSON object");
  return value;
}

/**
 * The document that a value of parsed extended JSON stands for, or why MongoDB takes none: 64-bit integers are whole, and what would be
 * refused by the server, or read back as something else, is told before it is sent. The reason names fields and quotes no value.
 */
export function readDocument(json: unknown): { readonly document: Record<string, unknown> } | { readonly reason: string } {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return { reason: "not a JSON object" };
  if (isTooDeep(json, maxDepth)) return { reason: `nested deeper than ${maxDepth} levels` };
  try {
    const document = settle(BSON.EJSON.parse(JSON.stringify(json), { relaxed: false }), "") as Record<string, unknown>;
    const reason = refusal(document);
    return reason === undefined ? { document } : { reason };
  } catch (error) {
    return { reason: error instanceof Refused ? error.message : "extended JSON that stands for nothing ($oid, $date, …)" };
  }
}

/** Why MongoDB would refuse a document; undefined when nothing speaks against it. */
function refusal(document: Document): string | undefined {
  const dollar = Object.keys(document).find((name) => name.startsWith("$"));
  if (dollar !== undefined) return `field ${dollar.slice(0, 100)}: MongoDB takes no name that begins with $ here`;
  const id: unknown = document["_id"];
  if (Array.isArray(id)) return "_id: a list; MongoDB takes anything else";
  if (id instanceof RegExp || (id as { _bsontype?: string } | null | undefined)?._bsontype === "BSONRegExp")
    return "_id: a regular expression";
  try {
    return BSON.calculateObjectSize(document) > maxDocumentBytes ? "larger than 16 MiB" : undefined;
  } catch {
    return "a name or a value that BSON cannot hold";
  }
}

class Refused extends Error {}

/** Numbers as plain numbers where that loses nothing; no date that is none. */
function settle(value: unknown, path: string): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Int32 || value instanceof Double) return value.valueOf();
  if (value instanceof Long) return Number.isSafeInteger(value.toNumber()) ? value.toNumber() : value;
  if (Object.prototype.toString.call(value) === "[object Date]") {
    if (Number.isNaN((value as Date).getTime())) throw new Refused(`field ${path.slice(1, 100)}: a $date that is none`);
    return value;
  }
  if (Array.isArray(value)) return value.map((inner, index) => settle(inner, `${path}.${index}`));
  if ("_bsontype" in value) return value;
  for (const [name, inner] of Object.entries(value)) {
    if (name.includes("\0")) throw new Refused("a field name that holds NUL");
    const settled = settle(inner, `${path}.${name}`);
    if (settled !== inner) Object.defineProperty(value, name, { value: settled, enumerable: true, configurable: true, writable: true });
  }
  return value;
}

/** Without recursion: the depth is what is in question. */
function isTooDeep(json: object, max: number): boolean {
  let level: object[] = [json];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > max) return true;
    level = level.flatMap((value) => Object.values(value).filter((inner): inner is object => typeof inner === "object" && inner !== null));
  }
  return false;
}

/** One document as a line of a mongoexport file (relaxed extended JSON). */
export const formatExtendedJson = (document: Document): string => BSON.EJSON.stringify(document, { relaxed: true });
