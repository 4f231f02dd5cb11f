import type { Collection, Document, Filter } from "mongodb";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";
import { decodeRecordId, digestedId, encodeRecordId } from "./record-id.js";

type Lookup = (
  recordIds: readonly string[],
  projection: Record<string, 1>,
  signal: AbortSignal,
) => Promise<(Document & { _id: unknown })[]>;

/** Documents by the text forms of their ids; those that are not there are left out. An id that is known by its digest is looked for by its beginning. */
export const createIdLookup =
  (rows: Collection<Document & { _id: unknown }>): Lookup =>
  async (recordIds, projection, signal) => {
    const digested = recordIds.filter((recordId) => digestedId(recordId));
    const plain = recordIds.filter((recordId) => !digestedId(recordId)).map(decodeRecordId) as never[];
    const read = (filter: Filter<Document & { _id: unknown }>) => rows.find(filter, { ...readOptions(signal), projection });
    const found =
      plain.length > 0
        ? await read({ _id: { $in: plain } })
            .toArray()
            .catch(toStoreError)
        : [];
    const wanted = new Set(digested);
    const ranges = new Map(digested.map((recordId) => [JSON.stringify(rangeOf(recordId)), rangeOf(recordId)] as const));
    try {
      for (const range of ranges.values())
        for await (const row of read({ _id: range })) if (wanted.has(encodeRecordId(row._id))) found.push(row);
    } catch (error) {
      toStoreError(error);
    }
    return found;
  };

function rangeOf(recordId: string): Document {
  const { type, beginning } = digestedId(recordId) as { type: string; beginning: string };
  return type === "string" && beginning !== "" ? { $gte: beginning, $lte: `${beginning}\u{10ffff}` } : { $type: type };
}
