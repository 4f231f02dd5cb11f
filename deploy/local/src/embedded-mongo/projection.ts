import type { Document } from "bson";
import { compileExpression } from "./expression.js";
import { isTruthy, type Variables } from "./expression-types.js";
import { needsTypes } from "./filter-operators.js";
import { compileElement } from "./filter.js";
import { isNumeric, toNumber } from "./numbers.js";
import { splitPath, toKey, toName } from "./field-names.js";
import { ServerError, unsupported } from "./server-error.js";
import { isObject } from "./bson-types.js";

export type Transform = (document: Document, variables?: Variables) => Document;

/** A node is true (take the field as it is), a function (compute it) or a tree of nodes below the field. */
type Node = true | ((document: Document, variables: Variables) => unknown) | Tree;
interface Tree {
  [field: string]: Node;
}

const isFlag = (value: unknown): value is boolean | number => typeof value === "boolean" || isNumeric(value);

/**
 * A projection of find or $project as a function: fields taken (in stored order) plus computed ones, or all fields but some.
 * @throws ServerError when both kinds are mixed or a path is given twice.
 */
export function compileProjection(projection: Document, { find = false } = {}): Transform {
  const entries = flatten(projection);
  const others = entries.filter(([path]) => path !== "_id");
  const firstMode = others.map(([, value]) => !isFlag(value) || isTruthy(value))[0] ?? true;
  const modes = new Set(others.flatMap(([, value]) => (isFlag(value) ? [isTruthy(value)] : find && isSlice(value) ? [] : [true])));
  if (modes.size > 1)
    throw new ServerError(modes.has(true) && firstMode ? 31254 : 31253, "Cannot mix inclusion and exclusion in one projection");
  const id: unknown = projection["_id"];
  const including = modes.has(true) || (modes.size === 0 && others.length === 0 && id !== undefined && !(isFlag(id) && !isTruthy(id)));
  if (!including && id !== undefined && (!isFlag(id) || isTruthy(id)))
    throw new ServerError(31253, "Cannot do inclusion on field _id in exclusion projection");
  const tree: Tree = {};
  for (const [path, value] of entries) insert(tree, path, compileNode(path, value, find));
  if (!including) return (document, variables = {}) => exclude(document, tree, document, variables) as Document;
  if (id === undefined) tree["_id"] = true;
  else if (isFlag(id) && !isTruthy(id)) delete tree["_id"];
  return (document, variables = {}) => {
    const root = { ...variables, ROOT: document, CURRENT: document };
    return compute(include(document, tree) as Document, tree, document, root);
  };
}

/** {a: {b: 1}} is another way to write {"a.b": 1}. */
function flatten(projection: Document, prefix = ""): [string, unknown][] {
  return Object.entries(projection).flatMap(([key, value]): [string, unknown][] => {
    const parts = splitPath(key);
    if (parts.includes("$")) throw unsupported("positional projections");
    if (parts.includes("")) throw new ServerError(40353, `a field name must not be empty: '${toName(key)}'`);
    if (parts.some((part) => part.startsWith("$"))) throw new ServerError(16410, "FieldPath field names may not start with '$'.");
    if (!isObject(value)) return [[prefix + key, value]];
    if (Object.keys(value).length === 0)
      throw new ServerError(51270, "An empty sub-projection is not a valid value. Found empty object at path");
    return Object.keys(value)[0]?.startsWith("$") ? [[prefix + key, value]] : flatten(value, `${prefix}${key}.`);
  });
}

/** In find, unlike $elemMatch and expressions, a $slice does not make the projection name what it takes. */
const isSlice = (value: unknown): boolean => isObject(value) && "$slice" in value;

function compileNode(path: string, value: unknown, find: boolean): Node {
  if (isFlag(value)) return true;
  if (find && isObject(value) && ("$elemMatch" in value || "$slice" in value) && path.includes(".")) {
    throw unsupported("$slice and $elemMatch projections of nested fields");
  }
  if (find && isObject(value) && "$elemMatch" in value) {
    if (needsTypes(value)) throw unsupported("$type of int, long or double in a projection");
    const matches = compileElement(value["$elemMatch"] as Document);
    return (document) => {
      const items: unknown = document[path];
      const hit = Array.isArray(items) ? (items as unknown[]).find(matches) : undefined;
      return hit === undefined ? undefined : [hit];
    };
  }
  if (find && isObject(value) && "$slice" in value && !(Array.isArray(value["$slice"]) && value["$slice"].length > 2)) {
    const [a = 0, b] = ([value["$slice"]] as unknown[]).flat().map((item) => toNumber(item as number));
    return (document) => {
      const items = document[path] as unknown;
      return Array.isArray(items) ? slice(items, a, b) : items;
    };
  }
  const expression = compileExpression(value);
  return (document, variables) => expression(document, variables);
}

