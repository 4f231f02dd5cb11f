import { foldStatus, type RunStatus } from "@flow-rag/contracts";
import { builds } from "./status-words/builds.js";
import { clouds } from "./status-words/clouds.js";
import { integration } from "./status-words/integration.js";
import { orchestrators } from "./status-words/orchestrators.js";
import { plain } from "./status-words/plain.js";
import { schedulers } from "./status-words/schedulers.js";
import type { StatusRow } from "./status-words/status-row.js";
import { tellsOfUpstream } from "./upstream-failure.js";

/**
 * What sources write for each status. Left out on purpose, because sources use them for opposite things: numbers (exit codes, booleans, lists
 * of their own), and TERMINATED, ENDED, CLOSED, INACTIVE, READY, NEW, INCOMPLETE where the techno does not tell.
 */
export const statusRows: readonly StatusRow[] = [...plain, ...orchestrators, ...clouds, ...schedulers, ...builds, ...integration];

type Words = ReadonlyMap<string, RunStatus>;
const wordsOf = (rows: readonly StatusRow[]): Words =>
  new Map(rows.flatMap(({ status, words }) => words.split(",").map((word) => [foldStatus(word), status] as const)));

const general = wordsOf(statusRows.filter(({ only }) => only === undefined));
const special = [...new Set(statusRows.flatMap(({ only }) => only ?? []))];
const ofSystem = new Map(special.map((system) => [system, wordsOf(statusRows.filter(({ only }) => only === system))]));

/** `JOB_STATE_DONE`, `DagsterRunStatus.SUCCESS`, `execution_failed`: what an enumeration puts before its words. */
const enumPrefix = /^(?:[a-z]*(?:status|state|phase|result|outcome)|execution)(?=.)/;
/** Words that say that something is over and not how it went. */
const over = new Set(["completed", "complete", "finished", "done", "ended", "termine", "terminee", "fini", "finie"]);

export type StatusContext = {
  /** Of the run; decides on words that mean different things in different systems. */
  readonly tech?: string | undefined;
  /** Of the run: what was skipped or cancelled because of something upstream says so here. */
  readonly error?: string | null;
  /** The source has a place for how it went, and that is empty: a word that says no more than that it is over is no success. */
  readonly outcomeMissing?: boolean;
};

/** The status that a source's text or boolean stands for; anything that is not in the list is `unknown`, never a guess. */
export function readStatus(raw: unknown, { tech, error, outcomeMissing = false }: StatusContext = {}): RunStatus {
  if (typeof raw === "boolean") return raw ? "success" : "failed";
  if (typeof raw !== "string") return "unknown";
  const word = foldStatus(raw);
  if (outcomeMissing && over.has(word)) return "unknown";
  const status = lookUp(word, tech ?? "") ?? (tellsOfUpstream(raw) ? "upstream_failed" : "unknown");
  const neverRan = status === "skipped" || status === "cancelled";
  return neverRan && error != null && tellsOfUpstream(error) ? "upstream_failed" : status;
}

function lookUp(word: string, tech: string): RunStatus | undefined {
  const own = special.find((system) => ofSystem.get(system)?.has(word) && names(tech, system));
  const known = own === undefined ? general.get(word) : ofSystem.get(own)?.get(word);
  if (known) return known;
  const bare = word.replace(enumPrefix, "");
  return bare === word ? undefined : general.get(bare);
}

/** Short names are whole words of the techno: "SAP BW" is SAP, WhatsApp is not. */
const wholeWord = 4;
const names = (tech: string, system: string): boolean =>
  system.length > wholeWord
    ? foldStatus(tech).includes(system)
    : tech
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u)
        .includes(system);
