import type { Document } from "bson";
import { splitPath, toName } from "./field-names.js";
import { isOperatorObject } from "./filter.js";
import { isRegex } from "./regex.js";
import { ServerError } from "./server-error.js";
import { isObject } from "./bson-types.js";
import { equalValues } from "./values.js";

/** The document an upsert starts from: what its filter pins by equality, also within $and. */
export function equalityFields(filter: Document): Document {
  const document: Document = {};
  for (const [path, value] of equalities(filter)) place(document, splitPath(path), value);
  return document;
}

function equalities(filter: Document): [string, unknown][] {
  return Object.entries(filter).flatMap(([key, condition]): [string, unknown][] => {
    if (key === "$and" && Array.isArray(condition)) return condition.flatMap((branch) => equalities(branch as Document));
    if (key === "$or" && Array.isArray(condition) && condition.length === 1) return equalities(condition[0] as Document);
    if (key.startsWith("$") || isRegex(condition)) return [];
    if (!isOperatorObject(condition)) return [[key, condition]];
    if ("$eq" in condition) return [[key, condition["$eq"]]];
    const single = condition["$in"] as unknown;
    return Array.isArray(single) && single.length === 1 && !isRegex(single[0]) ? [[key, single[0]]] : [];
  });
}

function place(document: Document, [part = "", ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    if (part in document && !equalValues(document[part], value)) {
      throw new ServerError(54, `cannot infer query fields to set, path '${toName(part)}' is matched twice`);
    }
    document[part] = value;
    return;
  }
  const below: unknown = (document[part] ??= {});
  if (!isObject(below)) throw new ServerError(28, `Cannot create field '${toName(rest[0] ?? "")}' in element '${toName(part)}'`);
  place(below, rest, value);
}