function slice(items: unknown[], first: number, count: number | undefined): unknown[] {
  if (count === undefined) return first < 0 ? items.slice(first) : items.slice(0, first);
  const start = first < 0 ? Math.max(0, items.length + first) : first;
  return items.slice(start, start + count);
}

function insert(tree: Tree, path: string, node: Node): void {
  const parts = splitPath(path);
  const last = parts.pop() ?? "";
  let at = tree;
  for (const part of parts) {
    const next = (at[part] ??= {});
    if (next === true || typeof next === "function") throw new ServerError(31250, `Path collision at ${path}`);
    at = next;
  }
  if (last in at) throw new ServerError(31249, `Path collision at ${path}`);
  at[last] = node;
}

function include(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value)) return value.map((item) => include(item, tree)).filter((item) => item !== undefined);
  if (!isObject(value)) return undefined;
  const result: Document = {};
  for (const [key, item] of Object.entries<unknown>(value)) {
    const node = Object.hasOwn(tree, key) ? tree[key] : undefined;
    if (node === true) result[key] = item;
    else if (node && typeof node === "object") {
      const inner = include(item, node);
      if (inner !== undefined) result[key] = inner;
    }
  }
  return result;
}

function exclude(value: unknown, tree: Tree, root: Document, variables: Variables): unknown {
  if (Array.isArray(value)) return value.map((item) => exclude(item, tree, root, variables));
  if (!isObject(value)) return value;
  const result: Document = {};
  for (const [key, item] of Object.entries<unknown>(value)) {
    const node = Object.hasOwn(tree, key) ? tree[key] : undefined;
    if (node === undefined) result[key] = item;
    else if (typeof node === "function") {
      const computed = node(root, variables);
      if (computed !== undefined) result[key] = computed;
    } else if (node !== true) result[key] = exclude(item, node, root, variables);
  }
  return result;
}

function compute(target: Document, tree: Tree, root: Document, variables: Variables): Document {
  for (const [key, node] of Object.entries(tree)) {
    if (typeof node === "function") {
      const value = node(root, variables);
      if (value === undefined) delete target[key];
      else target[key] = value;
    } else if (node !== true && computes(node)) {
      const below: unknown = target[key];
      if (Array.isArray(below)) target[key] = below.map((item) => compute(isObject(item) ? { ...item } : {}, node, root, variables));
      else target[key] = compute(isObject(below) ? { ...below } : {}, node, root, variables);
    }
  }
  return target;
}

const computes = (tree: Tree): boolean =>
  Object.values(tree).some((node) => typeof node === "function" || (node !== true && computes(node)));

/** $addFields and $set: computed fields over the document as it is. */
export function compileAddFields(specification: Document): Transform {
  const tree: Tree = {};
  for (const [path, value] of flattenNested(specification)) {
    const expression = compileExpression(value);
    insert(tree, path, (document, variables) => expression(document, variables));
  }
  return (document, variables = {}) => compute({ ...document }, tree, document, { ...variables, ROOT: document, CURRENT: document });
}

const flattenNested = (specification: Document, prefix = ""): [string, unknown][] =>
  Object.entries(specification).flatMap(([key, value]): [string, unknown][] =>
    isObject(value) && Object.keys(value).length > 0 && !Object.keys(value)[0]?.startsWith("$")
      ? flattenNested(value, `${prefix}${key}.`)
      : [[prefix + key, value]],
  );

export function compileUnset(specification: unknown): Transform {
  if (!Array.isArray(specification) && typeof specification !== "string") {
    throw new ServerError(31002, "$unset specification must be a string or an array");
  }
  const paths: unknown[] = [specification].flat();
  if (paths.length === 0) throw new ServerError(31119, "$unset specification must be a string or an array with at least one field");
  if (!paths.every((path) => typeof path === "string"))
    throw new ServerError(31120, "$unset specification must be a string or an array of strings");
  return compileProjection(Object.fromEntries(paths.map((path) => [toKey(path), 0])));
}
