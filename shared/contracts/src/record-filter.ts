import { z } from "zod";
import { runStatus } from "./runs.js";

const names = z.array(z.string().trim().min(1).max(200)).min(1).max(100);

/** Which records are meant, in the terms of their runs: half-open window on when they happened, and any of the listed values. */
export const recordFilter = z.strictObject({
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  pipelines: names.optional(),
  techs: names.optional(),
  statuses: z.array(runStatus).min(1).optional(),
  ids: z.array(z.string().min(1).max(1_024)).min(1).max(10_000).optional(),
});
export type RecordFilter = z.output<typeof recordFilter>;
