import { digest } from "@flow-rag/contracts";
import { fieldAt } from "./csv-columns.js";

/** What a record is known by: 24 hex digits, or why it has none. `again`: an earlier record of the same file has the same key. */
export type Identity = { readonly hex: string; readonly again: boolean } | { readonly reason: string };

/** One text for one value, whatever the order of its keys. */
function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null || value instanceof Date) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if ("_bsontype" in value) return `${JSON.stringify(value._bsontype)}${JSON.stringify(value)}`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(",")}}`;
}

/**
 * Identities of a file's records that bring no `_id`, in its order. With `key`, the fields that the user says a record is known by; without,
 * its whole content, and how often that content came before. So an export that has grown, in any order, adds what is new and nothing else.
 */
export function createIdentities(key: readonly string[] | undefined): (document: Readonly<Record<string, unknown>>) => Identity {
  const seen = new SeenDigests();
  return (document) => {
    const { _id: _none, ...content } = document;
    if (key === undefined) {
      const whole = digest("content", canonical(content));
      const before = seen.add(whole);
      return { hex: digest("record", whole, String(before)).slice(0, 24), again: false };
    }
    const values = key.map((path) => fieldAt(content, path));
    const missing = key.filter((_path, index) => values[index] === undefined || values[index] === null || values[index] === "");
    if (missing.length > 0) return { reason: `--key: it has no ${missing.join(", ")}` };
    const whole = digest("key", ...key, ...values.map(canonical));
    return { hex: whole.slice(0, 24), again: seen.add(whole) > 0 };
  };
}

const firstSlots = 1 << 12;

/** How often each of many digests came, in 12 bytes and a half-empty table each: a file of gigabytes has millions. */
class SeenDigests {
  #size = firstSlots;
  #used = 0;
  #high = new Uint32Array(firstSlots);
  #low = new Uint32Array(firstSlots);
  #counts = new Uint32Array(firstSlots);

  /** Counts it, and returns how often it came before. Of a digest the first 64 bits count. */
  add(digestHex: string): number {
    if (this.#used * 2 > this.#size) this.#grow();
    const high = Number.parseInt(digestHex.slice(0, 8), 16);
    const low = Number.parseInt(digestHex.slice(8, 16), 16);
    const slot = this.#slotOf(high, low);
    const before = this.#counts[slot] ?? 0;
    if (before === 0) this.#used += 1;
    [this.#high[slot], this.#low[slot], this.#counts[slot]] = [high, low, before + 1];
    return before;
  }

  #slotOf(high: number, low: number): number {
    let slot = low % this.#size;
    while ((this.#counts[slot] ?? 0) > 0 && (this.#high[slot] !== high || this.#low[slot] !== low)) slot = (slot + 1) % this.#size;
    return slot;
  }

  #grow(): void {
    const [high, low, counts] = [this.#high, this.#low, this.#counts];
    this.#size *= 2;
    this.#high = new Uint32Array(this.#size);
    this.#low = new Uint32Array(this.#size);
    this.#counts = new Uint32Array(this.#size);
    for (const [index, count] of counts.entries()) {
      if (count === 0) continue;
      const slot = this.#slotOf(high[index] ?? 0, low[index] ?? 0);
      [this.#high[slot], this.#low[slot], this.#counts[slot]] = [high[index] ?? 0, low[index] ?? 0, count];
    }
  }
}
