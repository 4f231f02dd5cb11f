import { Long } from "bson";
import { randomInt } from "node:crypto";
import { ServerError } from "./server-error.js";
import type { Reply } from "./wire-protocol.js";
import { cursorReply } from "./wire-replies.js";

/** Rows are made into BSON as they are sent, and no earlier. */
export type Rows = { readonly count: number; encode(index: number): Uint8Array; release(): void };
type OpenCursor = { readonly namespace: string; readonly rows: Rows; next: number; touchedAt: number };
type FirstOptions = { batchSize?: number | undefined; single?: boolean };

const defaultFirstBatch = 101;
const maxBatchBytes = 16 * 1024 * 1024;
const idleMs = 600_000; // as a real server

export function rowsOf<T>(items: readonly T[], encode: (item: T) => Uint8Array, release: () => void = () => {}): Rows {
  return { count: items.length, encode: (index) => encode(items[index] as T), release };
}

/** Results that do not fit one reply. */
export class Cursors {
  readonly #open = new Map<number, OpenCursor>();

  get size(): number {
    return this.#open.size;
  }

  /** The reply with the first batch; the rest is kept under the cursor's id, which is 0 when there is none. */
  first(namespace: string, rows: Rows, { batchSize = defaultFirstBatch, single = false }: FirstOptions = {}): Reply {
    const cursor: OpenCursor = { namespace, rows, next: 0, touchedAt: Date.now() };
    let isKept = false;
    try {
      const batch = take(cursor, batchSize);
      if (single || cursor.next >= rows.count) return cursorReply(Long.ZERO, namespace, "firstBatch", batch);
      const id = randomInt(1, 2 ** 47); // exact as a number, and not to be guessed
      this.#open.set(id, cursor);
      isKept = true;
      return cursorReply(Long.fromNumber(id), namespace, "firstBatch", batch);
    } finally {
      if (!isKept) rows.release();
    }
  }

  /** @throws ServerError 43 when the cursor is gone or belongs to another collection. */
  next(id: number, namespace: string, batchSize = Infinity): Reply {
    const cursor = this.#open.get(id);
    if (!cursor || cursor.namespace !== namespace) throw new ServerError(43, `cursor id ${id} not found`);
    const batch = take(cursor, batchSize);
    cursor.touchedAt = Date.now();
    if (cursor.next < cursor.rows.count) return cursorReply(Long.fromNumber(id), namespace, "nextBatch", batch);
    this.kill(id);
    return cursorReply(Long.ZERO, namespace, "nextBatch", batch);
  }

  /** False when there is no such cursor. */
  kill(id: number): boolean {
    this.#open.get(id)?.rows.release();
    return this.#open.delete(id);
  }

  forgetIdle(now: number): void {
    for (const [id, { touchedAt }] of this.#open) if (now - touchedAt > idleMs) this.kill(id);
  }

  close(): void {
    for (const id of this.#open.keys()) this.kill(id);
  }
}

/** At most `count` rows and one reply's worth of bytes, but at least one row when any is wanted. */
function take(cursor: OpenCursor, count: number): Uint8Array[] {
  const taken: Uint8Array[] = [];
  let bytes = 0;
  while (taken.length < count && cursor.next < cursor.rows.count) {
    const row = cursor.rows.encode(cursor.next);
    if (taken.length > 0 && bytes + row.length > maxBatchBytes) break;
    taken.push(row);
    bytes += row.length;
    cursor.next++;
  }
  return taken;
}
