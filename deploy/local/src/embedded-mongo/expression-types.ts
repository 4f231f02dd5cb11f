import type { Document } from "bson";
import { isNumeric, toNumber } from "./numbers.js";

export type Variables = Record<string, unknown>;

/** Undefined is MongoDB's "missing". */
export type Expression = (document: Document, variables: Variables) => unknown;

/** Most operators take their evaluated arguments; the others get them unevaluated and compile them themselves. */
export type Operator = (values: unknown[]) => unknown;

export const isTruthy = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== false && !(isNumeric(value) && toNumber(value) === 0);
