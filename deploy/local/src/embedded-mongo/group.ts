import type { Document } from "bson";
import { compileExpression } from "./expression.js";
import type { Expression, Variables } from "./expression-types.js";
import { average, extreme } from "./expression-arrays.js";
import { plus } from "./expression-scalars.js";
import { isNumeric, toNumber, type Numeric } from "./numbers.js";
import { badValue, ServerError, unsupported } from "./server-error.js";
import { compareBy } from "./sort.js";
import { isObject, valueKey } from "./values.js";

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
    let total: Numeric = 0;
    const add = (document: Document, variables: Variables) => {
      const value = expression(document, variables);
      if (isNumeric(value)) total = plus("add", total, value);
    };
    return { add, result: () => total };
  };
}

function ranking(operator: string, operand: unknown): () => Accumulator {
  if (!isObject(operand) || !isObject(operand["sortBy"])) throw badValue(`${operator} needs sortBy and output`);
  const { sortBy, output, n = 1 } = operand;
  const compare = compareBy(sortBy);
  const expression = compileExpression(output);
  const count = toNumber(n as Numeric);
  const fromTop = operator.startsWith("$top");
  return () => {
    const rows: { document: Document; value: unknown }[] = [];
    const result = () => {
      rows.sort((a, b) => compare(a.document, b.document));
      const values = (fromTop ? rows.slice(0, count) : rows.slice(-count)).map(({ value }) => value ?? null);
      return operator.endsWith("N") ? values : values[0];
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
      return collect(operand, average);
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
      return collect(operand, (values) => {
        const objects = values.filter((value) => value !== null && value !== undefined);
        if (!objects.every(isObject)) throw new ServerError(14, "$mergeObjects requires object inputs");
        return Object.assign({}, ...objects) as Document;
      });
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
      throw unsupported(`the group operator '${operator}'`);
  }
}

/** $group: one document per distinct `_id`, groups in order of first appearance. */
export function compileGroup(specification: unknown): (documents: readonly Document[], variables: Variables) => Document[] {
  if (!isObject(specification) || !("_id" in specification)) throw new ServerError(15955, "a group specification must include an _id");
  const { _id, ...fields } = specification;
  const id = compileExpression(_id);
  const makers = Object.entries(fields).map(([field, value]) => {
    const operators = isObject(value) ? Object.entries(value) : [];
    const [operator, operand] = operators[0] ?? [];
    if (operator === undefined || operators.length !== 1) throw badValue(`The field '${field}' must specify one accumulator`);
    if (field.includes(".")) throw badValue(`The field name '${field}' cannot contain '.'`);
    return [field, accumulator(operator, operand)] as const;
  });
  return (documents, variables) => group(documents, variables, id, makers);
}

function group(
  documents: readonly Document[],
  variables: Variables,
  id: Expression,
  makers: readonly (readonly [string, () => Accumulator])[],
): Document[] {
  const groups = new Map<string, { key: unknown; accumulators: Accumulator[] }>();
  for (const document of documents) {
    const key = id(document, variables) ?? null;
    const text = valueKey(key);
    let entry = groups.get(text);
    if (!entry) groups.set(text, (entry = { key, accumulators: makers.map(([, make]) => make()) }));
    for (const item of entry.accumulators) item.add(document, variables);
  }
  return [...groups.values()].map(({ key, accumulators }) => ({
    _id: key,
    ...Object.fromEntries(makers.map(([field], i) => [field, accumulators[i]?.result()])),
  }));
}
