import { createHash } from "node:crypto";

/**
 * Joins parts into one id; different lists of parts always give different ids.
 *
 * Shape: percent-encoded parts joined by "~", so it holds no ":" and is never all digits.
 * Source: BullMQ rejects job ids that break either rule.
 * @throws URIError when a part holds half a surrogate pair.
 */
export const joinId = (...parts: [string, string, ...string[]]): string =>
  parts.map((part) => encodeURIComponent(part).replaceAll("~", "%7E")).join("~");

/** SHA-256 of the parts, each preceded by its length so that no two lists give one input. Shape: 32 lower-case hex digits (128 bits). */
export function digest(...parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest("hex").slice(0, 32);
}
