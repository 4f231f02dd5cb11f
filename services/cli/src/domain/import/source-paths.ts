import { pathsOf, type FieldStep, type SourceField, type SourceFields } from "@flow-rag/contracts";

/** Where the fields stand whose texts have forms of their own. Dotted paths. */
export type WrittenPaths = { readonly times: readonly string[]; readonly numbers: readonly string[] };

/** Where a record's time is looked for. */
export const timeFields = ["timestamp", "endedAt", "startedAt", "updatedAt"] as const satisfies readonly SourceField[];
const numberFields = ["durationMs", "recordsProcessed"] as const satisfies readonly SourceField[];

/** Paths at which a value of the record itself stands; those within lists are left out. */
const valuePathOf = (step: FieldStep): string[] => {
  if (typeof step === "string") return [step];
  return step.in === undefined && step.take !== undefined ? [step.take] : [];
};
const valuePaths = (fields: SourceFields, names: readonly SourceField[]): string[] => [
  ...new Set(names.flatMap((name) => fields[name].steps.flatMap(valuePathOf))),
];

/** Where a record's time is looked for, lists included. */
export const pathsOfTimes = (fields: SourceFields): string[] =>
  pathsOf(Object.fromEntries(Object.keys(fields).map((name) => [name, isTime(name) ? fields[name] : { steps: [] }])) as SourceFields);

const isTime = (name: string): name is (typeof timeFields)[number] => (timeFields as readonly string[]).includes(name);

/** Where texts stand that are dates or numbers. */
export const writtenPaths = (fields: SourceFields): WrittenPaths => ({
  times: valuePaths(fields, timeFields),
  numbers: valuePaths(fields, numberFields),
});
