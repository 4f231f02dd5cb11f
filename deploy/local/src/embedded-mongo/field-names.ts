import { badValue } from "./server-error.js";

/**
 * Names of fields as keys of JavaScript objects. Three kinds of names mean something else to JavaScript than to MongoDB, and get a NUL in
 * front, which no BSON name can hold: integers (an object would move them before all others), what every object inherits (`__proto__`,
 * `constructor`, `toString`) and marks that libraries look for. So `object[key]` is safe for every key made here.
 */
const guard = "\0";
const reserved = new Set([...Object.getOwnPropertyNames(Object.prototype), "_bsontype", "$ref"]);
const integer = /^(0|[1-9]\d*)$/;
const digitZero = 48;
const digitNine = 57;

export function toKey(name: string): string {
  const first = name.charCodeAt(0);
  if (first >= digitZero && first <= digitNine) return integer.test(name) ? guard + name : name;
  return reserved.has(name) ? guard + name : name;
}

export const toName = (key: string): string => (key.charCodeAt(0) === 0 ? key.slice(1) : key);

/** The keys on the way of a dotted path, given as a name or as a key. */
export function splitPath(path: string): string[] {
  return path.split(".").map((part) => {
    const name = toName(part);
    if (name.includes(guard)) throw badValue("A field path must not contain a null byte");
    return toKey(name);
  });
}

export const joinPath = (keys: readonly string[]): string => keys.map(toName).join(".");

/** The place in an array that a key means; undefined for a key that is no number. */
export function arrayIndex(key: string): number | undefined {
  const name = toName(key);
  return /^\d{1,10}$/.test(name) ? Number(name) : undefined;
}
