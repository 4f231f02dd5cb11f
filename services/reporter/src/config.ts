import { logEnv, queueEnv } from "@flow-rag/contracts";
import { z } from "zod";

/** The reporter's environment: flat in, nested out. */
export const schema = z
  .object({ ...logEnv, ...queueEnv })
  .omit({ QUEUE_LOCK: true })
  .transform((env) => ({ log: { level: env.LOG_LEVEL }, queue: { url: env.REDIS_URL, prefix: env.QUEUE_PREFIX } }));

export type Config = z.output<typeof schema>;
