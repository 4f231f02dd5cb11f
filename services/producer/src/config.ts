import { duration, logEnv, queueEnv, sourceEnv, stateEnv, type SourceField } from "@flow-rag/contracts";
import { z } from "zod";

const cursorFields = { timestamp: "timestamp", updated_at: "updatedAt" } as const satisfies Record<string, SourceField>;

/** The producer's environment: flat in, nested out. */
export const schema = z
  .object({
    ...logEnv,
    ...queueEnv,
    ...sourceEnv,
    ...stateEnv,
    /** When to look for changes, read in UTC. */
    PULL_CRON: z.string().min(1).default("*/5 * * * *"),
    /** When to compare the index with the whole source and repair it, which also finds removals, read in UTC. */
    RECONCILE_CRON: z.string().min(1).default("40 3 * * *"),
    /** How far behind the watermark each pull begins, for records that are written late. */
    PULL_OVERLAP: duration.prefault("30m"),
    /** Which time orders the source: `updated_at` finds changes of old records too. */
    CURSOR_FIELD: z.enum(["timestamp", "updated_at"]).default("timestamp"),
    /** Unfinished records.embed jobs above which pulling waits. */
    QUEUE_MAX_WAITING: z.coerce.number().int().min(1).default(1_000),
  })
  .transform((env) => ({
    log: { level: env.LOG_LEVEL },
    queue: { url: env.REDIS_URL, prefix: env.QUEUE_PREFIX, lockMs: env.QUEUE_LOCK, maxWaiting: env.QUEUE_MAX_WAITING },
    source: {
      name: env.SOURCE_NAME,
      uri: env.MONGO_URI,
      db: env.MONGO_DB,
      collection: env.MONGO_COLLECTION,
      fields: env.SOURCE_FIELDS,
      zone: env.SOURCE_TZ,
      cursorField: cursorFields[env.CURSOR_FIELD],
    },
    state: { uri: env.STATE_MONGO_URI ?? env.MONGO_URI, db: env.STATE_DB },
    pull: { cron: env.PULL_CRON, reconcileCron: env.RECONCILE_CRON, overlapMs: env.PULL_OVERLAP },
  }));

export type Config = z.output<typeof schema>;
