import type { Catalog } from "./catalog.js";
import { isDate } from "./bson-types.js";
import type { Collection } from "./collection.js";
import { compileFilter } from "./filter.js";
import { isNumeric, toNumber } from "./numbers.js";
import type { Operation } from "./operation.js";
import type { OrderedIndex } from "./ordered-index.js";
import { anyValueAt } from "./paths.js";
import type { StoredDocument } from "./stored-document.js";

/**
 * Deletes what indexes with `expireAfterSeconds` say is too old: the earliest date at the index's path decides, a document without one stays,
 * and so does one that the index's filter leaves out.
 */
export async function expireDocuments(catalog: Catalog, operation: Operation, now: number): Promise<void> {
  for (const namespace of catalog.names()) {
    const collection = catalog.collection(namespace);
    for (const index of collection?.indexes ?? []) {
      const seconds: unknown = index.spec["expireAfterSeconds"];
      if (!collection || !isNumeric(seconds)) continue;
      for (const entry of await expired(operation, collection, index, now - toNumber(seconds) * 1000)) {
        await operation.breathe();
        collection.remove(entry);
      }
    }
  }
}

async function expired(operation: Operation, collection: Collection, index: OrderedIndex, before: number): Promise<StoredDocument[]> {
  const accepts = compileFilter((index.spec["partialFilterExpression"] as Record<string, unknown> | undefined) ?? {});
  const path = index.fields[0]?.path ?? [];
  const isOld = (value: unknown): boolean => (Array.isArray(value) ? value.some(isOld) : isDate(value) && Number(value) < before);
  const found: StoredDocument[] = [];
  for await (const piece of operation.pieces(collection.all())) {
    found.push(...piece.filter(({ plain }) => anyValueAt(plain, path, isOld) && accepts(plain)));
  }
  return found;
}
