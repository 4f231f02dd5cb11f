import { doubt, unreadStatuses } from "@flow-rag/contracts";
import { z } from "zod";
import { tokenDay } from "./token-day.js";

export const part = z.strictObject({ status: z.enum(["ok", "waiting", "stuck"]), reason: z.string().optional() });
export const checks = z.record(z.string(), z.strictObject({ status: z.enum(["ok", "down"]), ms: z.int(), reason: z.string().optional() }));
const count = z.int().nullable();
export const statusSchema = z
  .strictObject({
    status: z.enum(["ok", "degraded", "wedged"]),
    at: z.iso.datetime(),
    version: z.string(),
    node: z.string(),
    dependencies: checks,
    /** `inParity`: every record has a run or is set aside. Null where it could not be looked up. */
    sources: z.array(
      z.strictObject({
        source: z.string(),
        records: count,
        runs: count,
        setAside: count,
        unread: unreadStatuses.nullable(),
        inParity: z.boolean().nullable(),
        enqueuedThrough: z.string().nullable(),
        indexedThrough: z.string().nullable(),
        movedAt: z.string().nullable(),
        /** When corrections of records that had ended, and removals, are seen next. */
        nextReconcileAt: z.string().nullable(),
      }),
    ),
    /** What is known to be wrong or missing in the figures of the last seven days; null where it could not be looked up. */
    doubts: z.array(doubt).nullable(),
    index: z.strictObject({ collection: z.string(), embedder: z.string(), documents: z.int() }).nullable(),
    queues: z
      .array(
        z.strictObject({
          queue: z.string(),
          paused: z.boolean(),
          counts: z.record(z.string(), z.int()),
          consumers: z.int(),
          oldestWaitingSeconds: count,
          health: z.enum(["ok", "waiting", "stuck"]),
        }),
      )
      .nullable(),
    /** Deliveries of all reports by state; an unknown one may have arrived, and a person decides. */
    report: z.strictObject({ lastSentAt: z.string().nullable(), deliveries: z.record(z.string(), z.int()).nullable() }),
    breakers: z.record(z.string(), z.enum(["closed", "open", "trying"])),
    model: z.strictObject({ embedder: z.string().nullable(), chat: z.string().nullable(), tokens: tokenDay.nullable() }),
  })
  .meta({ id: "Status" });
export type FleetStatus = z.output<typeof statusSchema>;
