import type { Delivery, DeliveryPart, DeliveryState } from "@flow-rag/contracts";
import type { Db, Filter } from "mongodb";
import { randomUUID } from "node:crypto";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";

type Row = Omit<Delivery, "id"> & { _id: string; holder: string | null; leaseUntil: Date };

/** A delivery that nobody else may touch until `leaseUntil`. */
export type ClaimedDelivery = Delivery & { readonly holder: string };
/** `held`: not due before, or in other hands until then. */
export type DeliveryClaim =
  | { readonly kind: "claimed"; readonly delivery: ClaimedDelivery }
  | { readonly kind: "held"; readonly until: Date }
  | { readonly kind: "ended"; readonly state: DeliveryState }
  | { readonly kind: "gone" };
/** What an attempt leaves behind. */
export type DeliveryChange = Pick<Delivery, "state" | "parts" | "reason" | "dueAt" | "endedAt">;

export type DeliveryStore = ReturnType<typeof createDeliveryStore>;

const free = { holder: null, leaseUntil: new Date(0) } as const;
const open: DeliveryState[] = ["pending", "sending"];

/** The outbox: a row for each report, route and target, written before anything is sent. */
export const createDeliveryStore = (db: Db) => {
  const rows = db.collection<Row>("deliveries");
  return {
    /** Idempotent. */
    async ensureIndexes(): Promise<void> {
      await rows
        .createIndexes([
          { key: { state: 1, dueAt: 1 } },
          { key: { reportId: 1 } },
          { key: { createdAt: -1 } },
          { key: { state: 1, endedAt: -1 } },
        ])
        .catch(toStoreError);
    },
    /** Those that are there already stay as they are. */
    async add(deliveries: readonly Delivery[]): Promise<void> {
      if (deliveries.length === 0) return;
      const operations = deliveries.map(({ id, ...delivery }) => ({
        updateOne: { filter: { _id: id }, update: { $setOnInsert: { ...delivery, parts: [...delivery.parts], ...free } }, upsert: true },
      }));
      await rows.bulkWrite(operations, { ordered: false }).catch(toStoreError);
    },
    /** The delivery for oneself, when it is not at its end and nobody else has it; the attempt is counted. */
    async claim(id: string, { leaseUntil, now }: { leaseUntil: Date; now: Date }, signal: AbortSignal): Promise<DeliveryClaim> {
      const holder = randomUUID();
      await rows
        .updateOne(
          { _id: id, state: { $in: open }, dueAt: { $lte: now }, leaseUntil: { $lte: now } },
          { $set: { holder, leaseUntil }, $inc: { attempts: 1 } },
        )
        .catch(toStoreError);
      const row = await rows.findOne({ _id: id }, readOptions(signal)).catch(toStoreError);
      if (!row) return { kind: "gone" };
      if (row.holder === holder) return { kind: "claimed", delivery: { ...toDelivery(row), holder } };
      if (!open.includes(row.state)) return { kind: "ended", state: row.state };
      return { kind: "held", until: new Date(Math.max(row.leaseUntil.getTime(), row.dueAt.getTime())) };
    },
    /** Notes in the claimed delivery what is about to happen or has happened. False when somebody else has it by now: then stop. */
    async note(
      { id, holder }: Pick<ClaimedDelivery, "id" | "holder">,
      { parts, leaseUntil }: { parts: readonly DeliveryPart[]; leaseUntil: Date },
    ): Promise<boolean> {
      const { matchedCount } = await rows
        .updateOne({ _id: id, holder }, { $set: { state: "sending", parts: [...parts], leaseUntil } })
        .catch(toStoreError);
      return matchedCount === 1;
    },
    /** Ends the claim. */
    async settle({ id, holder }: Pick<ClaimedDelivery, "id" | "holder">, change: DeliveryChange): Promise<boolean> {
      const { matchedCount } = await rows
        .updateOne({ _id: id, holder }, { $set: { ...change, parts: [...change.parts], ...free } })
        .catch(toStoreError);
      return matchedCount === 1;
    },
    async read(id: string, signal: AbortSignal): Promise<Delivery | undefined> {
      const row = await rows.findOne({ _id: id }, readOptions(signal)).catch(toStoreError);
      return row ? toDelivery(row) : undefined;
    },
    async ofReport(reportId: string, signal: AbortSignal): Promise<Delivery[]> {
      const found = await rows.find({ reportId }, readOptions(signal)).sort({ _id: 1 }).toArray().catch(toStoreError);
      return found.map(toDelivery);
    },
    /** The latest first, at most `limit`. */
    async list(limit: number, signal: AbortSignal, { states }: { states?: readonly DeliveryState[] } = {}): Promise<Delivery[]> {
      const filter: Filter<Row> = states ? { state: { $in: [...states] } } : {};
      const found = await rows.find(filter, readOptions(signal)).sort({ createdAt: -1, _id: 1 }).limit(limit).toArray().catch(toStoreError);
      return found.map(toDelivery);
    },
    /** Ids of those that somebody should take up now, at most `limit`. */
    async due(now: Date, limit: number, signal: AbortSignal): Promise<string[]> {
      const found = await rows
        .find(
          { state: { $in: open }, dueAt: { $lte: now }, leaseUntil: { $lte: now } },
          { ...readOptions(signal), projection: { _id: 1 }, sort: { dueAt: 1, _id: 1 }, limit },
        )
        .toArray()
        .catch(toStoreError);
      return found.map(({ _id }) => _id);
    },
    /** When a delivery was last made. */
    async lastSent(signal: AbortSignal): Promise<Date | undefined> {
      const row = await rows
        .findOne({ state: "sent" }, { ...readOptions(signal), sort: { endedAt: -1 }, projection: { endedAt: 1 } })
        .catch(toStoreError);
      return row?.endedAt ?? undefined;
    },
    /** How many deliveries are in each state. */
    async countByState(signal: AbortSignal): Promise<Record<DeliveryState, number>> {
      const counts: Record<DeliveryState, number> = { pending: 0, sending: 0, sent: 0, failed: 0, unknown: 0 };
      await Promise.all(
        (Object.keys(counts) as DeliveryState[]).map(async (state) => {
          counts[state] = await rows.countDocuments({ state }, readOptions(signal)).catch(toStoreError);
        }),
      );
      return counts;
    },
    /** A failed or unknown delivery becomes pending again, all that did not arrive of it. False when it is neither. */
    async reopen(delivery: Delivery, now: Date): Promise<boolean> {
      const parts = delivery.parts.map((part): DeliveryPart =>
        part.state === "sent" ? part : { ...part, state: "pending", reason: null },
      );
      const { modifiedCount } = await rows
        .updateOne(
          { _id: delivery.id, state: { $in: ["failed", "unknown"] } },
          { $set: { state: "pending", parts, reason: null, requestedAt: now, dueAt: now, endedAt: null, ...free } },
        )
        .catch(toStoreError);
      return modifiedCount === 1;
    },
  };
};

const toDelivery = ({ _id, holder: _holder, leaseUntil: _lease, ...delivery }: Row): Delivery => ({ id: _id, ...delivery });
