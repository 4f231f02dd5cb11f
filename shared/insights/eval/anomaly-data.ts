import { createSignatureMiner, normaliseRecord, type RunSeen } from "@flow-rag/insights";
import { readFileSync } from "node:fs";
import { generateSample } from "../../../services/cli/src/domain/generate-sample.js";
import { dataFolder } from "./data.js";

export const zone = "Europe/Paris";
export const websiteChecks = new URL("runs/website-checks.ndjson", dataFolder);

/** Records under the source's default field names, oldest first, as the detectors see them: normalised, signed in the order of their arrival. */
function toRuns(records: readonly Record<string, unknown>[], source: string): RunSeen[] {
  const miner = createSignatureMiner();
  return records.flatMap((record, index): RunSeen[] => {
    const fields = {
      pipeline: record["pipeline_name"],
      tech: record["tech"],
      status: record["status"],
      timestamp: record["timestamp"],
      error: record["error_message"],
      durationMs: record["duration_ms"],
    };
    const result = normaliseRecord({ source, recordId: String(index), fields }, { zone });
    if (!result.ok) return [];
    const { pipeline, tech, status, ts, durationMs, error } = result.facts;
    const signature = error === null ? null : (miner.place(error)?.id ?? null);
    return [{ id: `${source}:${index}`, pipeline, tech, status, at: ts.getTime(), durationMs, signature }];
  });
}

export const readWebsiteChecks = (): RunSeen[] =>
  toRuns(
    readFileSync(websiteChecks, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>),
    "website-checks",
  );

const end = new Date("2026-05-06T05:30:00Z");

/** The generated sample and what was planted in it; with `clean`, without the runs of the days that a planted incident touches. */
export function makeSample({ days, pipelines, seed }: { days: number; pipelines: number; seed: number }): {
  runs: RunSeen[];
  firstPlanted: number;
} {
  const { records, incidents } = generateSample({ days, pipelines, seed, end, zone });
  return { runs: toRuns(records, "sample"), firstPlanted: Math.min(...incidents.map(({ from }) => from.getTime())) };
}
