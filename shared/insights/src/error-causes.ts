import type { RunHistory } from "./run-history.js";

/** What an error's text is known by, and who had it. */
export type KnownError = { readonly id: string; readonly template: string; readonly pipelines: readonly string[] };

/** Names the cause of an error: errors of one cause have the same. */
export type CauseOf = (signature: string) => string;

/** Each error is its own cause. */
export const ownCause: CauseOf = (signature) => signature;

/** Shorter names are words of many texts. */
const leastName = 4;
const separators = "[\\s._/:-]*";

/**
 * Causes of errors: two errors whose texts differ in nothing but the name of the pipeline that had them are one cause. The name is found however
 * its parts are joined (`orders-daily`, `ORDERS_DAILY`), and with its numbers masked. An error of several pipelines, and one that is not known, is its own cause.
 */
export function causesOf(errors: Iterable<KnownError>): CauseOf {
  const causes = new Map<string, string>();
  for (const { id, template, pipelines } of errors) {
    const [only, ...others] = pipelines;
    const pattern = only === undefined || others.length > 0 ? undefined : nameIn(only);
    const nameless = pattern === undefined ? template : template.replace(pattern, "<pipeline>");
    if (nameless !== template) causes.set(id, nameless);
  }
  return (signature) => causes.get(signature) ?? signature;
}

/** A pipeline's name within a masked text; undefined when it has too little to be known by. */
function nameIn(name: string): RegExp | undefined {
  const parts = name.match(/\p{L}+|\d+/gu) ?? [];
  if (parts.join("").length < leastName || !/\p{L}{2}/u.test(name)) return undefined;
  const masked = parts.map((part) => (/\d/.test(part) ? `(?:${part}|<num>|<id>)` : part));
  return new RegExp(`(?<![\\p{L}\\p{N}])${masked.join(separators)}(?![\\p{L}\\p{N}])`, "giu");
}

/** Signatures of the errors since an instant, epoch ms. */
export function signaturesSince(history: RunHistory, from: number): string[] {
  const found = new Set<string>();
  for (const { runs } of history.values()) for (const { signature, at } of runs.errors()) if (at >= from) found.add(signature);
  return [...found];
}
