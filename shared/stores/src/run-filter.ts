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

/** A pattern for a text as it is, its letters with or without accents: "memoire" finds "Mémoire". */
export const errorPattern = (text: string): string =>
  [...text.normalize("NFD").replace(/\p{Mn}/gu, "")]
    .map(
      (letter) =>
        accented[letter.toLowerCase()]
          ? `[${accented[letter.toLowerCase()]}]`
          : letter.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&").replace("\0", "\\x00"), // the server refuses the character itself
    )
    .join("");
