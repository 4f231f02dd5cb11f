import { runFilter, runStatus, sourceName, type RunFilter } from "@flow-rag/contracts";
import { AppError, parseInstant } from "@flow-rag/kernel";
import { z } from "zod";
import type { Caller } from "./route.js";

/** A local day (its first instant) or an instant with its offset. */
export const moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: "a day such as 2026-05-05 or an instant such as 2026-05-05T08:00:00+02:00 is wanted",
  })
  .meta({ description: "A day in the business time zone (its first instant), or an instant with its offset" });

/** The filter of a JSON body. */
export const bodyFilter = runFilter.extend({ from: moment.optional(), to: moment.optional() });

/** A list in a query: repeated, or separated by commas. */
const list = <T extends z.ZodType<string, string>>(item: T) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((given) => [given].flat().flatMap((text) => text.split(",").map((name) => name.trim())))
    .pipe(z.array(item).min(1).max(100))
    .optional();
const name = z.string().min(1).max(200);
const milliseconds = z.coerce.number().min(0).max(1e12).optional();

/** The filter of a query string; the names are in the singular, as one may stand there several times. */
export const queryFilter = z.strictObject({
  from: moment.optional(),
  to: moment.optional(),
  source: list(sourceName),
  pipeline: list(name),
  tech: list(name),
  status: list(runStatus),
  environment: list(name),
  signature: list(name),
  error: z.string().min(1).max(200).optional(),
  min_duration: milliseconds,
  max_duration: milliseconds,
});

/** A query's filter in the terms of a body's. */
export const fromQuery = ({
  source,
  pipeline,
  tech,
  status,
  environment,
  signature,
  ...rest
}: z.output<typeof queryFilter>): z.output<typeof bodyFilter> => ({
  ...rest,
  ...(source && { sources: source }),
  ...(pipeline && { pipelines: pipeline }),
  ...(tech && { techs: tech }),
  ...(status && { statuses: status }),
  ...(environment && { environments: environment }),
  ...(signature && { signatures: signature }),
});

/**
 * The filter as the stores take it, and never wider than the caller may look.
 * @throws AppError `forbidden` for a source that is not the caller's, `invalid_input` for a window without a length.
 */
export function readFilter(filter: z.output<typeof bodyFilter>, { caller, zone }: { caller: Caller; zone: string }): RunFilter {
  const read = (text: string): string => {
    const instant = parseInstant(text, zone);
    if (!instant) throw new AppError("invalid_input", "from, to: not a date of the calendar");
    return instant.toISOString();
  };
  const { from, to, sources, ...rest } = filter;
  const window = { ...(from !== undefined && { from: read(from) }), ...(to !== undefined && { to: read(to) }) };
  if (window.from !== undefined && window.to !== undefined && window.from >= window.to)
    throw new AppError("invalid_input", "to: not after from");
  const allowed = sourcesOf(caller, sources);
  return { ...rest, ...window, ...(allowed && { sources: allowed }) };
}

/** @throws AppError `forbidden` for a source that is not the caller's. */
export function sourcesOf({ sources: own }: Caller, asked: readonly string[] | undefined): string[] | undefined {
  if (own === null) return asked && [...asked];
  if (asked?.some((source) => !own.includes(source)))
    throw new AppError("forbidden", `the key reads of these sources only: ${own.join(", ")}`);
  return [...(asked ?? own)];
}
