import type { Document } from "bson";
import { needsTypes } from "./filter-operators.js";
import { compileFilter, type Predicate } from "./filter.js";
import { isObject } from "./bson-types.js";
import { isTruthy } from "./expression-types.js";
import { joinPath } from "./field-names.js";
import { checkIndexOptions, parseIndexKey } from "./index-options.js";
import { anyValueAt, own } from "./paths.js";
import { ServerError, unsupported } from "./server-error.js";
import { sortValue, type SortKey } from "./sort.js";
import type { StoredDocument } from "./stored-document.js";
import { compareValues, valueKey } from "./values.js";

/** Values of the leading index fields that a query pins, and the range of the field that follows them. Bounds are inclusive. */
export type Span = { prefix: unknown[]; min?: unknown; max?: unknown };

/** What an index needs of its collection. */
export type Indexed = {
  entries: () => Iterable<StoredDocument>;
  duplicate: (index: OrderedIndex, keyValue: Document) => ServerError;
};

type Row = { values: unknown[]; entry: StoredDocument; live: boolean };

/** One index of a collection: it enforces uniqueness at once and sorts itself when a query first wants its order. */
export class OrderedIndex {
  readonly name: string;
  readonly fields: readonly SortKey[];
  readonly #accepts: Predicate;
  readonly #owners: Map<string, StoredDocument> | undefined;
  readonly #arrays = new Set<StoredDocument>();
  readonly #needed: ReadonlySet<string> | undefined;
  #isFilled = false;
  #rows: Row[] | undefined;
  #rowOf = new Map<StoredDocument, Row>();
  #pending: Row[] = [];
  #dead = 0;

  /** @throws ServerError for index types and options that are not done here. */
  constructor(
    readonly spec: Document,
    private readonly collection: Indexed,
  ) {
    const key: unknown = spec["key"];
    if (!isObject(key) || Object.keys(key).length === 0) throw new ServerError(67, "Index keys cannot be empty.");
    checkIndexOptions(spec, key);
    this.name = String(spec["name"]);
    this.fields = parseIndexKey(key);
    if (needsTypes(spec["partialFilterExpression"])) throw unsupported("$type of int, long or double in a partial index");
    const partial = compileFilter((spec["partialFilterExpression"] as Document | undefined) ?? {});
    const present = (document: Document) => this.fields.some(({ path }) => anyValueAt(document, path, (value) => value !== undefined));
    this.#accepts = isTruthy(spec["sparse"]) ? (document) => present(document) && partial(document) : partial;
    this.#owners = isTruthy(spec["unique"]) ? new Map() : undefined;
    this.#needed = spec["partialFilterExpression"] === undefined ? new Set(this.fields.map(({ path }) => path[0] ?? "")) : undefined;
  }

  /** Whether a query may read this index instead of the collection: it must hold every document, each at one place. */
  get isComplete(): boolean {
    if (this.isPartial) return false;
    this.#fill();
    return this.#arrays.size === 0;
  }

  get isPartial(): boolean {
    return isTruthy(this.spec["sparse"]) || this.spec["partialFilterExpression"] !== undefined;
  }

  /**
   * The values that another document holds already; undefined when the document may be stored.
   * @throws ServerError CannotIndexParallelArrays (171), also for an index that is not unique.
   */
  conflict(plain: Document, current?: StoredDocument): Document | undefined {
    if (!this.#accepts(plain)) return undefined;
    this.#checkParallel(plain);
    if (!this.#owners) return undefined;
    this.#fill();
    const taken = this.#keys(plain).some((key) => {
      const owner = this.#owners?.get(key);
      return owner !== undefined && owner !== current;
    });
    if (!taken) return undefined;
    return Object.fromEntries(this.fields.map((field) => [field.name, sortValue(plain, field)]));
  }

  /** Before it is first needed an index holds nothing: it is then filled with what is there. */
  add(entry: StoredDocument): void {
    if (this.#isFilled) this.#add(entry, entry.plain);
  }

  /** @throws ServerError when the documents that are there cannot be indexed so. */
  checkAll(): void {
    this.#isFilled = true;
    for (const entry of this.collection.entries()) {
      const plain = this.#read(entry);
      const keyValue = this.conflict(plain);
      if (keyValue) throw this.collection.duplicate(this, keyValue);
      this.#add(entry, plain);
    }
  }

  #fill(): void {
    if (this.#isFilled) return;
    this.#isFilled = true;
    for (const entry of this.collection.entries()) this.#add(entry, this.#read(entry));
  }

  #add(entry: StoredDocument, plain: Document): void {
    if (!this.#accepts(plain)) return;
    if (this.#owners) for (const key of this.#keys(plain)) this.#owners.set(key, entry);
    if (this.fields.some(({ path }) => meetsArray(plain, path))) this.#arrays.add(entry);
    if (this.#rows) this.#queue(entry, plain);
  }

  #read(entry: StoredDocument): Document {
    return this.#needed ? entry.fields(this.#needed) : entry.plain;
  }

  remove(entry: StoredDocument): void {
    if (!this.#isFilled) return;
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
  settle(): void {
    this.#fill();
    if (!this.#rows) {
      this.#rows = [];
      for (const entry of this.collection.entries()) this.#queue(entry, this.#read(entry));
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

  #queue(entry: StoredDocument, plain: Document): void {
    const row = { entry, live: true, values: this.fields.map((field) => sortValue(plain, field)) };
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

  #checkParallel(plain: Document): void {
    if (this.fields.length < 2) return;
    const arrays = new Set(this.fields.flatMap(({ path }) => arrayOn(plain, path) ?? []));
    if (arrays.size > 1) throw new ServerError(171, `cannot index parallel arrays [${[...arrays].join("] [")}] in index ${this.name}`);
  }

  /** One key, or one for each element of an array. */
  #keys(plain: Document): string[] {
    let keys = [""];
    for (const { path } of this.fields) {
      const values = new Map<string, unknown>();
      anyValueAt(plain, path, (value) => {
        for (const item of Array.isArray(value) && value.length > 0 ? (value as unknown[]) : [value ?? null])
          values.set(valueKey(item), item);
        return false;
      });
      const texts = values.size === 0 ? ["z"] : [...values.keys()];
      keys = keys.flatMap((key) => texts.map((text) => `${key}|${text}`));
    }
    return keys;
  }
}

const meetsArray = (value: unknown, path: readonly string[]): boolean => arrayOn(value, path) !== undefined;

/** The part of a path at which it meets an array: fields of one array of objects are not parallel. */
function arrayOn(value: unknown, path: readonly string[]): string | undefined {
  let at = value;
  for (const [depth, part] of path.entries()) {
    if (Array.isArray(at)) return joinPath(path.slice(0, depth));
    if (!isObject(at)) return undefined;
    at = own(at, part);
  }
  return Array.isArray(at) ? joinPath(path) : undefined;
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
