import { BSON, type Document } from "mongodb";

/**
 * One document of a mongoexport file: extended JSON (canonical or relaxed) to BSON types.
 * @throws whatever the parser throws on text that is no extended JSON object.
 */
export function parseExtendedJson(text: string): Document {
  const value = BSON.EJSON.parse(text, { relaxed: true }) as unknown;
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new SyntaxError("not a JSON object");
  return value;
}

/** One document as a line of a mongoexport file (relaxed extended JSON). */
export const formatExtendedJson = (document: Document): string => BSON.EJSON.stringify(document, { relaxed: true });
