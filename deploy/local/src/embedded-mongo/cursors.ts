import { Long } from "bson";
import { randomInt } from "node:crypto";
import { ServerError } from "./server-error.js";
import { withRawArray, withRawDocument } from "./wire-protocol.js";

type OpenCursor = { readonly namespace: string; rows: readonly Uint8Array[]; touchedAt: number };
type FirstOptions = { batchSize?: number | undefined; single?: boolean };

const defaultFirstBatch = 101;
const maxBatchBytes = 16 * 1024 * 1024;
const idleMs = 600_000; // as a real server

/** Results that do not fit one reply. Rows are BSON already and are never decoded to be sent. */
export class Cursors {
  readonly #open = new Map<number, OpenCursor>();

  get size(): number {
    return this.#open.size;
  }

  /** The reply with the first batch; the rest is kept under the cursor's id, which is 0 when there is none. */
  first(namespace: string, rows: readonly Uint8Array[], { batchSize = defaultFirstBatch, single = false }: FirstOptions): Uint8Array {
    const batch = take(rows, batchSize);
    const rest = rows.slice(batch.length);
    if (single || rest.length === 0) return reply(0, namespace, "firstBatch", batch);
    const id = randomInt(1, 2 ** 47); // exact as a number, and not to be guessed
    this.#open.set(id, { namespace, rows: rest, touchedAt: Date.now() });
    return reply(id, namespace, "firstBatch", batch);
  }

  /** @throws ServerError 43 when the cursor is gone or belongs to another collection. */
  next(id: number, namespace: string, batchSize = Infinity): Uint8Array {
    const cursor = this.#open.get(id);
    if (!cursor || cursor.namespace !== namespace) throw new ServerError(43, `cursor id ${id} not found`);
    const batch = take(cursor.rows, batchSize);
    cursor.rows = cursor.rows.slice(batch.length);
    cursor.touchedAt = Date.now();
    if (cursor.rows.length > 0) return reply(id, namespace, "nextBatch", batch);
    this.#open.delete(id);
    return reply(0, namespace, "nextBatch", batch);
  }

  /** False when there is no such cursor. */
  kill(id: number): boolean {
    return this.#open.delete(id);
  }

  forgetIdle(now: number): void {
    for (const [id, { touchedAt }] of this.#open) if (now - touchedAt > idleMs) this.#open.delete(id);
  }
}

const reply = (id: number, ns: string, field: "firstBatch" | "nextBatch", rows: readonly Uint8Array[]): Uint8Array =>
  withRawDocument("cursor", withRawArray({ id: Long.fromNumber(id), ns }, field, rows), { ok: 1 });

/** At most `count` rows and one reply's worth of bytes, but at least one row when any is wanted. */
function take(rows: readonly Uint8Array[], count: number): Uint8Array[] {
  const taken: Uint8Array[] = [];
  let bytes = 0;
  for (const row of rows) {
    if (taken.length >= count || (taken.length > 0 && bytes + row.length > maxBatchBytes)) break;
    taken.push(row);
    bytes += row.length;
  }
  return taken;
}
