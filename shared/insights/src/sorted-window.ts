import { medianOf, quantileOf } from "@flow-rag/kernel";
import { countBelow, countUpTo } from "./ascending.js";

/** The last `size` numbers of a stream, in order of size. Adding moves memory, which for a few thousand numbers takes about a microsecond. */
export class SortedWindow {
  private readonly sorted: Float64Array;
  private readonly arrivals: Float64Array;
  private next = 0;
  length = 0;

  constructor(private readonly size: number) {
    this.sorted = new Float64Array(size + 1);
    this.arrivals = new Float64Array(size);
  }

  add(value: number): void {
    if (this.length === this.size) {
      const leaving = this.countBelow(this.arrivals[this.next] ?? 0);
      this.sorted.copyWithin(leaving, leaving + 1, this.length);
      this.length -= 1;
    }
    const at = this.countBelow(value);
    this.sorted.copyWithin(at + 1, at, this.length);
    this.sorted[at] = value;
    this.length += 1;
    this.arrivals[this.next] = value;
    this.next = (this.next + 1) % this.size;
  }

  /** How many are less than `value`. */
  countBelow(value: number): number {
    return countBelow(this.sorted, value, this.length);
  }

  /** How many are at least `value`. */
  countFrom(value: number): number {
    return this.length - this.countBelow(value);
  }

  /** How many are at most `value`. */
  countUpTo(value: number): number {
    return countUpTo(this.sorted, value, this.length);
  }

  /** The quantile of them, as of the whole project; 0 when there are none. */
  quantile(share: number): number {
    return quantileOf(this.sorted.subarray(0, this.length), share);
  }

  median(): number {
    return medianOf(this.sorted.subarray(0, this.length));
  }
}
