import type { Document } from "bson";
import { needsTypes } from "./filter-operators.js";
import { compileFilter, type Predicate } from "./filter.js";
import { anyValueAt, own } from "./paths.js";
import { badValue, ServerError, unsupported } from "./server-error.js";
import { parseSort, sortValue, type SortKey } from "./sort.js";
import { compareValues, isObject, valueKey, type StoredDocument } from "./values.js";

/** Values of the leading index fields that a query pins, and the range of the field that follows them. Bounds are inclusive. */
export type Span = { prefix: unknown[]; min?: unknown; max?: unknown };

type Row = { values: unknown[]; entry: StoredDocument; live: boolean };

const plainOptions = ["v", "key", "name", "unique", "sparse", "partialFilterExpression", "expireAfterSeconds", "background", "hidden"];

/** One index of a collection: it enforces uniqueness at once and sorts itself when a query first wants its order. */
export class OrderedIndex {
  readonly name: string;
  readonly fields: readonly SortKey[];
  readonly #accepts: Predicate;
  readonly #owners: Map<string, StoredDocument> | undefined;
  readonly #arrays = new Set<StoredDocument>();
  #rows: Row[] | undefined;
  #rowOf = new Map<StoredDocument, Row>();
  #pending: Row[] = [];
  #dead = 0;

  /** @throws ServerError for index types and options that are not done here. */
  constructor(readonly spec: Document) {
    const key: unknown = spec["key"];
    if (!isObject(key) || Object.keys(key).length === 0) throw new ServerError(67, "Index keys cannot be empty.");
    const odd = Object.values(key).find((direction) => typeof direction === "string");
    if (odd !== undefined) throw unsupported(`indexes of type "${String(odd)}"`);
    const option = Object.keys(spec).find((name) => !plainOptions.includes(name));
    if (option !== undefined) throw unsupported(`the index option "${option}"`);
    this.name = String(spec["name"]);
    this.fields = parseSort(key);
    if (needsTypes(spec["partialFilterExpression"])) throw unsupported("$type of int, long or double in a partial index");
    const partial = compileFilter((spec["partialFilterExpression"] as Document | undefined) ?? {});
    const present = (document: Document) => this.fields.some(({ path }) => anyValueAt(document, path, (value) => value !== undefined));
    this.#accepts = spec["sparse"] === true ? (document) => present(document) && partial(document) : partial;
    this.#owners = spec["unique"] === true ? new Map() : undefined;
  }

  /** Whether a query may read this index instead of the collection: it must hold every document, each at one place. */
  get isComplete(): boolean {
    return this.#arrays.size === 0 && this.spec["sparse"] !== true && this.spec["partialFilterExpression"] === undefined;
  }

