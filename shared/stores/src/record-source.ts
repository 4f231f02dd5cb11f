import { pathsOf, plainPathOf, type SourceField, type SourceFields, type SourceRecord, type SourceStatuses } from "@flow-rag/contracts";
import type { Db, Document, Filter } from "mongodb";
import { comparePlaces, earlier, isLaterThan, type SourceCursor } from "./cursor-value.js";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";
import { createFieldReader, readPath } from "./read-fields.js";
import { decodeRecordId, encodeRecordId, laterTypes } from "./record-id.js";

/** At most the asked number of records; `last` is where the next page continues, undefined when this one is empty. */
export type SourcePage<C> = { readonly records: readonly SourceRecord[]; readonly last: C | undefined };

export type RecordSource = ReturnType<typeof createRecordSource>;
type Row = { _id: unknown; [field: string]: unknown };
type Options = { name: string; collection: string; fields: SourceFields; statuses?: SourceStatuses; cursorField: SourceField };

/**
 * Read-only view of one source collection. Wants an index on { <cursor field>: 1, _id: 1 }.
 * Every page is one short query, because drivers never retry a getMore.
 */
export const createRecordSource = (db: Db, { name: source, collection, fields, statuses, cursorField }: Options) => {
  // 64-bit integers stay as they are: an _id beyond 2^53 would lose its last digits.
  const rows = db.collection(collection, { promoteLongs: false });
  const cursorPath = plainPathOf(fields[cursorField]) ?? cursorField;
  const projection = Object.fromEntries(pathsOf(fields).map((path) => [path, 1]));
  const readFields = createFieldReader({ fields, statuses });

  const toRecord = (row: Row): SourceRecord => ({ source, recordId: encodeRecordId(row._id), fields: readFields(row) });
  const read = async (filter: Filter<Document>, sort: Record<string, 1 | -1>, limit: number, signal: AbortSignal): Promise<Row[]> =>
    await rows
      .find(filter, { ...readOptions(signal), projection })
      .sort(sort)
      .limit(limit)
      .toArray()
      .catch(toStoreError);
  const cursorOf = (row: Row): SourceCursor => ({ at: readPath(row, cursorPath) ?? null, id: row._id });

  return {
    source,
    /** The records that exist among the asked ones, in no order. */
    async find(recordIds: readonly string[], signal: AbortSignal): Promise<SourceRecord[]> {
      const found = await rows
        .find({ _id: { $in: recordIds.map(decodeRecordId) as never[] } }, { ...readOptions(signal), projection })
        .toArray()
        .catch(toStoreError);
      return (found as Row[]).map(toRecord);
    },
    /** Which of the asked records exist. */
    async existing(recordIds: readonly string[], signal: AbortSignal): Promise<Set<string>> {
      const found = await rows
        .find({ _id: { $in: recordIds.map(decodeRecordId) as never[] } }, { ...readOptions(signal), projection: { _id: 1 } })
        .toArray()
        .catch(toStoreError);
      return new Set(found.map(({ _id }) => encodeRecordId(_id)));
    },
    /** Records in cursor order, from the beginning when there is no cursor. */
    async changedAfter(cursor: SourceCursor | undefined, limit: number, signal: AbortSignal): Promise<SourcePage<SourceCursor>> {
      const page = await read(cursor ? after(cursorPath, cursor) : {}, { [cursorPath]: 1, _id: 1 }, limit, signal);
      const last = page.at(-1);
      return { records: page.map(toRecord), last: last && cursorOf(last) };
    },
    /** Every record, in the order of the id alone; `after` is a former page's `last`. */
    async all(
      after: { readonly id: unknown } | undefined,
      limit: number,
      signal: AbortSignal,
    ): Promise<SourcePage<{ readonly id: unknown }>> {
      const page = await read(after ? beyond("_id", after.id) : {}, { _id: 1 }, limit, signal);
      const last = page.at(-1);
      return { records: page.map(toRecord), last: last && { id: last._id } };
    },
    /**
     * The last place that is not in the future of `now`; undefined in an empty source.
     * A record dated ahead of the clock is read all the same, again and again until its time has come.
     */
    async lastPlace(now: Date, signal: AbortSignal): Promise<SourceCursor | undefined> {
      const [top] = await read({}, { [cursorPath]: -1, _id: -1 }, 1, signal);
      if (!top) return undefined;
      const place = cursorOf(top);
      if (!isLaterThan(place.at, now)) return place;
      if (place.at instanceof Date) return { at: now, id: null };
      return { at: earlier(place.at, 0), id: null };
    },
    /** The place from which to read again, so that records written late under an earlier time are found. */
    rewind: ({ at }: SourceCursor, overlapMs: number): SourceCursor => ({ at: earlier(at, overlapMs), id: null }),
    /**
     * The watermark after a page that ended at `last`: undefined while that is still within the overlap, or ahead of the clock,
     * where one mistaken date would hide everything still to come.
     */
    advance(mark: SourceCursor | null | undefined, last: SourceCursor, now: Date): SourceCursor | undefined {
      if (isLaterThan(last.at, now)) return undefined;
      return !mark || comparePlaces(last, mark) > 0 ? last : undefined;
    },
    /** True for a record whose time is before the watermark's: it was written late, under an earlier time. */
    isBehind: (mark: SourceCursor, record: SourceRecord): boolean =>
      comparePlaces({ at: record.fields[cursorField] ?? null, id: null }, { at: mark.at, id: null }) < 0,
    /** True for a record whose time is later than `now`: a clock that is wrong, or a plan. */
    isAhead: (record: SourceRecord, now: Date): boolean => isLaterThan(record.fields[cursorField] ?? null, now),
    count: (signal: AbortSignal): Promise<number> => rows.countDocuments({}, readOptions(signal)).catch(toStoreError),
  };
};

const beyond = (path: string, value: unknown): Filter<Document> => ({
  $or: [...(value == null ? [] : [{ [path]: { $gt: value } }]), { [path]: { $type: laterTypes(value) } }],
});

const after = (path: string, { at, id }: SourceCursor): Filter<Document> => ({
  $or: [beyond(path, at), { $and: [{ [path]: at }, id === null ? {} : beyond("_id", id)] }],
});
