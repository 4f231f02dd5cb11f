import { Long } from "bson";
import { isNumeric, promote, toNumber, type Numeric } from "./numbers.js";
import { unsupported } from "./server-error.js";

/** Sums beyond this many bits are not whole numbers any more. */
const longLimit = 2n ** 63n;

/**
 * A sum as MongoDB has it: whole numbers exactly, doubles with the error of each step carried along (double-double, after Knuth's two-sum).
 * What is no number counts for nothing.
 */
export class Sum {
  #count = 0;
  #whole = 0n;
  #safe = 0;
  #high = 0;
  #low = 0;
  #hasDouble = false;

  add(value: unknown): void {
    if (!isNumeric(value)) return;
    this.#count++;
    const number = promote(value);
    if (typeof number === "number") return this.#addNumber(number);
    if (number._bsontype === "Decimal128") throw unsupported("sums of Decimal128");
    this.#whole += number.toBigInt();
  }

  result(): Numeric {
    const whole = this.#whole + BigInt(this.#safe);
    if (this.#hasDouble) return this.#double(whole);
    if (whole >= longLimit || whole < -longLimit) return Number(whole);
    return promote(Long.fromBigInt(whole));
  }

  average(): number | null {
    return this.#count === 0 ? null : toNumber(this.result()) / this.#count;
  }

  #addNumber(value: number): void {
    if (Number.isSafeInteger(value)) {
      const next = this.#safe + value;
      if (Number.isSafeInteger(next)) this.#safe = next;
      else this.#whole += BigInt(value);
      return;
    }
    this.#hasDouble = true;
    this.#addDouble(value);
  }

  #addDouble(value: number): void {
    const sum = this.#high + value;
    const part = sum - this.#high;
    const error = this.#high - (sum - part) + (value - part);
    this.#high = sum;
    if (Number.isFinite(error)) this.#low += error;
  }

  #double(whole: bigint): number {
    const [high, low] = [this.#high, this.#low];
    const near = Number(whole);
    this.#addDouble(near);
    this.#addDouble(Number(whole - BigInt(near)));
    const result = this.#high + this.#low;
    [this.#high, this.#low] = [high, low];
    return Number.isFinite(this.#high) && !Number.isNaN(result) ? result : high + near;
  }
}

export function sumOf(values: readonly unknown[]): Sum {
  const sum = new Sum();
  for (const value of values) sum.add(value);
  return sum;
}
