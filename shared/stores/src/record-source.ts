import { pathsOf, plainPathOf, type SourceField, type SourceFields, type SourceRecord, type SourceStatuses } from "@flow-rag/contracts";
import type { Db, Document, Filter } from "mongodb";
import { AppError } from "@flow-rag/kernel";
import { instantOf, laneNames, lanes, outsideLanes, type LaneName } from "./cursor-lanes.js";
import { comparePlaces, cursorInstant, isLaterThan, rewound, type Place, type SourceCursor } from "./cursor-value.js";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";
import { createFieldReader, readPath } from "./read-fields.js";
import { createIdLookup } from "./find-by-id.js";
import { encodeRecordId, laterTypes } from "./record-id.js";

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
  // A text that is no UTF-8 spoils one field of one record, not the page that it is in.
  const rows = db.collection(collection, { promoteLongs: false, enableUtf8Validation: false });
  const cursorPath = plainPathOf(fields[cursorField]) ?? cursorField;
  const projection = Object.fromEntries(pathsOf(fields).map((path) => [path, 1 as const]));
  const readFields = createFieldReader({ fields, statuses });

  const toRecord = (row: Row): SourceRecord => ({ source, recordId: encodeRecordId(row._id), fields: readFields(row) });
  const read = async (filter: Filter<Document>, sort: Record<string, 1 | -1>, limit: number, signal: AbortSignal): Promise<Row[]> =>
    await rows
      .find(filter, { ...readOptions(signal), projection })
      .sort(sort)
      .limit(limit)
      .toArray()
      .catch(toStoreError);
  const lookup = createIdLookup(rows as never);

  /** One page of one lane; `seen` are the places of its records. */
  const readLane = async (name: LaneName, after: Place | undefined, limit: number, signal: AbortSignal): Promise<LanePage> => {
    const lane = lanes[name];
    const path = cursorPath;
    const filter = after ? behind(cursorPath, after, lane.range(after.at)) : { [cursorPath]: lane.range() };
    const page = await read(filter, { [path]: 1, _id: 1 }, limit, signal);
    const seen = page.flatMap((row): Place[] => {
      const at = readPath(row, path);
      return lane.holds(at) ? [{ at, id: row._id }] : []; // what stands in lists is found, and orders nothing
    });
    const last = seen.at(-1);
    if (page.length < limit || (last && (after?.id == null || comparePlaces(last, after) > 0))) return { page, seen };
    if (limit < leastPage) return await readLane(name, after, leastPage, signal);
    throw new AppError("unexpected", `${path}: reading on does not advance: ${limit} records at one place, whose value orders nothing`);
  };
  const readOutside = async (after: Place | undefined, limit: number, signal: AbortSignal): Promise<Row[]> => {
    const filter = outsideLanes(cursorPath);
    return await read(after ? { $and: [filter, beyond("_id", after.id)] } : filter, { _id: 1 }, limit, signal);
  };

  return {
    source,
    /** The records that exist among the asked ones, in no order. */
    find: async (recordIds: readonly string[], signal: AbortSignal): Promise<SourceRecord[]> =>
      (await lookup(recordIds, projection, signal)).map((row) => toRecord(row)),
    /** Which of the asked records exist. */
    existing: async (recordIds: readonly string[], signal: AbortSignal): Promise<Set<string>> =>
      new Set((await lookup(recordIds, { _id: 1 }, signal)).map(({ _id }) => encodeRecordId(_id))),
    /**
     * Records behind a cursor, each lane in its own order, then those of no lane: of these at most `outsidePerPull` from one `rewind` to the
     * next, so that a pull is bounded, and all of them in a few pulls. Of records ahead of the clock, which stay behind the watermark, the next
     * `aheadPerPull` are read from one `rewind` on, a page more at most in each lane. From the beginning, and all, when there is no cursor.
     * @throws AppError `unexpected`, naming the field, when a page does not advance.
     */
    async changedAfter(cursor: PullCursor | undefined, limit: number, signal: AbortSignal): Promise<SourcePage<PullCursor>> {
      const from = { places: {}, done: [], outside: 0, ...cursor, seen: {} } satisfies PullCursor;
      let place: PullCursor & Pick<Required<PullCursor>, "done" | "outside"> = from;
      const records: Row[] = [];
      let hasTurned = false;
      for (const name of laneNames) {
        if (place.done.includes(name) || records.length >= limit) continue;
        const room = limit - records.length;
        const { page, seen } = await readLane(name, place.places[name], room, signal);
        records.push(...page);
        const last = seen.at(-1) ?? place.places[name];
        place = {
          ...place,
          places: { ...place.places, ...(last && { [name]: last }) },
          ...(place.ahead && { ahead: { ...place.ahead, read: place.ahead.read + aheadIn(name, seen, place.ahead) } }),
          seen: { ...place.seen, [name]: seen },
        };
        if (page.length < room || isEnough(name, seen, place.ahead)) place = { ...place, done: [...place.done, name] };
      }
      const room = Math.min(limit - records.length, outsidePerPull - place.outside);
      if (room > 0 && !place.done.includes("none")) {
        const page = await readOutside(place.places.none, room, signal);
        records.push(...page);
        const { none: former, ...others } = place.places;
        const isEnd = page.length < room;
        hasTurned = isEnd && former !== undefined; // the next pull begins with the first of them again
        const last = isEnd ? undefined : page.at(-1);
        place = {
          ...place,
          places: { ...others, ...(last && { none: { at: null, id: last._id } }) },
          outside: place.outside + page.length,
          done: isEnd ? [...place.done, "none"] : place.done,
        };
      }
      return { records: records.map(toRecord), last: records.length > 0 || hasTurned ? place : undefined };
    },
    /** Every record, in the order of the id alone; `after` is a former page's `last`. */
    async all(
      after: { readonly id: unknown } | undefined,
      limit: number,
      signal: AbortSignal,
    ): Promise<SourcePage<{ readonly id: unknown }>> {
      const page = await read(after ? beyond("_id", after.id) : {}, { _id: 1 }, limit, signal);
      const last = page.at(-1);
      if (last && after && comparePlaces({ at: null, id: last._id }, { at: null, id: after.id }) <= 0)
        throw new AppError("unexpected", "_id: reading on does not advance");
      return { records: page.map(toRecord), last: last && { id: last._id } };
    },
    /** The last place of each lane that is not in the future of `now`. A record dated ahead of the clock is read all the same. */
    async lastPlace(now: Date, signal: AbortSignal): Promise<SourceCursor> {
      const places = await Promise.all(
        laneNames.map(async (name): Promise<[LaneName, Place][]> => {
          const lane = lanes[name];
          const until = lane.at(now.getTime() + 2 * dayMs); // texts of a day are in no order
          const page = await read({ [cursorPath]: { ...lane.range(), $lt: until } }, { [cursorPath]: -1, _id: -1 }, lookedBack, signal);
          const found = page.map((row): Place => ({ at: readPath(row, cursorPath), id: row._id }));
          const place = found.find(({ at }) => (lane.read(at) ?? Infinity) <= now.getTime());
          if (place) return [[name, place]];
          return page.length === 0 ? [] : [[name, { at: lane.at(now.getTime()), id: null }]];
        }),
      );
      return { places: Object.fromEntries(places.flat()) };
    },
    /** The place from which to read again, so that records written late under an earlier time are found. */
    rewind: (cursor: SourceCursor, overlapMs: number, now: Date): PullCursor => ({
      ...rewound(cursor, overlapMs),
      ahead: { of: now, read: 0 },
    }),
    /**
     * The watermark after a page: in each lane the last place of the page that is not ahead of the clock, where one mistaken date would hide
     * everything still to come. Undefined when no lane moves on.
     */
    advance(mark: SourceCursor | null | undefined, page: PullCursor, now: Date): SourceCursor | undefined {
      const moved = laneNames.flatMap((name): [LaneName, Place][] => {
        const last = page.seen?.[name]?.findLast(({ at }) => (lanes[name].read(at) ?? Infinity) <= now.getTime());
        const before = mark?.places[name];
        return last && (!before || comparePlaces(last, before) > 0) ? [[name, last]] : [];
      });
      const { none: _former, ...others } = mark?.places ?? {};
      const { none } = page.places;
      if (moved.length === 0 && comparePlaces(none ?? nowhere, mark?.places.none ?? nowhere) === 0) return undefined;
      return { places: { ...others, ...Object.fromEntries(moved), ...(none && { none }) } };
    },
    /** True for a record whose time is before the watermark's: it was written late, under an earlier time. */
    isBehind: (mark: SourceCursor, record: SourceRecord): boolean =>
      (instantOf(record.fields[cursorField]) ?? Infinity) < (cursorInstant(mark)?.getTime() ?? -Infinity),
    /** True for a record whose time is later than `now`: a clock that is wrong, or a plan. */
    isAhead: (record: SourceRecord, now: Date): boolean => isLaterThan(record.fields[cursorField], now),
    count: (signal: AbortSignal): Promise<number> => rows.countDocuments({}, readOptions(signal)).catch(toStoreError),
  };
};

