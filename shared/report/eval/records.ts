import { createSignatureMiner, normaliseRecord } from "@flow-rag/insights";
import type { TestRun } from "../test/memory-stores.js";

export const zone = "Europe/Paris";

/** A record as it is in the file. */
export type Raw = Readonly<Record<string, unknown>>;
const plain = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "$date" in value
    ? value.$date
    : typeof value === "object" && value !== null && "$oid" in value
      ? value.$oid
      : value;

/** When a record says that it happened, epoch ms. */
export const instantOf = (record: Raw): number => new Date(plain(record["timestamp"]) as string | Date).getTime();

/** Records as the worker stores them; the id of a run ends with the place of its record. */
export function toRuns(records: readonly Raw[]): TestRun[] {
  const miner = createSignatureMiner();
  return records.flatMap((record, index): TestRun[] => {
    const [pipeline, tech, status, timestamp, error, durationMs, owner] = [
      "pipeline_name",
      "tech",
      "status",
      "timestamp",
      "error_message",
      "duration_ms",
      "owner",
    ].map((name) => plain(record[name]));
    const result = normaliseRecord(
      { source: "s", recordId: String(index), fields: { pipeline, tech, status, timestamp, error, durationMs, owner } },
      { zone },
    );
    if (!result.ok) return [];
    const { facts } = result;
    const signature = facts.error === null ? null : (miner.place(facts.error)?.id ?? null);
    return [{ ...facts, id: `s:${index}`, at: facts.ts.getTime(), signature }];
  });
}

export const failedWords = new Set(["failed", "fail", "échec", "error", "en erreur", "ko", "upstream_failed"]);
export const goodWords = new Set(
  ["success", "completed", "succeeded", "ok", "done", "succès", "finished", "terminé", "pass", "warn", "warning", "ok avec avertissements"], // prettier-ignore
);
