import type { Db } from "mongodb";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";

/** A cluster of the tree of templates as one change left it. */
export type StoredCluster = { readonly id: string; readonly tokens: readonly string[]; readonly anchor: string };
/** One step of the tree; the steps are numbered from 1 without a gap. */
export type TreeChange = { readonly version: number; readonly clusters: readonly StoredCluster[] };
/** What one run says about its signature. */
export type SignatureSighting = {
  readonly signature: string;
  readonly template: string;
  /** Redacted error text. */
  readonly example: string;
  readonly pipeline: string;
  readonly tech: string;
  readonly at: Date;
};
export type StoredSignature = {
  readonly id: string;
  readonly template: string;
  /** The error text that it was first seen with, redacted. */
  readonly example: string;
  readonly pipelines: readonly string[];
  readonly techs: readonly string[];
  readonly firstSeen: Date;
  readonly lastSeen: Date;
};
type SignatureRow = Omit<StoredSignature, "id"> & { _id: string };
type ChangeRow = { _id: string; clusters: StoredCluster[] };

export type SignatureStore = ReturnType<typeof createSignatureStore>;

const digits = 10;
const duplicateKey = 11_000;

/**
 * The memory of error signatures. The tree is a log of changes, numbered per mask version: whoever writes number n first has changed it, which
 * makes the number a compare-and-set that needs no transaction, and another worker reads on from the number it has.
 * `signature_texts` keeps which signature a masked text was given, so that a text never changes sides when templates widen later.
 */
export const createSignatureStore = (db: Db) => {
  const changes = db.collection<ChangeRow>("signature_changes");
  const texts = db.collection<{ _id: string; signature: string }>("signature_texts");
  const signatures = db.collection<SignatureRow>("signatures");
  const runs = db.collection("runs");
  const changeId = (tree: string, version: number): string => `${tree}:${String(version).padStart(digits, "0")}`;
  return {
    /** What became of the tree after `version`, in order. */
    async changesAfter(tree: string, version: number, signal: AbortSignal): Promise<TreeChange[]> {
      const rows = await changes
        .find({ _id: { $gt: changeId(tree, version), $lt: `${tree};` } }, readOptions(signal)) // ";" follows ":"
        .sort({ _id: 1 })
        .toArray()
        .catch(toStoreError);
      return rows.map(({ _id, clusters }) => ({ version: Number(_id.slice(-digits)), clusters }));
    },
    /** Stores a change as number `version`; false when another worker was first. */
    async append(tree: string, version: number, clusters: readonly StoredCluster[]): Promise<boolean> {
      try {
        await changes.insertOne({ _id: changeId(tree, version), clusters: [...clusters] });
        return true;
      } catch (error) {
        if ((error as { code?: number }).code === duplicateKey) return false;
        return toStoreError(error);
      }
    },
    /** Signatures of those among the texts that have one, by the text's key. */
    async ofTexts(tree: string, keys: readonly string[], signal: AbortSignal): Promise<Map<string, string>> {
      if (keys.length === 0) return new Map();
      const rows = await texts
        .find({ _id: { $in: keys.map((key) => `${tree}:${key}`) } }, readOptions(signal))
        .toArray()
        .catch(toStoreError);
      return new Map(rows.map(({ _id, signature }) => [_id.slice(tree.length + 1), signature]));
    },
    /** Gives each text its signature for good; one that has another already keeps it. */
    async rememberTexts(tree: string, given: ReadonlyMap<string, string>): Promise<void> {
      if (given.size === 0) return;
      const operations = [...given].map(([key, signature]) => ({
        updateOne: { filter: { _id: `${tree}:${key}` }, update: { $setOnInsert: { signature } }, upsert: true },
      }));
      await texts.bulkWrite(operations, { ordered: false }).catch((error: unknown) => {
        if ((error as { code?: number }).code !== duplicateKey) toStoreError(error); // another worker has just written it
      });
    },
    /** Notes that runs bear these signatures; noting a run again changes nothing. One write for each signature, however many runs. */
    async note(sightings: readonly SignatureSighting[]): Promise<void> {
      if (sightings.length === 0) return;
      const operations = [...bySignature(sightings)].map(([signature, seen]) => ({
        updateOne: {
          filter: { _id: signature },
          update: {
            $set: { template: seen.template },
            $setOnInsert: { example: seen.example },
            $addToSet: { pipelines: { $each: [...seen.pipelines] }, techs: { $each: [...seen.techs] } },
            $min: { firstSeen: seen.first },
            $max: { lastSeen: seen.last },
          },
          upsert: true,
        },
      }));
      await signatures.bulkWrite(operations).catch(async (error: unknown) => {
        if ((error as { code?: number }).code !== duplicateKey) return toStoreError(error);
        await signatures.bulkWrite(operations).catch(toStoreError); // two workers inserted it at once; now it is there for both
        return undefined;
      });
    },
    /** Those that are known, by id. */
    async read(ids: readonly string[], signal: AbortSignal): Promise<Map<string, StoredSignature>> {
      const rows = await signatures
        .find({ _id: { $in: [...ids] } }, readOptions(signal))
        .toArray()
        .catch(toStoreError);
      return new Map(rows.map(({ _id, ...row }) => [_id, { id: _id, ...row }]));
    },
    /** The last seen first, at most `limit`. */
    async latest(limit: number, signal: AbortSignal): Promise<StoredSignature[]> {
      const rows = await signatures.find({}, readOptions(signal)).sort({ lastSeen: -1, _id: 1 }).limit(limit).toArray().catch(toStoreError);
      return rows.map(({ _id, ...row }) => ({ id: _id, ...row }));
    },
    /** Runs that bear a signature by UTC day, `2026-05-05`, the oldest first. Counted in the runs, so a retry cannot count twice. */
    async countsByDay(id: string, signal: AbortSignal): Promise<Map<string, number>> {
      const rows = await runs
        .aggregate<{ _id: string; count: number }>(
          [
            { $match: { signature: id } },
            { $group: { _id: { $dateToString: { date: "$ts", format: "%Y-%m-%d" } }, count: { $sum: 1 } } },
            { $sort: { _id: 1 } },
          ],
          readOptions(signal),
        )
        .toArray()
        .catch(toStoreError);
      return new Map(rows.map(({ _id, count }) => [_id, Number(count)]));
    },
  };
};

type Seen = { template: string; readonly example: string; pipelines: Set<string>; techs: Set<string>; first: Date; last: Date };

/** What sightings say together; the template is the last one's, the example the first one's. */
function bySignature(sightings: readonly SignatureSighting[]): Map<string, Seen> {
  const all = new Map<string, Seen>();
  for (const { signature, template, example, pipeline, tech, at } of sightings) {
    const seen = all.get(signature) ?? { template, example, pipelines: new Set(), techs: new Set(), first: at, last: at };
    seen.template = template;
    seen.pipelines.add(pipeline);
    seen.techs.add(tech);
    if (at < seen.first) seen.first = at;
    if (at > seen.last) seen.last = at;
    all.set(signature, seen);
  }
  return all;
}
