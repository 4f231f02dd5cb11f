import { setImmediate as nextTurn } from "node:timers/promises";
import { bounded } from "./bounded.js";
import { ServerError } from "./server-error.js";

const sliceMs = 10;
/** Also an operation that names no limit ends. */
const defaultLimitMs = 300_000;
/** What one bounded piece of work may take: longer, and it would hold up everybody else. */
const pieceLimitMs = 1_000;
const firstPiece = 16;
const largestPiece = 4_096;

/** One command while it runs: how long it may, whether somebody ended it, and when it lets others go first. */
export class Operation {
  readonly #startedAt = performance.now();
  readonly #limitMs: number;
  #sliceStart = performance.now();
  #killed = false;

  constructor(
    readonly id: number,
    readonly command: string,
    readonly namespace: string,
    maxTimeMs: number,
  ) {
    this.#limitMs = maxTimeMs > 0 ? maxTimeMs : defaultLimitMs;
  }

  get runningMs(): number {
    return performance.now() - this.#startedAt;
  }

  kill(): void {
    this.#killed = true;
  }

  /** @throws ServerError Interrupted (11601) or MaxTimeMSExpired (50). */
  check(): void {
    if (this.#killed) throw new ServerError(11601, "operation was interrupted");
    if (this.runningMs > this.#limitMs) throw new ServerError(50, "operation exceeded time limit");
  }

  /** Lets other connections have their turn once this one has had its slice. */
  async breathe(): Promise<void> {
    if (this.#isDue) await this.#rest();
  }

  /** For work of unknown length that changes nothing: see `bounded`. With `large` it may hold up others as long as the operation may run. */
  bounded<T>(work: () => T, { large = false } = {}): T {
    const left = this.#limitMs - this.runningMs;
    return bounded(work, large ? left : Math.min(pieceLimitMs, left));
  }

  /**
   * The items in pieces that take a few milliseconds each; others have their turn in between. The items are what there was when the first
   * of them had it.
   */
  async *pieces<T>(items: Iterable<T>): AsyncGenerator<T[]> {
    let source = items[Symbol.iterator]();
    let isDetached = Array.isArray(items);
    let size = firstPiece;
    for (;;) {
      const piece = take(source, size);
      if (piece.length === 0) return;
      const startedAt = performance.now();
      yield piece;
      if (piece.length < size) return;
      const took = performance.now() - startedAt;
      size = took > sliceMs / 2 ? Math.max(1, size >> 1) : Math.min(largestPiece, size * 2);
      if (!this.#isDue) continue;
      if (!isDetached) source = take(source, Infinity)[Symbol.iterator]();
      isDetached = true;
      await this.#rest();
    }
  }

  get #isDue(): boolean {
    return performance.now() - this.#sliceStart >= sliceMs;
  }

  async #rest(): Promise<void> {
    this.check();
    await nextTurn();
    this.#sliceStart = performance.now();
    this.check();
  }
}

function take<T>(source: Iterator<T>, count: number): T[] {
  const items: T[] = [];
  while (items.length < count) {
    const next = source.next();
    if (next.done) break;
    items.push(next.value);
  }
  return items;
}
