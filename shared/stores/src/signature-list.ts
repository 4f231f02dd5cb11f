import type { Db, Document } from "mongodb";
import { togetherOf, union, widenSignatures } from "./joined-facts.js";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";
import { matchOf } from "./run-list.js";
import { createSignatureJoins } from "./signature-joins.js";
import { createSignatureStore } from "./signature-store.js";
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

type Group = { readonly id: string; pipelines: string[]; techs: string[]; count: number; first: Date; last: Date };

/** Which errors occur among runs, the most frequent first. */
export const createSignatureList = (db: Db) => {
  const runs = db.collection("runs");
  const store = createSignatureStore(db);
  const joins = createSignatureJoins(db);
  const grouped = async <T extends Document>(match: Document[], fields: Document, signal: AbortSignal): Promise<T[]> =>
    await runs
      .aggregate<T>([{ $match: { $and: match } }, { $group: { _id: "$signature", ...fields } }], {
        ...readOptions(signal),
        allowDiskUse: true,
      })
      .toArray()
      .catch(toStoreError);
  return {
    async list(filter: RunFilter, limit: number, signal: AbortSignal): Promise<ListedSignature[]> {
      const ids = await joins.current(signal);
      const found = await grouped<Omit<Group, "id"> & { _id: string }>(
        [{ signature: { $ne: null } }, matchOf(widenSignatures(filter, ids))],
        {
          count: { $sum: 1 },
          pipelines: { $addToSet: "$pipeline" },
          techs: { $addToSet: "$tech" },
          first: { $min: "$ts" },
          last: { $max: "$ts" },
        },
        signal,
      );
      const groups = joinGroups(found.map(({ _id, ...group }) => ({ ...group, id: ids.resolve(_id) }))).slice(0, limit);
      const known = await store.read(
        groups.map(({ id }) => id),
        signal,
      );
      const ofThese = { signature: { $in: groups.flatMap(({ id }) => [...ids.membersOf(id)]) } };
      const everyDay = { days: { $addToSet: { $dateToString: { date: "$ts", format: "%Y-%m-%d" } } } };
      const rows = await grouped<{ _id: string; days: string[] }>(
        [ofThese, matchOf(filter.sources ? { sources: filter.sources } : {})],
        everyDay,
        signal,
      );
      const daysOf = new Map<string, string[]>();
      for (const { _id, days } of rows) daysOf.set(ids.resolve(_id), union(days, daysOf.get(ids.resolve(_id)) ?? []));
      return groups.map((group) => ({
        ...group,
        template: known.get(group.id)?.template ?? "",
        example: known.get(group.id)?.example ?? "",
        firstSeen: known.get(group.id)?.firstSeen ?? group.first,
        days: daysOf.get(group.id) ?? [],
      }));
    },
  };
};

/** Groups of one id together; the most frequent first. */
function joinGroups(groups: readonly Group[]): Group[] {
  const joined = new Map<string, Group>();
  for (const group of groups) {
    const { id } = group;
    const known = joined.get(id) ?? { ...group, count: 0, pipelines: [], techs: [] };
    const [pipelines, techs] = [union(known.pipelines, group.pipelines), union(known.techs, group.techs)];
    joined.set(id, { id, ...togetherOf(known, group), pipelines, techs });
  }
  return [...joined.values()].sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1));
}
