import { type Decimal128, Double, Int32, Long } from "bson";

/** Every way a number can look after decoding: promoted (`number`, and `Long` where a number is too small) or not. */
export type Numeric = number | Int32 | Double | Long | Decimal128;

/** value = coefficient × 10^exponent, exactly. */
type Exact = { coefficient: bigint; exponent: number };

export function isNumeric(value: unknown): value is Numeric {
  if (typeof value === "number") return true;
  const type = (value as { _bsontype?: string } | null)?._bsontype;
  return type === "Int32" || type === "Double" || type === "Long" || type === "Decimal128";
}

/** The JavaScript number, where one holds the value exactly; other Longs and every Decimal128 stay as they are. */
export function promote(value: Numeric): number | Long | Decimal128 {
  if (typeof value === "number") return value;
  if (value._bsontype === "Int32" || value._bsontype === "Double") return value.valueOf();
  if (value._bsontype === "Long" && Number.isSafeInteger(value.toNumber())) return value.toNumber();
  return value;
}

/** As a number, rounded where it must be: for arithmetic whose result is a double anyway. */
export const toNumber = (value: Numeric): number => (typeof value === "number" ? value : Number(value.toString()));

/** NaN sorts below all other numbers and equals itself; values of different types compare exactly. */
export function compareNumbers(left: Numeric, right: Numeric): number {
  const [a, b] = [promote(left), promote(right)];
  if (typeof a === "number" && typeof b === "number") {
    if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
    return a < b ? -1 : a > b ? 1 : 0;
  }
  if (isFinite(a) && isFinite(b)) return compareExact(exact(a), exact(b));
  const bounded = (value: typeof a) => (isFinite(value) ? 0 : toNumber(value)); // any finite number: the other one decides
  return compareNumbers(bounded(a), bounded(b));
}

/** Equal numbers give equal texts, whatever their types. */
export function numberKey(value: Numeric): string {
  const number = promote(value);
  if (typeof number === "number") {
    return Number.isInteger(number) && !Number.isSafeInteger(number) ? String(BigInt(number)) : String(number === 0 ? 0 : number);
  }
  const near = toNumber(number);
  if (!isFinite(number)) return String(near);
  const value10 = exact(number);
  if (Number.isFinite(near) && compareExact(value10, exact(near)) === 0) return numberKey(near);
  const { coefficient, exponent } = stripZeros(value10);
  return exponent >= 0 ? String(coefficient * 10n ** BigInt(exponent)) : `${coefficient}e${exponent}`;
}

const isFinite = (value: number | Long | Decimal128): boolean => !/[NI]/.test(String(value)); // NaN, Infinity

function compareExact(a: Exact, b: Exact): number {
  const exponent = Math.min(a.exponent, b.exponent);
  const x = a.coefficient * 10n ** BigInt(a.exponent - exponent);
  const y = b.coefficient * 10n ** BigInt(b.exponent - exponent);
  return x < y ? -1 : x > y ? 1 : 0;
}

function exact(value: number | Long | Decimal128): Exact {
  if (typeof value === "number") return exactDouble(value);
  const [digits = "0", power = "0"] = value.toString().split("E");
  const [whole = "0", fraction = ""] = digits.split(".");
  return { coefficient: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}

/** A finite double is mantissa × 2^shift, and 2^-n = 5^n × 10^-n. */
function exactDouble(value: number): Exact {
  if (Number.isInteger(value)) return { coefficient: BigInt(value), exponent: 0 };
  let [mantissa, shift] = [value, 0];
  while (!Number.isInteger(mantissa)) [mantissa, shift] = [mantissa * 2, shift + 1];
  return { coefficient: BigInt(mantissa) * 5n ** BigInt(shift), exponent: -shift };
}

function stripZeros({ coefficient, exponent }: Exact): Exact {
  if (coefficient === 0n) return { coefficient, exponent: 0 };
  while (coefficient % 10n === 0n) [coefficient, exponent] = [coefficient / 10n, exponent + 1];
  return { coefficient, exponent };
}

/** Integer types widen when they overflow, any double makes a double, as in MongoDB. Undefined for Decimal128, which is not done here. */
export function arithmetic(operation: "add" | "multiply", left: Numeric, right: Numeric): Int32 | Long | Double | undefined {
  const [a, b] = [typed(left), typed(right)];
  if (a._bsontype === "Decimal128" || b._bsontype === "Decimal128") return undefined;
  if (a._bsontype === "Double" || b._bsontype === "Double") {
    const [x, y] = [toNumber(a), toNumber(b)];
    return new Double(operation === "add" ? x + y : x * y);
  }
  const [x, y] = [BigInt(a.toString()), BigInt(b.toString())];
  const result = operation === "add" ? x + y : x * y;
  const small = a._bsontype === "Int32" && b._bsontype === "Int32" && result >= -(2n ** 31n) && result < 2n ** 31n;
  if (small) return new Int32(Number(result));
  if (result < -(2n ** 63n) || result >= 2n ** 63n) return undefined;
  return Long.fromBigInt(result);
}

const typed = (value: Numeric): Int32 | Double | Long | Decimal128 => {
  if (typeof value !== "number") return value;
  return Number.isInteger(value) && Math.abs(value) < 2 ** 31 && !Object.is(value, -0) ? new Int32(value) : new Double(value);
};
