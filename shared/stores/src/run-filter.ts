import type { RunStatus } from "@flow-rag/contracts";
import type { Document } from "mongodb";

/** Which runs are meant: half-open window [from, to) on `ts`, and any of the listed values. What is left out does not restrict. */
export type FactFilter = {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly statuses?: readonly RunStatus[] | undefined;
  readonly techs?: readonly string[] | undefined;
  readonly pipelines?: readonly string[] | undefined;
  readonly environments?: readonly string[] | undefined;
  readonly signatures?: readonly string[] | undefined;
  /** What is left out. */
  readonly excluded?:
    { readonly pipelines: readonly string[]; readonly techs: readonly string[]; readonly environments: readonly string[] } | undefined;
  /** Text that the error contains, whatever its case and accents. */
  readonly errorText?: string | undefined;
  /** Bounds in milliseconds: longer than, shorter than. */
  readonly minDurationMs?: number | undefined;
  readonly maxDurationMs?: number | undefined;
};

/**
 * What narrows every figure, whatever is asked for. `sources`: whose runs the asker may know of at all; an empty list is none of them.
 */
export type RunLimits = Pick<FactFilter, "from" | "to" | "statuses" | "techs" | "pipelines" | "environments"> & {
  readonly sources?: readonly string[] | undefined;
};

/** Runs within all the limits that pass the filter. Operators are our own: nothing a caller sent is spread into it. */
export function toMatch(filter: FactFilter, limits: readonly RunLimits[] = []): Document {
  const parts = [matchOf(filter), ...limits.map((limit) => ({ ...matchOf(limit), ...sourcesMatch(limit) }))].filter(
    (part) => Object.keys(part).length > 0,
  );
  return parts.length > 1 ? { $and: parts } : (parts[0] ?? {});
}

export const sourcesMatch = ({ sources }: RunLimits): Document => (sources ? { source: { $in: [...sources] } } : {});

/** The sources that all the limits allow; undefined when none of them restricts. */
export const sourcesOf = (limits: readonly RunLimits[]): readonly string[] | undefined =>
  limits.reduce<readonly string[] | undefined>(
    (allowed, limit) => (allowed && limit.sources ? allowed.filter((name) => limit.sources?.includes(name)) : (limit.sources ?? allowed)),
    undefined,
  );

function matchOf(filter: FactFilter): Document {
  const { from, to, statuses, techs, pipelines, environments, signatures, errorText, minDurationMs, maxDurationMs } = filter;
  const duration = {
    ...(minDurationMs !== undefined && { $gt: minDurationMs }),
    ...(maxDurationMs !== undefined && { $lt: maxDurationMs, $gte: 0 }),
  };
  const any = (values: readonly string[] | undefined, not: readonly string[] = []) =>
    values?.length || not.length > 0
      ? { ...(values?.length && { $in: [...values] }), ...(not.length > 0 && { $nin: [...not] }) }
      : undefined;
  const { excluded } = filter;
  const match: Document = {
    ts: from || to ? { ...(from && { $gte: from }), ...(to && { $lt: to }) } : undefined,
    status: any(statuses),
    tech: any(techs, excluded?.techs),
    pipeline: any(pipelines, excluded?.pipelines),
    environment: any(environments, excluded?.environments),
    signature: any(signatures),
    error: errorText ? { $regex: errorPattern(errorText), $options: "i" } : undefined,
    durationMs: Object.keys(duration).length > 0 ? duration : undefined,
  };
  return Object.fromEntries(Object.entries(match).filter(([, value]) => value !== undefined));
}

const accented: Readonly<Record<string, string>> = { a: "aàâä", c: "cç", e: "eéèêë", i: "iîï", n: "nñ", o: "oôö", u: "uùûü", y: "yÿ" };

/**
 * Letters of a sought text that are looked for: what follows narrows nothing. PCRE2 compiles a class to some forty bytes and refuses a
 * pattern that does not fit 64 KiB, which 2,000 vowels come near to.
 */
const mostSought = 500;
/** What has a meaning in a pattern outside of a class. A hyphen has none, and escaped it is refused by a `u` pattern of JavaScript. */
const special = /[\\^$.*+?()[\]{}|/]/;
/** Control characters and halves of a pair, which the server takes in no pattern as themselves. */
const unwritten = /[\p{Cc}\p{Cs}]/u;

/** "é" by itself is sought as itself: without its accent it would be in nearly every error. */
const isAccent = (text: string): boolean => [...text.normalize("NFC")].length === 1 && text.normalize("NFC") !== text.normalize("NFD");

/**
 * A pattern for a text as it is, its letters with or without accents: "memoire" finds "Mémoire". It means the same to JavaScript, with
 * the flags `iu`, and to PCRE2, with `i`.
 */
export const errorPattern = (text: string): string =>
  (isAccent(text) ? [text.normalize("NFC")] : [...text.normalize("NFD").replace(/\p{Mn}/gu, "")])
    .slice(0, mostSought)
    .map((letter) => {
      const letters = accented[letter.toLowerCase()];
      if (letters) return `[${letters}]`;
      if (special.test(letter)) return `\\${letter}`;
      return unwritten.test(letter) ? asCode(letter) : letter;
    })
    .join("");

const asCode = (letter: string): string => {
  const code = letter.codePointAt(0) ?? 0;
  // Half of a pair stands in no stored text: what the driver writes in its place is looked for.
  return code > 0xff ? "\uFFFD" : `\\x${code.toString(16).padStart(2, "0")}`;
};
