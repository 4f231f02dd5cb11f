import { instantOf, laneNames, laneOf, lanes, type LaneName } from "./cursor-lanes.js";
import { laterTypes } from "./record-id.js";

/** A place in the order of the cursor field and then the id. Values are the source's own; an id of null stands before every id. */
export type Place = { readonly at: unknown; readonly id: unknown };
/** How far a source is read: a place in each lane that has records, and among those of no lane the id to go on after. */
export type SourceCursor = { readonly places: Readonly<Partial<Record<LaneName | "none", Place>>> };

/** The latest instant that a cursor stands at; undefined where it stands at none. */
export function cursorInstant(cursor: SourceCursor | null | undefined): Date | undefined {
  const instants = laneNames.flatMap((name) => {
    const place = cursor?.places[name];
    return place === undefined ? [] : (lanes[name].read(place.at) ?? []);
  });
  return instants.length > 0 ? new Date(Math.max(...instants)) : undefined;
}

/** Where to begin reading again: each lane `ms` earlier, in its own form. A place that cannot be read begins its lane anew. */
export function rewound({ places }: SourceCursor, ms: number): SourceCursor {
  const back = laneNames.flatMap((name): [LaneName, Place][] => {
    const at = places[name] && lanes[name].read(places[name].at);
    return at === undefined ? [] : [[name, { at: lanes[name].at(at - ms), id: null }]];
  });
  return { places: { ...Object.fromEntries(back), ...(places.none && { none: places.none }) } };
}

/** What is stored of a cursor; before there were lanes it was one place. */
export function readCursor(stored: unknown): SourceCursor | null {
  if (typeof stored !== "object" || stored === null) return null;
  if ("places" in stored) return stored as SourceCursor;
  const place = stored as Place;
  const lane = laneOf(place.at);
  return lane ? { places: { [lane]: place } } : null;
}

/** True for an instant after `now`: one mistaken clock must not carry the watermark past everything that is still to come. */
export const isLaterThan = (value: unknown, now: Date): boolean => (instantOf(value) ?? -Infinity) > now.getTime();

/** Order of two places: negative, 0 or positive. */
export const comparePlaces = (a: Place, b: Place): number => compareValues(a.at, b.at) || compareValues(a.id, b.id);

/** The order MongoDB sorts in, for the types a cursor field or an _id has in practice. */
function compareValues(a: unknown, b: unknown): number {
  const byType = laterTypes(b).length - laterTypes(a).length;
  if (byType !== 0) return byType;
  if (typeof a === "string") return Buffer.compare(Buffer.from(a), Buffer.from(String(b)));
  const [x, y] = [comparable(a), comparable(b)];
  return x < y ? -1 : Number(x > y);
}

function comparable(value: unknown): number | string | bigint {
  if (typeof value === "number") return value;
  if (value instanceof Date) return value.getTime();
  if (typeof value === "boolean") return Number(value);
  const { _bsontype: type } = (value ?? {}) as { _bsontype?: string };
  if (type === "Timestamp") return BigInt(String(value));
  return type === "Long" || type === "Int32" || type === "Double" || type === "Decimal128" ? Number(value) : String(value);
}
