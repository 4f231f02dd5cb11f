import { z } from "zod";

const path = z.string().min(1, "a path must not be empty").max(200, "a path has 200 characters at most");
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
/** A wanted value, or several of which one is enough; see `FieldRule`. */
const wanted = z.union([scalar, z.array(scalar).min(1).max(50)], {
  error: () => "must be a text, a number, a boolean, null or a list of those",
});

/**
 * Where a value stands under a condition. `when`: paths and what they must hold, all of them; texts without regard to case and accents, `null`
 * for nothing there, `"*"` for a field that exists, whatever it holds. `in`: a list, of whose elements the first that fits is looked at.
 * Then `take` says where the value stands, or `is` the value itself.
 */
const fieldRule = z
  .strictObject(
    {
      in: path.optional(),
      when: z.record(path, wanted).optional(),
      take: path.optional(),
      is: z.union([z.string().min(1), z.number(), z.boolean()]).optional(),
    },
    {
      error: (issue) =>
        issue.code === "unrecognized_keys"
          ? `unknown ${issue.keys.join(", ")}; a rule has in, when, take or is`
          : `must be a path such as "job.name", or a rule such as {"when":{"status":"completed"},"take":"conclusion"}`,
    },
  )
  .refine(({ take, is }) => (take === undefined) !== (is === undefined), "a rule has either take or is");
export type FieldRule = z.output<typeof fieldRule>;
export type FieldStep = string | FieldRule;

/** Nanoseconds to hours: what a bare number counts. */
export const durationUnits = ["ns", "us", "ms", "s", "min", "h"] as const;
export type DurationUnit = (typeof durationUnits)[number];

/** Where a field is looked for: the first place that holds something. `unit` is that of a duration that names none. */
export type FieldPlaces = { readonly steps: readonly FieldStep[]; readonly unit?: DurationUnit };

const mostSteps = 20;
function readSteps(given: unknown, context: z.RefinementCtx): FieldStep[] {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (list.length === 0 || list.length > mostSteps)
    context.addIssue({ code: "custom", message: `1 to ${mostSteps} paths and rules are wanted` });
  return list.slice(0, mostSteps).flatMap((step, index) => {
    const { data, error } = typeof step === "string" ? path.safeParse(step) : fieldRule.safeParse(step);
    for (const { path: inner, message } of error?.issues ?? [])
      context.addIssue({ code: "custom", path: [...(Array.isArray(given) ? [index] : []), ...inner], message });
    return data === undefined ? [] : [data];
  });
}

const places = (...steps: readonly FieldStep[]) =>
  z
    .unknown()
    .optional()
    .transform((given, context): FieldPlaces => ({ steps: given === undefined ? steps : readSteps(given, context) }));

const timed = z.strictObject(
  { path: z.unknown().optional(), unit: z.enum(durationUnits, { error: () => `must be one of ${durationUnits.join(", ")}` }) },
  { error: () => `must be a path, a list, or {"path":"execution_time","unit":"s"}` },
);
const isTimed = (given: unknown): boolean => typeof given === "object" && given !== null && ("unit" in given || "path" in given);

/** As other fields, or `{path, unit}`. */
const durationPlaces = z
  .unknown()
  .optional()
  .transform((given, context): FieldPlaces => {
    if (given === undefined) return { steps: ["duration_ms"] };
    if (!isTimed(given)) return { steps: readSteps(given, context) };
    const { data, error } = timed.safeParse(given);
    for (const { path: inner, message } of error?.issues ?? []) context.addIssue({ code: "custom", path: inner, message });
    return data ? { steps: readSteps(data.path, context), unit: data.unit } : { steps: [] };
  });

/** What systems write when a run is over, however it went: how it went stands in a second field where there is one. */
const over = ["completed", "complete", "finished", "ended", "done", "terminated"];
const outcomes = ["success", "successful", "succeeded", "passed", "failed", "failure", "error", "canceled", "cancelled", "aborted"];
/** GitHub's `conclusion`, YARN's `finalStatus`, Databricks' `result_state`; Azure DevOps' `result`, a common name, only when it is an outcome. */
const statusSteps: readonly FieldStep[] = [
  ...["conclusion", "finalStatus", "result_state"].map((take) => ({ when: { status: over, [take]: "*" }, take })),
  { when: { status: over, result: [...outcomes, "partiallySucceeded", "unstable"] }, take: "result" },
  "status",
];

const fieldNames = {
  pipeline: places("pipeline_name"),
  tech: places("tech"),
  status: places(...statusSteps),
  error: places("error_message"),
  timestamp: places("timestamp"),
  durationMs: durationPlaces,
  startedAt: places("started_at"),
  endedAt: places("ended_at"),
  runId: places("run_id"),
  environment: places("environment"),
  owner: places("owner"),
  updatedAt: places("updated_at"),
  recordsProcessed: places("records_processed"),
};

/**
 * Where each of our fields stands in a source's records: a dotted path, or several paths and rules in order. Set by `SOURCE_FIELDS`, a JSON
 * object; a key that is left out keeps its default.
 */
export const sourceFields = z
  .strictObject(fieldNames, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? `unknown ${issue.keys.join(", ")}; known are ${Object.keys(fieldNames).join(", ")}` : undefined,
  })
  .prefault({});
export type SourceFields = z.output<typeof sourceFields>;
export type SourceField = keyof SourceFields;

/** The first plain path of a field, which writing and ordering go by; undefined when there are only rules. */
export const plainPathOf = ({ steps }: FieldPlaces): string | undefined => steps.find((step) => typeof step === "string");

/** The paths that pulls may be ordered by: those that want an index. */
export const cursorPathsOf = ({ timestamp, updatedAt }: SourceFields): string[] =>
  [timestamp, updatedAt].flatMap((places) => plainPathOf(places) ?? []);

/** Every path that is looked at, none inside another: what to ask the database for. */
export function pathsOf(fields: SourceFields): string[] {
  const all = Object.values(fields).flatMap(({ steps }) => steps.flatMap(pathsOfStep));
  const distinct = [...new Set(all)].sort();
  return distinct.filter((one) => !distinct.some((other) => one.startsWith(`${other}.`)));
}
function pathsOfStep(step: FieldStep): string[] {
  if (typeof step === "string") return [step];
  if (step.in !== undefined) return [step.in];
  return [...Object.keys(step.when ?? {}), ...(step.take === undefined ? [] : [step.take])];
}
