import type { Document } from "bson";
import { isObject } from "./bson-types.js";
import { toKey } from "./field-names.js";
import { expressionValueAt } from "./paths.js";
import { fieldPathOf, objectOf } from "./pipeline-values.js";
import { ServerError } from "./server-error.js";

/** One document for each element of an array. */
export function compileUnwind(value: unknown): (document: Document) => readonly Document[] {
  const options = isObject(value)
    ? objectOf("$unwind", value, ["path", "preserveNullAndEmptyArrays", "includeArrayIndex"])
    : { path: value };
  const parts = fieldPathOf("$unwind", options["path"]);
  const keepsEmpty: unknown = options["preserveNullAndEmptyArrays"] ?? false;
  if (typeof keepsEmpty !== "boolean")
    throw new ServerError(28809, "expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage");
  const index: unknown = options["includeArrayIndex"];
  if (index !== undefined && (typeof index !== "string" || index === "" || index.startsWith("$"))) {
    throw new ServerError(28810, "expected a non-empty string without a '$' for the includeArrayIndex option to $unwind stage");
  }
  const place = (document: Document, item: unknown, at: number | null) => {
    const row = item === undefined ? document : withValueAt(document, parts, item);
    return typeof index === "string" ? withValueAt(row, index.split(".").map(toKey), at) : row;
  };
  return (document) => {
    const items = expressionValueAt(document, parts);
    if (Array.isArray(items) && items.length > 0) return items.map((item, at) => place(document, item, at));
    if (items !== undefined && items !== null && !Array.isArray(items)) return [place(document, items, null)];
    return keepsEmpty ? [place(Array.isArray(items) ? withoutValueAt(document, parts) : document, undefined, null)] : [];
  };
}

export const withValueAt = (document: Document, [part = "", ...rest]: readonly string[], value: unknown): Document => ({
  ...document,
  [part]: rest.length === 0 ? value : withValueAt(isObject(document[part]) ? document[part] : {}, rest, value),
});

function withoutValueAt(document: Document, [part = "", ...rest]: readonly string[]): Document {
  const { [part]: below, ...others } = document;
  return rest.length === 0 ? others : { ...document, [part]: withoutValueAt(below as Document, rest) };
}
