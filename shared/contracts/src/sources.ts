import type { z } from "zod";
import type { sourceEnv } from "./environment.js";
import { plainPathOf, type SourceField, type SourceFields } from "./source-fields.js";
import type { SourceStatuses } from "./source-statuses.js";

/** One collection that runs are read from. `uri` is undefined only where a process may start without it. */
export type SourceConfig<Uri extends string | undefined = string> = {
  readonly name: string;
  readonly uri: Uri;
  readonly db: string;
  readonly collection: string;
  readonly fields: SourceFields;
  readonly statuses: SourceStatuses;
  readonly zone: string;
  readonly cursorField: SourceField;
};
type SourceVariables<Uri> = z.output<z.ZodObject<Omit<typeof sourceEnv, "MONGO_URI">>> & { readonly MONGO_URI: Uri };

const cursorFields = { timestamp: "timestamp", updated_at: "updatedAt" } as const satisfies Record<string, SourceField>;

/** The default source, then those of SOURCES. A name that is used twice is reported under SOURCES. */
export function readSources<Uri extends string | undefined>(
  env: SourceVariables<Uri>,
  context: z.RefinementCtx,
): readonly [SourceConfig<Uri>, ...SourceConfig<Uri>[]] {
  const first: SourceConfig<Uri> = {
    name: env.SOURCE_NAME,
    uri: env.MONGO_URI,
    db: env.MONGO_DB,
    collection: env.MONGO_COLLECTION,
    fields: env.SOURCE_FIELDS,
    statuses: env.SOURCE_STATUSES,
    zone: env.SOURCE_TZ,
    cursorField: cursorFields[env.CURSOR_FIELD],
  };
  const others = env.SOURCES.map(({ cursor, uri, ...given }) => ({
    ...first,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...(uri !== undefined && { uri: uri as Uri }),
    ...(cursor && { cursorField: cursorFields[cursor] }),
  }));
  const names = [first, ...others].map(({ name }) => name);
  if (new Set(names).size < names.length)
    context.addIssue({ code: "custom", path: ["SOURCES"], message: "every source needs a name of its own" });
  [first, ...others].forEach(({ fields, cursorField }, index) => {
    if (plainPathOf(fields[cursorField]) !== undefined) return;
    const place = index === 0 ? ["SOURCE_FIELDS", cursorField] : ["SOURCES", index - 1, "fields", cursorField];
    context.addIssue({ code: "custom", path: place, message: "orders the pulls and needs a plain path besides its rules" });
  });
  return [first, ...others];
}
