import type { Db } from "mongodb";
import { union } from "./joined-facts.js";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";
import type { SignatureJoin } from "./signature-ids.js";
import { createSignatureJoins } from "./signature-joins.js";

/** A group that was begun: the id of its signature and its first text, masked. */
export type StoredGroup = { readonly id: string; readonly tokens: readonly string[]; readonly anchor: string };
/** One step of the groups; the steps are numbered from 1 without a gap. */
export type GroupStep = {
  readonly version: number;
  readonly born: readonly StoredGroup[];
  readonly joined: readonly SignatureJoin[];
};
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
/** `joins`: there where something was joined, for those who look for that alone. */
type StepRow = { _id: string; born: StoredGroup[]; joined: SignatureJoin[]; joins?: true };

export type SignatureStore = ReturnType<typeof createSignatureStore>;

const digits = 10;
const duplicateKey = 11_000;

/** So that a process that begins holds no more than so many steps beside the groups they make. */
const stepsAtOnce = 500;

/**
 * The memory of error signatures. What becomes of the groups is a log of steps, numbered per mask version: whoever writes number n first has
 * changed them, which makes the number a compare-and-set that needs no transaction, and another worker reads on from the number it has.
 * `signature_texts` keeps which signature a form of text was given; signatures that became one are read as one.
 */
export const createSignatureStore = (db: Db) => {
  const steps = db.collection<StepRow>("signature_changes");
  const texts = db.collection<{ _id: string; signature: string }>("signature_texts");
  const signatures = db.collection<SignatureRow>("signatures");
  const runs = db.collection("runs");
  const joins = createSignatureJoins(db);
  const stepId = (tree: string, version: number): string => `${tree}:${String(version).padStart(digits, "0")}`;
  /** Those that are known, by the ids that were asked for, each with the history of all its ids. */
  const read = async (ids: readonly string[], signal: AbortSignal): Promise<Map<string, StoredSignature>> => {
    const now = await joins.current(signal);
    const rows = await signatures
      .find({ _id: { $in: [...new Set(ids.flatMap(now.membersOf))] } }, readOptions(signal))
      .toArray()
      .catch(toStoreError);
    const byId = new Map(rows.map((row) => [row._id, row]));
    return new Map(
      ids.flatMap((id) => {
        const found = now.membersOf(id).flatMap((member) => byId.get(member) ?? []);
        return found.length === 0 ? [] : [[id, asOne(now.resolve(id), found)] as const];
      }),
    );
  };
  return {
    read,
    /** For those who follow the joins. */
    async ensureIndexes(): Promise<void> {
      await steps.createIndex({ joins: 1 }, { sparse: true }).catch(toStoreError);
    },
    /** What became of the groups after `version`, in order; not all at once. */
    async stepsAfter(tree: string, version: number, signal: AbortSignal): Promise<GroupStep[]> {
      const rows = await steps
        .find({ _id: { $gt: stepId(tree, version), $lt: `${tree};` } }, readOptions(signal)) // ";" follows ":"
        .sort({ _id: 1 })
        .limit(stepsAtOnce)
        .toArray()
        .catch(toStoreError);
      return rows.map(({ _id, born, joined }) => ({ version: Number(_id.slice(-digits)), born, joined }));
    },
    /** Stores a step; false when another worker was first with its number. */
    async append(tree: string, { version, born, joined }: GroupStep): Promise<boolean> {
      try {
        const marked = joined.length > 0 ? ({ joins: true } as const) : {};
        await steps.insertOne({ _id: stepId(tree, version), born: [...born], joined: [...joined], ...marked });
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
    /** All of them, each under its own id with its own history, in no order; never more than a batch in memory. */
    async *each(signal: AbortSignal): AsyncGenerator<StoredSignature> {
      try {
        for await (const { _id, ...row } of signatures.find({}, { signal })) yield { id: _id, ...row };
      } catch (error) {
        toStoreError(error);
      }
    },
    /** Replaces what is known of these, whether it is there or not. */
    async restate(restated: readonly StoredSignature[]): Promise<void> {
      const operations = restated.map(({ id, ...row }) => ({ updateOne: { filter: { _id: id }, update: { $set: row }, upsert: true } }));
      if (operations.length > 0) await signatures.bulkWrite(operations, { ordered: false }).catch(toStoreError);
    },
    /** Gives those that are known other templates, by id. */
    async retitle(templates: ReadonlyMap<string, string>): Promise<void> {
      const operations = [...templates].map(([_id, template]) => ({ updateOne: { filter: { _id }, update: { $set: { template } } } }));
      if (operations.length > 0) await signatures.bulkWrite(operations, { ordered: false }).catch(toStoreError);
    },
    /** The last seen first, at most `limit`. */
    async latest(limit: number, signal: AbortSignal): Promise<StoredSignature[]> {
      const now = await joins.current(signal);
      const ids = new Set<string>();
      const found = signatures.find({}, { ...readOptions(signal), projection: { _id: 1 } }).sort({ lastSeen: -1, _id: 1 });
      try {
        for await (const { _id } of found) if (ids.add(now.resolve(_id)).size >= limit) break;
      } catch (error) {
        toStoreError(error);
      }
      return [...(await read([...ids], signal)).values()];
    },
    /** Runs that bear a signature by UTC day, `2026-05-05`, the oldest first. Counted in the runs, so a retry cannot count twice. */
    async countsByDay(id: string, signal: AbortSignal): Promise<Map<string, number>> {
      const ids = (await joins.current(signal)).membersOf(id);
      const rows = await runs
        .aggregate<{ _id: string; count: number }>(
          [
            { $match: { signature: { $in: [...ids] } } },
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

/** What is known of a signature under all its ids; the first is the one that is kept. */
function asOne(id: string, rows: readonly SignatureRow[]): StoredSignature {
  const [kept] = rows as [SignatureRow, ...SignatureRow[]];
  const oldest = rows.reduce((a, b) => (b.firstSeen < a.firstSeen ? b : a));
  const latest = rows.reduce((a, b) => (b.lastSeen > a.lastSeen ? b : a));
  return {
    id,
    template: kept.template,
    example: oldest.example,
    pipelines: rows.map(({ pipelines }) => pipelines).reduce(union),
    techs: rows.map(({ techs }) => techs).reduce(union),
    firstSeen: oldest.firstSeen,
    lastSeen: latest.lastSeen,
  };
}