  /** The values that another document holds already; undefined when the document may be stored. */
  conflict(plain: Document, current?: StoredDocument): Document | undefined {
    if (!this.#owners || !this.#accepts(plain)) return undefined;
    const taken = this.#keys(plain).some((key) => {
      const owner = this.#owners?.get(key);
      return owner !== undefined && owner !== current;
    });
    if (!taken) return undefined;
    return Object.fromEntries(this.fields.map((field) => [field.name, sortValue(plain, field)]));
  }

  add(entry: StoredDocument): void {
    if (!this.#accepts(entry.plain)) return;
    if (this.#owners) for (const key of this.#keys(entry.plain)) this.#owners.set(key, entry);
    if (this.fields.some(({ path }) => meetsArray(entry.plain, path))) this.#arrays.add(entry);
    if (this.#rows) this.#queue(entry);
  }

  remove(entry: StoredDocument): void {
    if (this.#owners && this.#accepts(entry.plain)) {
      for (const key of this.#keys(entry.plain)) if (this.#owners.get(key) === entry) this.#owners.delete(key);
    }
    this.#arrays.delete(entry);
    const row = this.#rowOf.get(entry);
    if (!row) return;
    row.live = false;
    this.#rowOf.delete(entry);
    this.#dead++;
  }

  /** Makes the order usable, from all documents of the collection the first time. */
  settle(entries: Iterable<StoredDocument>): void {
    if (!this.#rows) {
      this.#rows = [];
      for (const entry of entries) this.#queue(entry);
    }
    if (this.#dead > 1000 + this.#rows.length / 8) {
      this.#rows = this.#rows.filter((row) => row.live);
      this.#dead = 0;
    }
    const added = this.#pending.filter((row) => row.live);
    this.#pending = [];
    if (added.length > 100) {
      added.sort(this.#compare);
      this.#rows = merge(this.#rows, added, this.#compare);
    } else {
      for (const row of added) this.#rows.splice(this.#position(row.values, true), 0, row);
    }
  }

  /** Places [from, to) of the rows within the spans, after `settle`. */
  bounds({ prefix, min, max }: Span): [from: number, to: number] {
    const reversed = this.fields[prefix.length]?.direction === -1;
    const [low, high] = reversed ? [max, min] : [min, max];
    const from = this.#position(low === undefined ? prefix : [...prefix, low], false);
    return [from, this.#position(high === undefined ? prefix : [...prefix, high], true)];
  }

  *read([from, to]: [number, number], backwards: boolean): Generator<StoredDocument> {
    const rows = this.#rows ?? [];
    for (let i = 0; i < to - from; i++) {
      const row = rows[backwards ? to - 1 - i : from + i];
      if (row?.live) yield row.entry;
    }
  }

  #queue(entry: StoredDocument): void {
    const row = { entry, live: true, values: this.fields.map((field) => sortValue(entry.plain, field)) };
    this.#rowOf.set(entry, row);
    this.#pending.push(row);
  }

  /** First place whose row is not before (`after`: not before or equal to) the given leading values. */
  #position(values: readonly unknown[], after: boolean): number {
    let [low, high] = [0, this.#rows?.length ?? 0];
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = this.#compareValues(this.#rows?.[middle]?.values ?? [], values);
      if (order < 0 || (after && order === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #compareValues(row: readonly unknown[], values: readonly unknown[]): number {
    for (let i = 0; i < values.length; i++) {
      const order = compareValues(row[i], values[i]);
      if (order !== 0) return order * (this.fields[i]?.direction ?? 1);
    }
    return 0;
  }

  readonly #compare = (a: Row, b: Row): number => this.#compareValues(a.values, b.values);

  /** One key, or one for each element of an array. */
  #keys(plain: Document): string[] {
    let keys = [""];
    let arrays = 0;
    for (const { path } of this.fields) {
      const values = new Map<string, unknown>();
      anyValueAt(plain, path, (value) => {
        for (const item of Array.isArray(value) && value.length > 0 ? (value as unknown[]) : [value ?? null])
          values.set(valueKey(item), item);
        return false;
      });
      if (meetsArray(plain, path)) arrays++;
      if (arrays > 1) throw new ServerError(171, `cannot index parallel arrays in index ${this.name}`);
      const texts = values.size === 0 ? ["z"] : [...values.keys()];
      keys = keys.flatMap((key) => texts.map((text) => `${key}|${text}`));
    }
    return keys;
  }
}

function meetsArray(value: unknown, path: readonly string[]): boolean {
  let at = value;
  for (const part of path) {
    if (Array.isArray(at)) return true;
    if (!isObject(at)) return false;
    at = own(at, part);
  }
  return Array.isArray(at);
}

function merge<T>(left: readonly T[], right: readonly T[], compare: (a: T, b: T) => number): T[] {
  if (left.length === 0) return [...right];
  const out: T[] = [];
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) out.push(compare(left[i] as T, right[j] as T) <= 0 ? (left[i++] as T) : (right[j++] as T));
  while (i < left.length) out.push(left[i++] as T);
  while (j < right.length) out.push(right[j++] as T);
  return out;
}

/** {a: 1, b: -1} is called a_1_b_-1 unless it has a name. */
export function indexName(key: unknown): string {
  if (!isObject(key)) throw badValue("index key must be an object");
  return Object.entries(key)
    .map(([field, direction]) => `${field}_${String(direction)}`)
    .join("_");
}
