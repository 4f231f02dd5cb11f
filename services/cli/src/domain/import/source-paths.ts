import type { SourceField, SourceFields } from "@flow-rag/contracts";
import type { WrittenPaths } from "./survey-records.js";

const timeFields = ["timestamp", "endedAt", "startedAt", "updatedAt"] as const satisfies readonly SourceField[];
const numberFields = ["durationMs", "recordsProcessed"] as const satisfies readonly SourceField[];

/** Where a record's time is looked for. */
export const pathsOfTimes = (fields: SourceFields): string[] => timeFields.map((field) => fields[field]);

/** Where texts stand that are dates or numbers. */
export const writtenPaths = (fields: SourceFields): WrittenPaths => ({
  times: pathsOfTimes(fields),
  numbers: numberFields.map((field) => fields[field]),
});

/** Every path that is read. */
export const readPaths = (fields: SourceFields): string[] => Object.values(fields);
