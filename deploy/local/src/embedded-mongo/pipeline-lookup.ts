import type { Document } from "bson";
import { isObject } from "./bson-types.js";
import { compileExpression } from "./expression.js";
import { splitPath } from "./field-names.js";
import { expressionValueAt } from "./paths.js";
import { collect, plainPieces, type ReadCollection, type Stage } from "./pipeline-pieces.js";
import { withValueAt } from "./pipeline-unwind.js";
import { failedToParse } from "./server-error.js";
import { valueKey } from "./values.js";

/** Each document with those of another collection that belong to it. */
export function compileLookup(specification: Document, read: ReadCollection, compile: (pipeline: unknown[]) => Stage): Stage {
  const { from, localField, foreignField, as, let: bindings = {}, pipeline = [] } = specification;
  if (typeof from !== "string" || typeof as !== "string") throw failedToParse("$lookup needs 'from' and 'as' as strings");
  if ((localField === undefined) !== (foreignField === undefined))
    throw failedToParse("$lookup needs localField and foreignField, or neither");
  if (localField !== undefined && (typeof localField !== "string" || typeof foreignField !== "string")) {
    throw failedToParse("$lookup argument 'localField' and 'foreignField' must be strings");
  }
  if (localField === undefined && specification["pipeline"] === undefined)
    throw failedToParse("$lookup requires either 'pipeline' or both fields");
  if (!Array.isArray(pipeline)) throw failedToParse("$lookup argument 'pipeline' must be an array");
  if (!isObject(bindings)) throw failedToParse("$lookup argument 'let' must be an object");
  const stage = compile(pipeline);
  const values = Object.entries(bindings).map(([key, value]) => [key, compileExpression(value)] as const);
  const asPath = splitPath(as);
  return async function* (input, context) {
    const foreign = await collect(plainPieces(read(from), context));
    const index = typeof foreignField === "string" ? indexBy(foreign, foreignField) : undefined;
    for await (const piece of input) {
      const rows: Document[] = [];
      for (const document of piece) {
        const local = index && keysAt(document, String(localField));
        const candidates = index && local ? [...new Set(local.flatMap((key) => index.get(key) ?? []))] : foreign;
        const bound = Object.fromEntries(values.map(([key, expression]) => [key, expression(document, context.variables)]));
        const inner = { ...context, variables: { ...context.variables, ...bound } };
        rows.push(withValueAt(document, asPath, await collect(stage(context.operation.pieces(candidates), inner))));
      }
      yield rows;
    }
  };
}

/** Each value of the field, each element of an array, and null for a missing field. */
function keysAt(document: Document, path: string): string[] {
  const value = expressionValueAt(document, splitPath(path));
  return Array.isArray(value) ? [valueKey(value), ...value.map(valueKey)] : [valueKey(value)];
}

function indexBy(documents: readonly Document[], path: string): Map<string, Document[]> {
  const index = new Map<string, Document[]>();
  for (const document of documents) {
    for (const key of new Set(keysAt(document, path))) {
      const rows = index.get(key);
      if (rows) rows.push(document);
      else index.set(key, [document]);
    }
  }
  return index;
}
