import { sourcePull } from "@flow-rag/contracts";
import { AppError, localDay, parse, parseInstant } from "@flow-rag/kernel";
import { z } from "zod";

type JsonSchema = Record<string, unknown>;
const sourcePullInput = sourcePull.payload.omit({ slot: true, allowRemovals: true });

/** `now`: the examples are about the day before. */
type FormOptions = { readonly sources: readonly string[]; readonly zone: string; readonly now: Date };

/** The queue's payload as a form: what a person decides, with what it means and examples. Dates alone will do, read in `zone`. */
export function pullForm({ sources, zone, now }: FormOptions): JsonSchema {
  const dayOf = (date: Date) => localDay(date, zone);
  const [from, to] = [dayOf(new Date(now.getTime() - 86_400_000)), dayOf(now)];
  const { $schema: _draft, ...schema } = z.toJSONSchema(sourcePullInput, { io: "input" }) as JsonSchema;
  const properties = schema["properties"] as Record<string, JsonSchema>;
  const filter = properties["filter"] as JsonSchema & { properties: Record<string, JsonSchema> };
  const instant = (title: string, description: string, example: string): JsonSchema => ({
    type: "string",
    title,
    description: `${description} A date such as ${example} (${zone}) or an instant with its offset.`,
    examples: [example, `${example}T06:00:00+02:00`],
  });
  const about = (name: string, extra: JsonSchema): JsonSchema => ({ ...filter.properties[name], ...extra });
  return {
    ...schema,
    title: "Re-ingest records",
    description: "Reads records of the source again. What the index holds as it is is left alone, unless forced.",
    properties: {
      source: { ...properties["source"], enum: [...sources], default: sources[0], description: "Which source." },
      mode: {
        ...properties["mode"],
        default: "selected",
        description: "selected: the records that the filter matches; changes: on from the watermark; everything: the whole source.",
      },
      filter: {
        ...filter,
        description: "For selected. What is left out matches everything.",
        default: { from: "", to: "" },
        properties: {
          from: instant("From", "First instant that is meant.", from),
          to: instant("To", "First instant that is no longer meant.", to),
          pipelines: about("pipelines", { description: "Names of pipelines.", examples: [["daily-orders"]] }),
          techs: about("techs", { description: "Names of technos.", examples: [["Spark", "Talend"]] }),
          statuses: about("statuses", { description: "As the answers name them.", examples: [["failed"]] }),
          ids: about("ids", { description: "Record ids.", examples: [["66501f0a2f8fb814b56fa181"]] }),
        },
      },
      dryRun: { ...properties["dryRun"], default: true, description: "Only count what matches: nothing is enqueued. For selected." },
      force: { ...properties["force"], description: "Embed unchanged records too." },
    },
    examples: [
      { source: sources[0], mode: "selected", filter: { from, to }, dryRun: true },
      { source: sources[0], mode: "selected", filter: { statuses: ["failed"], techs: ["Spark"] }, dryRun: false, force: true },
    ],
  };
}

const formData = z.looseObject({ filter: z.looseObject({}).optional() });

/**
 * What the form was filled with as a payload. Fields that were left empty are left out; dates are read in `zone`.
 * @throws AppError `invalid_input` naming the field.
 */
export function readPullForm(data: unknown, zone: string): z.input<typeof sourcePull.payload> {
  const { filter = {}, ...rest } = parse(formData, data, "job");
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => !isEmpty(value)));
  for (const name of ["from", "to"]) {
    const text = given[name];
    if (typeof text !== "string") continue;
    const instant = parseInstant(text.trim(), zone);
    if (!instant) throw new AppError("invalid_input", `filter.${name}: a date such as 2026-05-01 is wanted`);
    given[name] = instant.toISOString();
  }
  const { from, to } = given as { from?: string; to?: string };
  if (from !== undefined && to !== undefined && from >= to) throw new AppError("invalid_input", "filter.to: not after filter.from");
  const filtered = Object.keys(given).length > 0;
  const payload = { ...rest, mode: rest["mode"] ?? (filtered ? "selected" : "changes"), ...(filtered && { filter: given }) };
  if (filtered && payload.mode !== "selected") throw new AppError("invalid_input", `mode: "selected" goes with a filter`);
  if (payload.mode !== "selected" && rest["dryRun"] === true) throw new AppError("invalid_input", `mode: "selected" goes with a dry run`);
  return parse(sourcePull.payload, payload, "job");
}

const isEmpty = (value: unknown): boolean => value === "" || value === null || (Array.isArray(value) && value.length === 0);
