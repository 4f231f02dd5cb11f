import type { Document } from "bson";
import { arrayOperators } from "./expression-arrays.js";
import { dateOperators } from "./expression-dates.js";
import { scalarOperators } from "./expression-scalars.js";
import { textOperators } from "./expression-texts.js";
import { isTruthy, type Expression, type Operator } from "./expression-types.js";
import { checkArity } from "./expression-arity.js";
import { splitPath, toKey, toName } from "./field-names.js";
import { expressionValueAt } from "./paths.js";
import { ServerError } from "./server-error.js";
import { isObject } from "./bson-types.js";
import { compareValues } from "./values.js";

type Special = (operand: unknown, compile: (part: unknown) => Expression) => Expression;

const operators: Record<string, Operator> = { ...scalarOperators, ...arrayOperators, ...textOperators, ...dateOperators };

/**
 * An aggregation expression as a function.
 * @throws ServerError 168 for an operator that is unknown or not supported.
 */
export function compileExpression(source: unknown): Expression {
  if (typeof source === "string" && source.startsWith("$$")) return compileVariable(source);
  if (typeof source === "string" && source.startsWith("$")) {
    const path = splitPath(source.slice(1));
    if (path.some((part) => part === "")) throw new ServerError(15998, "FieldPath field names may not be empty strings.");
    if (path.some((part) => part.startsWith("$"))) throw new ServerError(16410, "FieldPath field names may not start with '$'.");
    return (document) => expressionValueAt(document, path);
  }
  if (Array.isArray(source)) {
    const items = source.map(compileExpression);
    return (document, variables) => items.map((item) => item(document, variables) ?? null);
  }
  if (!isObject(source)) return () => source;
  const [key] = Object.keys(source);
  return key?.startsWith("$") ? compileOperator(key, source) : compileObject(source);
}

function compileVariable(source: string): Expression {
  const [key = "", ...path] = splitPath(source.slice(2));
  const name = toName(key);
  if (name === "REMOVE") return () => undefined;
  if (name === "NOW") {
    const now = new Date();
    return () => now;
  }
  if (name === "ROOT" || name === "CURRENT") {
    return (document, variables) => expressionValueAt(name in variables ? variables[name] : document, path);
  }
  return (_document, variables) => {
    if (!Object.hasOwn(variables, key)) throw new ServerError(17276, `Use of undefined variable: ${name}`);
    return expressionValueAt(variables[key], path);
  };
}

function compileObject(source: Document): Expression {
  const fields = Object.entries(source).map(([key, part]) => {
    if (key.startsWith("$")) throw new ServerError(16410, `FieldPath field names may not start with '$': ${key}`);
    if (key.includes(".")) throw new ServerError(16412, `FieldPath field names may not contain '.': ${toName(key)}`);
    return [key, compileExpression(part)] as const;
  });
  return (document, variables) => {
    const result: Document = {};
    for (const [key, expression] of fields) {
      const value = expression(document, variables);
      if (value !== undefined) result[key] = value;
    }
    return result;
  };
}

function compileOperator(name: string, source: Document): Expression {
  if (Object.keys(source).length !== 1) {
    throw new ServerError(
      15983,
      `an object representing an expression must have exactly one field: ${Object.keys(source).map(toName).join(", ")}`,
    );
  }
  const operand: unknown = source[name];
  const special = specials[name];
  if (special) return special(operand, compileExpression);
  const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (!operator) throw new ServerError(168, `Unrecognized expression '${name}', or one that flow-rag embedded MongoDB does not support`);
  // An object given to an operator is a set of named arguments: the operator takes it as its only value.
  const operands: unknown[] = Array.isArray(operand) ? operand : [operand];
  checkArity(name, operands.length);
  const values = operands.map(compileExpression);
  return (document, variables) => operator(values.map((value) => value(document, variables)));
}

const named = (operand: unknown, operator: string, keys: readonly string[]): Document => {
  if (!isObject(operand)) throw new ServerError(9, `${operator} needs an object`);
  const odd = Object.keys(operand).find((key) => !keys.includes(key));
  if (odd !== undefined) throw new ServerError(9, `${operator} found an unknown argument: ${toName(odd)}`);
  return operand;
};

const pair = (operand: unknown, operator: string): [unknown, unknown] => {
  if (!Array.isArray(operand) || operand.length !== 2) throw new ServerError(16020, `Expression ${operator} takes exactly 2 arguments`);
  return operand as [unknown, unknown];
};

const comparison =
  (operator: string, holds: (order: number) => unknown): Special =>
  (operand, compile) => {
    const [left, right] = pair(operand, operator).map(compile);
    return (document, variables) => holds(compareMissing(left?.(document, variables), right?.(document, variables)));
  };

/** In expressions, unlike in filters, missing is less than null. */
const compareMissing = (a: unknown, b: unknown): number =>
  a === undefined || b === undefined ? Number(b === undefined) - Number(a === undefined) : compareValues(a, b);

