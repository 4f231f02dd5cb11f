import type { Document } from "bson";
import type { Collection } from "./collection.js";
import { compileFilter, type Predicate } from "./filter.js";
import { needsTypes } from "./filter-operators.js";
import type { Operation } from "./operation.js";
import { choosePlan, type Hint } from "./query-plan.js";
import { usesRegex } from "./regex.js";
import { ServerError } from "./server-error.js";
import { sortByKeys, sortValue, type SortKey } from "./sort.js";
import type { StoredDocument } from "./stored-document.js";
import { decodeTyped } from "./values.js";

export type FindOptions = {
  filter: Document;
  sort?: readonly SortKey[];
  skip?: number;
  limit?: number | undefined;
  variables?: Document;
  hint?: Hint | undefined;
};

/** The documents that match, in order. Reads an index where that saves looking at all documents or sorting. */
export async function findDocuments(operation: Operation, collection: Collection, options: FindOptions): Promise<StoredDocument[]> {
  const { filter, sort = [], skip = 0, limit, variables = {}, hint } = options;
  const matching = compileMatcher(operation, filter, variables);
  const end = limit === undefined ? Infinity : skip + limit;
  const plan = choosePlan(collection, { filter, sort, limited: limit !== undefined, hint });
  const found: StoredDocument[] = [];
  for await (const piece of operation.pieces(plan.entries)) {
    found.push(...matching(piece));
    if (plan.sorted && found.length >= end) break;
  }
  const ordered = plan.sorted ? found : await sorted(operation, found, sort);
  return skip === 0 && ordered.length <= end ? ordered : ordered.slice(skip, end);
}

type Matching = (piece: readonly StoredDocument[]) => readonly StoredDocument[];

function compileMatcher(operation: Operation, filter: Document, variables: Document): Matching {
  if (Object.keys(filter).length === 0) return (piece) => piece;
  const predicate: Predicate = compileFilter(filter, variables);
  const content = needsTypes(filter) ? (entry: StoredDocument) => decodeTyped(entry.raw) : (entry: StoredDocument) => entry.plain;
  if (!usesRegex(filter)) return (piece) => piece.filter((entry) => predicate(content(entry)));
  return (piece) => {
    const documents = piece.map(content); // read and decoded outside: what is bounded must be free to end anywhere
    const hits = boundedEach(operation, documents, predicate);
    return piece.filter((_, i) => hits[i]);
  };
}

/** All at once; where that takes too long for the others, one by one. */
function boundedEach(operation: Operation, documents: readonly Document[], predicate: Predicate): boolean[] {
  try {
    return operation.bounded(() => documents.map(predicate));
  } catch (error) {
    if (!(error instanceof ServerError) || error.code !== 50 || documents.length === 1) throw error;
    operation.check();
    return documents.map((document) => operation.bounded(() => predicate(document)));
  }
}

/** Keys are read piece by piece, without keeping the documents; only the sort itself holds up others. */
async function sorted(operation: Operation, entries: readonly StoredDocument[], keys: readonly SortKey[]): Promise<StoredDocument[]> {
  const needed = new Set(keys.map(({ path }) => path[0] ?? ""));
  const rows: { item: StoredDocument; values: unknown[] }[] = [];
  for await (const piece of operation.pieces(entries)) {
    for (const entry of piece) {
      const fields = entry.fields(needed);
      rows.push({ item: entry, values: keys.map((key) => sortValue(fields, key)) });
    }
  }
  return sortByKeys(operation, rows, keys);
}
