import type { RunFacts, RunStatus } from "@flow-rag/contracts";
import { DateTime } from "@flow-rag/kernel";
import { cutText } from "./clean-text.js";
import { maskError } from "./error-signature.js";

/** Part of the index fingerprint. Raise it whenever `embeddedText` gives another text. */
export const textVersion = "1";

const shownError = 600;

/** Each status in French and in English: a question in either language shares a word with the record. */
const statusWords: Readonly<Record<RunStatus, readonly [string, string]>> = {
  success: ["succès", "success"],
  failed: ["échec", "failed"],
  running: ["en cours", "running"],
  cancelled: ["annulé", "cancelled"],
  skipped: ["ignoré", "skipped"],
  warning: ["avertissement", "warning"],
  unknown: ["statut inconnu", "unknown status"],
  upstream_failed: ["bloqué (amont)", "upstream failed"],
  waiting: ["en attente", "waiting"],
};

const statusText = (status: RunStatus): string => `${statusWords[status][0]} (${statusWords[status][1]})`;

/** 437 ms · 3,2 s · 41 min 12 s · 3 h 05 min, with the French comma. */
function durationText(durationMs: number): string {
  if (durationMs < 1_000) return `${durationMs} ms`;
  if (durationMs < 59_950) return `${(durationMs / 1_000).toFixed(1).replace(/\.0$/, "").replace(".", ",")} s`;
  const seconds = Math.round(durationMs / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** `2026-05-05 04:10` in the zone. Luxon's `toFormat` says the same and was a fifth of what a worker computes for a run. */
function localMinute(ts: Date, zone: string): string {
  const { offset } = DateTime.fromJSDate(ts, { zone }); // minutes
  return new Date(ts.getTime() + offset * 60_000).toISOString().slice(0, "2026-05-05T04:10".length).replace("T", " ");
}

/**
 * What is embedded for a run: what it was, how it ended and, of its error, what does not vary.
 * No date and no variables, so that a failure that happens a thousand times is embedded once.
 */
export function embeddedText(facts: RunFacts): string {
  const parts = [facts.pipeline, facts.tech, statusText(facts.status)];
  if (facts.status === "unknown" && facts.rawStatus !== "") parts.push(facts.rawStatus);
  if (facts.environment !== null) parts.push(facts.environment);
  if (facts.owner !== null) parts.push(facts.owner);
  const error = facts.error === null ? "" : maskError(facts.error);
  if (error !== "") parts.push(error);
  return parts.join(" · ");
}

/**
 * What people and the language model read of a run: local date and time with the zone's name, duration, and the error's first 600 characters.
 * `orders-daily · Spark · échec (failed) · prod · 2026-05-05 04:10 Europe/Paris · 41 min 12 s · ExecutorLostFailure …`
 */
export function documentText(facts: RunFacts, zone: string): string {
  const parts = [facts.pipeline, facts.tech, statusText(facts.status)];
  if (facts.status === "unknown" && facts.rawStatus !== "") parts.push(facts.rawStatus);
  if (facts.environment !== null) parts.push(facts.environment);
  if (facts.owner !== null) parts.push(facts.owner);
  parts.push(`${localMinute(facts.ts, zone)} ${zone}`);
  if (facts.durationMs !== null) parts.push(durationText(facts.durationMs));
  if (facts.error !== null) parts.push(facts.error.length > shownError ? `${cutText(facts.error, shownError).trimEnd()} …` : facts.error);
  return parts.join(" · ");
}
