import type { Document } from "bson";
import { isObject } from "./bson-types.js";
import { compileExpression } from "./expression.js";
import { objectOf } from "./pipeline-values.js";
import { compileAddFields, compileProjection, compileUnset, type Transform } from "./projection.js";
import { ServerError } from "./server-error.js";

/** The stages that make one document of each, which updates may use too; undefined for other stages. */
export function compileMapping(name: string, value: unknown): Transform | undefined {
  switch (name) {
    case "$project":
      return compileProjection(objectOf(name, value));
    case "$addFields":
    case "$set":
      return compileAddFields(objectOf(name, value));
    case "$unset":
      return compileUnset(value);
    case "$replaceRoot": {
      const { newRoot } = objectOf(name, value, ["newRoot"]);
      return replaceRoot(newRoot);
    }
    case "$replaceWith":
      return replaceRoot(value);
    default:
      return undefined;
  }
}

function replaceRoot(source: unknown): Transform {
  const expression = compileExpression(source);
  return (document, variables = {}): Document => {
    const root = expression(document, variables);
    if (!isObject(root)) throw new ServerError(40228, "'newRoot' expression must evaluate to an object");
    return root;
  };
}