function checkVariableName(name: string): void {
  if (!/^[a-z\u0080-\uffff][\w\u0080-\uffff]*$/.test(name))
    throw new ServerError(16867, `'${name}' does not start with a letter, or is no variable name`);
}

function variableKey(name: unknown): string {
  if (typeof name !== "string") throw new ServerError(16867, "the name of a variable must be a string");
  checkVariableName(name);
  return toKey(name);
}

const asArray = (value: unknown, operator: string): unknown[] => {
  if (!Array.isArray(value)) throw new ServerError(9, `input to ${operator} must be an array`);
  return value;
};

const specials: Record<string, Special> = {
  $literal: (operand) => () => operand,
  $eq: comparison("$eq", (order) => order === 0),
  $ne: comparison("$ne", (order) => order !== 0),
  $gt: comparison("$gt", (order) => order > 0),
  $gte: comparison("$gte", (order) => order >= 0),
  $lt: comparison("$lt", (order) => order < 0),
  $lte: comparison("$lte", (order) => order <= 0),
  $cmp: comparison("$cmp", Math.sign),
  $and: (operand, compile) => {
    const parts = (Array.isArray(operand) ? operand : [operand]).map(compile);
    return (document, variables) => parts.every((part) => isTruthy(part(document, variables)));
  },
  $or: (operand, compile) => {
    const parts = (Array.isArray(operand) ? operand : [operand]).map(compile);
    return (document, variables) => parts.some((part) => isTruthy(part(document, variables)));
  },
  $cond: (operand, compile) => {
    const parts = Array.isArray(operand)
      ? operand
      : ["if", "then", "else"].map((key) => named(operand, "$cond", ["if", "then", "else"])[key] as unknown);
    if (parts.length !== 3) throw new ServerError(16020, "Expression $cond takes exactly 3 arguments");
    const missing = parts.findIndex((part) => part === undefined);
    if (missing >= 0) throw new ServerError(17080 + missing, `Missing '${["if", "then", "else"][missing] ?? ""}' parameter to $cond`);
    const [condition, yes, no] = parts.map(compile);
    return (document, variables) => (isTruthy(condition?.(document, variables)) ? yes : no)?.(document, variables);
  },
  $ifNull: (operand, compile) => {
    if (!Array.isArray(operand) || operand.length < 2) throw new ServerError(9, "$ifNull needs at least two arguments");
    const parts = operand.map(compile);
    return (document, variables) => {
      let value: unknown;
      for (const part of parts) {
        value = part(document, variables);
        if (value !== undefined && value !== null) break;
      }
      return value;
    };
  },
  $switch: (operand, compile) => {
    const { branches, default: fallback } = named(operand, "$switch", ["branches", "default"]);
    const cases = asArray(branches, "$switch").map((branch) => {
      const { case: when, then } = named(branch, "$switch", ["case", "then"]);
      return [compile(when), compile(then)] as const;
    });
    const otherwise = fallback === undefined ? undefined : compile(fallback);
    return (document, variables) => {
      const hit = cases.find(([when]) => isTruthy(when(document, variables)));
      const then = hit?.[1] ?? otherwise;
      if (!then) throw new ServerError(40066, "$switch could not find a matching branch for an input, and no default was specified.");
      return then(document, variables);
    };
  },
  $let: (operand, compile) => {
    const { vars, in: body } = named(operand, "$let", ["vars", "in"]);
    const values = Object.entries(named(vars, "$let", Object.keys(vars as object))).map(([key, part]) => [key, compile(part)] as const);
    for (const name of Object.keys(vars as object)) checkVariableName(toName(name));
    const inner = compile(body);
    return (document, variables) => {
      const more = Object.fromEntries(values.map(([key, value]) => [key, value(document, variables)]));
      return inner(document, { ...variables, ...more });
    };
  },
  $map: (operand, compile) => {
    const { input, as = "this", in: body } = named(operand, "$map", ["input", "as", "in"]);
    const [list, inner, name] = [compile(input), compile(body), variableKey(as)];
    return (document, variables) => {
      const items = list(document, variables) ?? null;
      return items && asArray(items, "$map").map((item) => inner(document, { ...variables, [name]: item }) ?? null);
    };
  },
  $filter: (operand, compile) => {
    const { input, as = "this", cond } = named(operand, "$filter", ["input", "as", "cond"]);
    const [list, condition, name] = [compile(input), compile(cond), variableKey(as)];
    return (document, variables) => {
      const items = list(document, variables) ?? null;
      const keep = (item: unknown) => isTruthy(condition(document, { ...variables, [name]: item }));
      return items && asArray(items, "$filter").filter(keep);
    };
  },
  $reduce: (operand, compile) => {
    const { input, initialValue, in: body } = named(operand, "$reduce", ["input", "initialValue", "in"]);
    const [list, initial, inner] = [compile(input), compile(initialValue), compile(body)];
    return (document, variables) => {
      const items = list(document, variables) ?? null;
      const step = (value: unknown, item: unknown) => inner(document, { ...variables, value, this: item });
      return items && asArray(items, "$reduce").reduce(step, initial(document, variables));
    };
  },
};
