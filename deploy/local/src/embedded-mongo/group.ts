import type { Document } from "bson";
import { compileExpression } from "./expression.js";
import type { Expression, Variables } from "./expression-types.js";
import { extreme, mergeObjects } from "./expression-arrays.js";
import { toName } from "./field-names.js";
import { Sum } from "./sums.js";
import { isNumeric, toNumber } from "./numbers.js";
import { objectOf } from "./pipeline-values.js";
import { badValue, ServerError, unsupported } from "./server-error.js";
import { compareBy } from "./sort.js";
import { isObject } from "./bson-types.js";
import { valueKey } from "./values.js";

const onlyReal = new Set([
  ...["$accumulator", "$firstN", "$lastN", "$minN", "$maxN", "$median", "$percentile", "$covariancePop", "$covarianceSamp"],
  ...["$denseRank", "$derivative", "$documentNumber", "$expMovingAvg", "$integral", "$linearFill", "$locf", "$rank", "$shift"],
]);

/** Folds the documents of one group. */
type Accumulator = { add(document: Document, variables: Variables): void; result(): unknown };

const collect =
  (operand: unknown, finish: (values: unknown[]) => unknown): (() => Accumulator) =>
  () => {
    const expression = compileExpression(operand);
    const values: unknown[] = [];
    return { add: (document, variables) => void values.push(expression(document, variables)), result: () => finish(values) };
  };

const deviation = (values: unknown[], less: 0 | 1): number | null => {
  const numbers = values.filter(isNumeric).map(toNumber);
  if (numbers.length <= less) return null;
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  return Math.sqrt(numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (numbers.length - less));
};

/** $sum keeps a running total: counting 100,000 documents must not keep 100,000 ones. */
function summing(operand: unknown): () => Accumulator {
  const expression = compileExpression(operand);
  return () => {
    const total = new Sum();
    const add = (document: Document, variables: Variables) => total.add(expression(document, variables));
    return { add, result: () => total.result() };
  };
}

function averaging(operand: unknown): () => Accumulator {
  const expression = compileExpression(operand);
  return () => {
    const total = new Sum();
    const add = (document: Document, variables: Variables) => total.add(expression(document, variables));
    return { add, result: () => total.average() };
  };
}

function ranking(operator: string, operand: unknown): () => Accumulator {
  const isMany = operator.endsWith("N");
  const { sortBy, output, n = 1 } = objectOf(operator, operand, ["sortBy", "output", ...(isMany ? ["n"] : [])]);
  if (!isObject(sortBy) || output === undefined) throw badValue(`${operator} needs sortBy and output`);
  if (!isNumeric(n) || !Number.isInteger(toNumber(n)) || toNumber(n) < 1) throw badValue(`${operator} needs a positive whole n`);
  const compare = compareBy(sortBy);
  const expression = compileExpression(output);
  const count = toNumber(n);
  const fromTop = operator.startsWith("$top");
  return () => {
    const rows: { document: Document; value: unknown }[] = [];
    const result = () => {
      rows.sort((a, b) => compare(a.document, b.document));
      const values = (fromTop ? rows.slice(0, count) : rows.slice(-count)).map(({ value }) => value ?? null);
      return isMany ? values : values[0];
    };
    return { add: (document, variables) => void rows.push({ document, value: expression(document, variables) }), result };
  };
}

function accumulator(operator: string, operand: unknown): () => Accumulator {
  switch (operator) {
    case "$sum":
      return summing(operand);
    case "$count":
      if (!isObject(operand) || Object.keys(operand).length > 0) throw new ServerError(14, "$count takes no arguments, i.e. $count:{}");
      return summing(1);
    case "$avg":
      return averaging(operand);
    case "$min":
      return collect(operand, (values) => extreme(values, 1));
    case "$max":
      return collect(operand, (values) => extreme(values, -1));
    case "$first":
      return collect(operand, (values) => values[0] ?? null);
    case "$last":
      return collect(operand, (values) => values.at(-1) ?? null);
    case "$push":
      return collect(operand, (values) => values.filter((value) => value !== undefined));
    case "$addToSet":
      return collect(operand, (values) => {
        const present = values.filter((value) => value !== undefined);
        return [...new Map(present.map((value) => [valueKey(value), value])).values()];
      });
    case "$mergeObjects":
      return collect(operand, mergeObjects);
    case "$stdDevPop":
      return collect(operand, (values) => deviation(values, 0));
    case "$stdDevSamp":
      return collect(operand, (values) => deviation(values, 1));
    case "$top":
    case "$topN":
    case "$bottom":
    case "$bottomN":
      return ranking(operator, operand);
    default:
      if (!operator.startsWith("$")) throw new ServerError(40234, `The field must be an accumulator object, not '${toName(operator)}'`);
      if (onlyReal.has(operator)) throw unsupported(`the group operator '${operator}'`);
      throw new ServerError(15952, `unknown group operator '${operator}'`);
  }
}

/** Takes documents one by one and has the groups in the end. */
export type Group = (variables: Variables) => { add: (document: Document) => void; result: () => Document[] };

/** $group: one document per distinct `_id`, groups in order of first appearance. */
export function compileGroup(specification: unknown): Group {
  if (!isObject(specification)) throw new ServerError(15947, "a group's fields must be specified in an object");
  if (!("_id" in specification)) throw new ServerError(15955, "a group specification must include an _id");
  const { _id, ...fields } = specification;
  const id = compileExpression(_id);
  const makers = Object.entries(fields).map(([field, value]) => {
    const operators = isObject(value) ? Object.entries(value) : [];
    const [operator, operand] = operators[0] ?? [];
    if (field.includes(".")) throw new ServerError(40235, `The field name '${toName(field)}' cannot contain '.'`);
    if (field.startsWith("$")) throw new ServerError(40236, `The field name '${field}' cannot be an operator name`);
    if (operator === undefined) throw new ServerError(40234, `The field '${toName(field)}' must be an accumulator object`);
    if (operators.length !== 1) throw new ServerError(40238, `The field '${toName(field)}' must specify one accumulator`);
    return [field, accumulator(operator, operand)] as const;
  });
  return (variables) => grouping(variables, id, makers);
}

type Maker = readonly [field: string, make: () => Accumulator];

function grouping(variables: Variables, id: Expression, makers: readonly Maker[]): ReturnType<Group> {
  const groups = new Map<string, { key: unknown; accumulators: Accumulator[] }>();
  const add = (document: Document) => {
    const key = id(document, variables) ?? null;
    const text = valueKey(key);
    let entry = groups.get(text);
    if (!entry) groups.set(text, (entry = { key, accumulators: makers.map(([, make]) => make()) }));
    for (const item of entry.accumulators) item.add(document, variables);
  };
  const result = () =>
    [...groups.values()].map(({ key, accumulators }) => ({
      _id: key,
      ...Object.fromEntries(makers.map(([field], i) => [field, accumulators[i]?.result()])),
    }));
  return { add, result };
}
