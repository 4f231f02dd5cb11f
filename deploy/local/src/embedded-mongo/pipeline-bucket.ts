import type { Document } from "bson";
import { isObject } from "./bson-types.js";
import { compileExpression } from "./expression.js";
import type { Variables } from "./expression-types.js";
import { compileGroup, type Group } from "./group.js";
import { ServerError } from "./server-error.js";
import { compareValues, typeRank } from "./values.js";

/** $bucket as a grouping of documents that carry the boundary they are above. */
export function compileBucket({ groupBy, boundaries, default: fallback, output = { count: { $sum: 1 } } }: Document): {
  group: Group;
  rows: (document: Document, variables: Variables) => Document;
} {
  if (groupBy === undefined || boundaries === undefined)
    throw new ServerError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
  const edges = boundaries as unknown[];
  if (!Array.isArray(edges) || edges.length < 2) throw new ServerError(40192, "The $bucket 'boundaries' field must have at least 2 values");
  for (const [i, edge] of edges.entries()) {
    if (i === 0) continue;
    if (typeRank(edge) !== typeRank(edges[0]))
      throw new ServerError(40193, "All values in the the 'boundaries' option to $bucket must have the same type.");
    if (compareValues(edges[i - 1], edge) >= 0) throw new ServerError(40194, "The 'boundaries' option to $bucket must be sorted");
  }
  if (!isObject(output)) throw new ServerError(40196, "The $bucket 'output' field must be an object");
  const value = compileExpression(groupBy);
  const group = compileGroup({ _id: "$bucket", ...mapValues(output, rebase) });
  const rows = (document: Document, variables: Variables) => {
    const at = value(document, variables) ?? null;
    const upper = edges.findIndex((edge) => compareValues(at, edge) < 0);
    if (upper > 0) return { bucket: edges[upper - 1], document };
    if (fallback === undefined)
      throw new ServerError(40066, "$switch could not find a matching branch for an input, and no default was specified.");
    return { bucket: fallback as unknown, document };
  };
  return { group, rows };
}

const mapValues = (object: Document, change: (value: unknown) => unknown): Document =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));

/** "$a" inside a $bucket's output means a field of the original document. */
function rebase(value: unknown): unknown {
  if (typeof value === "string") return value.startsWith("$") && !value.startsWith("$$") ? `$document.${value.slice(1)}` : value;
  if (Array.isArray(value)) return value.map(rebase);
  return isObject(value) && !("$literal" in value) ? mapValues(value, rebase) : value;
}