const dayMs = 86_400_000;
/** Records of no lane that one pull looks at. */
const outsidePerPull = 5_120;
/** Records ahead of the clock that one pull looks at. */
const aheadPerPull = 5_120;
/** Records at the end of a lane among which the last of the past is looked for. */
const lookedBack = 200;
/** Records of which none orders anything, at which reading ends. */
const leastPage = 512;
const nowhere: Place = { at: null, id: null };

type LanePage = { readonly page: readonly Row[]; readonly seen: readonly Place[] };
/** A cursor on its way through one pull. */
type PullCursor = SourceCursor & {
  /** Lanes that are read to their end. */
  readonly done?: readonly (LaneName | "none")[];
  /** Records of no lane that were read. */
  readonly outside?: number;
  /** Records that were read whose time is ahead of the clock. */
  readonly ahead?: { readonly of: Date; readonly read: number };
  /** Places of the last page's records. */
  readonly seen?: Readonly<Partial<Record<LaneName, readonly Place[]>>>;
};

/** How many places of a lane are ahead of the clock; one whose value names no instant is not. */
const aheadIn = (name: LaneName, seen: readonly Place[], { of }: Required<PullCursor>["ahead"]): number =>
  seen.filter(({ at }) => (lanes[name].read(at) ?? -Infinity) > of.getTime()).length;

/** In the order of a lane the future comes last (but for texts of one day): once enough of it is read, nothing else is left. */
const isEnough = (name: LaneName, seen: readonly Place[], ahead: PullCursor["ahead"]): boolean =>
  ahead !== undefined && ahead.read >= aheadPerPull && aheadIn(name, seen, ahead) > 0;

function beyond(path: string, value: unknown): Filter<Document> {
  const types = laterTypes(value);
  const later = { [path]: types.length > 0 ? { $type: types } : { $in: [] } };
  if (value == null) return later;
  return { $or: [{ [path]: typeof value === "number" && Number.isNaN(value) ? { $gte: -Infinity } : { $gt: value } }, later] };
}

/** Records of a lane after a place; `range` begins at it. */
function behind(path: string, { at, id }: Place, range: Document): Filter<Document> {
  if (id === null) return { [path]: range };
  const { $gte: _at, ...rest } = range;
  return { $or: [{ [path]: { ...rest, $gt: at } }, { $and: [{ [path]: at }, beyond("_id", id)] }] };
}
