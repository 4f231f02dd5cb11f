import type { Db, Document } from "mongodb";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";
import { matchOf } from "./run-list.js";
import type { RunFilter } from "@flow-rag/contracts";

/** An error signature with what the filtered runs say of it. */
export type ListedSignature = {
  readonly id: string;
  readonly template: string;
  /** Redacted. */
  readonly example: string;
  readonly count: number;
  readonly pipelines: readonly string[];
  readonly techs: readonly string[];
  /** Within the filter. */
  readonly first: Date;
  readonly last: Date;
  /** Ever. */
  readonly firstSeen: Date;
  /** UTC days of the runs that bear it in the filter's sources, at whatever time, `2026-05-05`, ascending. */
  readonly days: readonly string[];
};
export type SignatureList = ReturnType<typeof createSignatureList>;

/** Which errors occur among runs, the most frequent first. */
export const createSignatureList = (db: Db) => {
  const runs = db.collection("runs");
  const signatures = db.collection<Document & { _id: string }>("signatures");
  return {
    async list(filter: RunFilter, limit: number, signal: AbortSignal): Promise<ListedSignature[]> {
      const groups = await runs
        .aggregate<{ _id: string; count: number; pipelines: string[]; techs: string[]; first: Date; last: Date }>(
          [
            { $match: { $and: [{ signature: { $ne: null } }, matchOf(filter)] } },
            {
              $group: {
                _id: "$signature",
                count: { $sum: 1 },
                pipelines: { $addToSet: "$pipeline" },
                techs: { $addToSet: "$tech" },
                first: { $min: "$ts" },
                last: { $max: "$ts" },
              },
            },
            { $sort: { count: -1, _id: 1 } },
            { $limit: limit },
          ],
          { ...readOptions(signal), allowDiskUse: true },
        )
        .toArray()
        .catch(toStoreError);
      const known = await signatures
        .find({ _id: { $in: groups.map(({ _id }) => _id) } }, readOptions(signal))
        .toArray()
        .catch(toStoreError);
      const days = await runs
        .aggregate<{ _id: string; days: string[] }>(
          [
            {
              $match: {
                $and: [{ signature: { $in: groups.map(({ _id }) => _id) } }, matchOf(filter.sources ? { sources: filter.sources } : {})],
              },
            },
            { $group: { _id: "$signature", days: { $addToSet: { $dateToString: { date: "$ts", format: "%Y-%m-%d" } } } } },
          ],
          { ...readOptions(signal), allowDiskUse: true },
        )
        .toArray()
        .catch(toStoreError);
      const daysOf = new Map(days.map((row) => [row._id, row.days.sort()]));
      const byId = new Map(known.map((row) => [row._id, row]));
      return groups.map(({ _id, count, pipelines, techs, first, last }) => ({
        id: _id,
        template: String(byId.get(_id)?.["template"] ?? ""),
        example: String(byId.get(_id)?.["example"] ?? ""),
        count: Number(count),
        pipelines: pipelines.sort(),
        techs: techs.sort(),
        first,
        last,
        firstSeen: (byId.get(_id)?.["firstSeen"] as Date | undefined) ?? first,
        days: daysOf.get(_id) ?? [],
      }));
    },
  };
};
