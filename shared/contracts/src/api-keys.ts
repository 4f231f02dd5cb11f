import { z } from "zod";
import { sourceName } from "./records.js";

/** What a key may do: ask questions and read, bring records in, operate the service, read its metrics. */
export const scope = z.enum(["query", "ingest", "admin", "metrics"]);
export type Scope = z.output<typeof scope>;

/** What a person says of a new key. `sources`: the only ones it may read of; null is all of them. */
export const newApiKey = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(scope).min(1),
  sources: z.array(sourceName).min(1).nullable().default(null),
  expiresAt: z.date().nullable().default(null),
});
export type NewApiKey = z.output<typeof newApiKey>;
