import type { Document } from "bson";
import { compileEquality, compileLeaf } from "./filter-operators.js";
import { compileExpression } from "./expression.js";
import { joinPath, splitPath, toName } from "./field-names.js";
import { isTruthy, type Variables } from "./expression-types.js";
import { isRegex } from "./regex.js";
import { badValue, unsupported } from "./server-error.js";
import { isObject } from "./bson-types.js";

export type Predicate = (document: Document) => boolean;

/**
 * A query filter as a function.
 * @throws ServerError for an operator that is unknown or not supported: nothing is ever ignored.
 */
export function compileFilter(filter: Document, variables: Variables = {}): Predicate {
  const predicates = Object.entries(filter).map(([key, condition]) => compileClause(key, condition, variables));
  if (predicates.length === 1 && predicates[0]) return predicates[0];
  return (document) => predicates.every((predicate) => predicate(document));
}

function compileClause(key: string, condition: unknown, variables: Variables): Predicate {
  if (!key.startsWith("$")) return compileField(key, condition, variables);
  switch (key) {
    case "$and": {
      const branches = compileBranches(key, condition, variables);
      return (document) => branches.every((branch) => branch(document));
    }
    case "$or": {
      const branches = compileBranches(key, condition, variables);
      return (document) => branches.some((branch) => branch(document));
    }
    case "$nor": {
      const branches = compileBranches(key, condition, variables);
      return (document) => !branches.some((branch) => branch(document));
    }
    case "$expr": {
      const expression = compileExpression(condition);
      return (document) => isTruthy(expression(document, { ...variables, ROOT: document, CURRENT: document }));
    }
    case "$comment":
      return () => true;
    case "$where":
    case "$text":
    case "$jsonSchema":
    case "$alwaysTrue":
    case "$alwaysFalse":
      throw unsupported(key);
    default:
      throw badValue(
        `unknown top level operator: ${toName(key)}. If you have a field name that starts with a '$' symbol, consider using $getField.`,
      );
  }
}

function compileBranches(key: string, condition: unknown, variables: Variables): Predicate[] {
  if (!Array.isArray(condition) || condition.length === 0) throw badValue(`${key} argument must be a non-empty array`);
  return condition.map((branch: unknown) => {
    if (!isObject(branch)) throw badValue(`${key} argument's entries must be objects`);
    return compileFilter(branch, variables);
  });
}

function compileField(path: string, condition: unknown, variables: Variables, entersArrays = true): Predicate {
  const parts = splitPath(path);
  if (!isOperatorObject(condition)) return compileEquality(parts, condition);
  const context = { siblings: condition, variables, entersArrays };
  const predicates = Object.entries(condition).map(([operator, operand]) => compileOperator(parts, operator, operand, context));
  return (document) => predicates.every((predicate) => predicate(document));
}

type OperatorContext = { siblings: Document; variables: Variables; entersArrays: boolean };

function compileOperator(parts: string[], operator: string, operand: unknown, context: OperatorContext): Predicate {
  const { siblings, variables, entersArrays } = context;
  if (operator === "$not") {
    if (!isOperatorObject(operand)) {
      if (!isRegex(operand)) throw badValue("$not needs a regex or a document");
      const regex = compileLeaf(parts, "$regex", operand, {}, entersArrays);
      return (document) => !regex(document);
    }
    const inner = compileField(joinPath(parts), operand, variables, entersArrays);
    return (document) => !inner(document);
  }
  if (operator === "$elemMatch") {
    if (!isObject(operand)) throw badValue("$elemMatch needs an Object");
    return compileLeaf(parts, operator, compileElement(operand, variables), {});
  }
  if (operator === "$all") return compileAll(parts, operand, variables);
  return compileLeaf(parts, operator, operand, siblings, entersArrays);
}

/** The two forms of $elemMatch: operators on the element itself, or a filter on an object in the array. */
export function compileElement(operand: Document, variables: Variables = {}): (element: unknown) => boolean {
  const onValue = isOperatorObject(operand) && !Object.keys(operand).some((key) => ["$and", "$or", "$nor", "$expr"].includes(key));
  if (onValue) {
    const predicate = compileField("element", operand, variables, false); // an array inside the array is taken as it is
    return (element) => predicate({ element });
  }
  const predicate = compileFilter(operand, variables);
  return (element) => (isObject(element) || Array.isArray(element)) && predicate(element as Document);
}

function compileAll(parts: string[], operand: unknown, variables: Variables): Predicate {
  if (!Array.isArray(operand)) throw badValue("$all needs an array");
  const predicates = operand.map((item: unknown) =>
    isOperatorObject(item) ? compileField(joinPath(parts), item, variables) : compileEquality(parts, item),
  );
  return (document) => predicates.length > 0 && predicates.every((predicate) => predicate(document));
}

/** {$gt: 1} is a condition, {a: 1} and {} are values. */
export const isOperatorObject = (value: unknown): value is Document => isObject(value) && (Object.keys(value)[0]?.startsWith("$") ?? false);
