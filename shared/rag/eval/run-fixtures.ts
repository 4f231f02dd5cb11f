import { readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { execPath } from "node:process";
import { fileURLToPath } from "node:url";

/** A record as the evaluation reads it by itself: nothing of the product's normalisation. */
export type GoldRun = {
  readonly id: string;
  readonly pipeline: string;
  readonly tech: string;
  readonly status: string;
  readonly at: number;
  readonly durationMs: number | null;
  readonly error: string | null;
  readonly signature: string | null;
  readonly environment: string | null;
};
type Line = Record<string, unknown>;

const root = new URL("../../../", import.meta.url);
const statuses: Readonly<Record<string, string>> = {
  FAILED: "failed",
  SUCCESS: "success",
  UNKNOWN: "unknown",
  RUNNING: "running",
  CANCELLED: "cancelled",
  SKIPPED: "skipped",
  WARNING: "warning",
};

/** A file of ../shared/data, located from the repository; undefined when it is not there. */
export function readDataFile(name: string): GoldRun[] | undefined {
  try {
    return toRuns(readFileSync(new URL(`../shared/data/runs/${name}`, root), "utf8"));
  } catch {
    return undefined;
  }
}

/** The generated sample, by the command that users have. */
export function generateSample(end: string, { days = 14, pipelines = 40 } = {}): GoldRun[] {
  const bin = fileURLToPath(new URL("services/cli/bin/flow-rag.mjs", root));
  const { stdout, status } = spawnSync(
    execPath,
    [bin, "sample", "--days", String(days), "--pipelines", String(pipelines), "--seed", "7", "--end", end],
    {
      encoding: "utf8",
      maxBuffer: 1 << 28,
    },
  );
  if (status !== 0) throw new Error("flow-rag sample failed");
  return toRuns(stdout);
}

const toRuns = (text: string): GoldRun[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => toRun(JSON.parse(line) as Line))
    .filter((run) => Number.isFinite(run.at));

function toRun(line: Line): GoldRun {
  const plain = (value: unknown, key: string): unknown => (typeof value === "object" && value !== null ? (value as Line)[key] : value);
  const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
  const error = text(line["error_message"]);
  const status = (text(line["status"]) ?? "UNKNOWN").toUpperCase();
  return {
    id: String(plain(line["_id"], "$oid")),
    pipeline: String(line["pipeline_name"]),
    tech: text(line["tech"]) ?? "unknown",
    status:
      statuses[status] ??
      (/^(DONE|PASS|FINISH|OK|COMPLET|SUCC)/.test(status) ? "success" : /^(FAIL|ERR|KO|CRASH|ABORT)/.test(status) ? "failed" : "unknown"),
    at: Date.parse(String(plain(line["timestamp"], "$date"))),
    durationMs: typeof line["duration_ms"] === "number" ? line["duration_ms"] : null,
    error,
    signature: error === null ? null : (error.split("\n")[0] ?? "").replace(/\d+/g, "#").slice(0, 80),
    environment: text(line["environment"]),
  };
}
