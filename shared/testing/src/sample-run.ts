import type { Run } from "@flow-rag/contracts";

/** A success of orders-daily in the night to 5 May 2026, but for what is said. */
export const sampleRun = (recordId: string, fields: Partial<Run> = {}): Run => ({
  source: "flows",
  recordId,
  pipeline: "orders-daily",
  tech: "Spark",
  status: "success",
  rawStatus: "OK",
  ts: new Date("2026-05-05T02:00:00Z"),
  durationMs: 1_000,
  error: null,
  environment: "prod",
  owner: null,
  runRef: null,
  recordsProcessed: null,
  signature: null,
  contentHash: "h",
  fingerprint: "f",
  indexedAt: new Date("2026-05-05T03:00:00Z"),
  ...fields,
});
