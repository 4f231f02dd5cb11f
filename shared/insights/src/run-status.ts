import { foldStatus, type RunStatus } from "@flow-rag/contracts";
import { builds } from "./status-words/builds.js";
import { clouds } from "./status-words/clouds.js";
import { integration } from "./status-words/integration.js";
import { orchestrators } from "./status-words/orchestrators.js";
import { otherLanguages } from "./status-words/other-languages.js";
import { plain } from "./status-words/plain.js";
import { schedulers } from "./status-words/schedulers.js";
import type { StatusRow } from "./status-words/status-row.js";
import { readOutcomeForm } from "./status-words/outcome-forms.js";
import { withoutNegation } from "./status-words/negation.js";
import { tellsOfUpstream } from "./upstream-failure.js";

/**
 * What sources write for each status. Left out on purpose, because sources use them for opposite things: numbers (exit codes, booleans, lists
 * of their own), and TERMINATED, ENDED, CLOSED, READY, NEW, INCOMPLETE where the techno does not tell.
 */
export const statusRows: readonly StatusRow[] = [
  ...plain,
  ...otherLanguages,
  ...orchestrators,
  ...clouds,
  ...schedulers,
  ...builds,
  ...integration,
];

type Words = ReadonlyMap<string, RunStatus>;
const wordsOf = (rows: readonly StatusRow[]): Words =>
  new Map(rows.flatMap(({ status, words }) => words.split(",").map((word) => [foldStatus(word), status] as const)));

const general = wordsOf(statusRows.filter(({ only }) => only === undefined));
const special = [...new Set(statusRows.flatMap(({ only }) => only ?? []))];
const ofSystem = new Map(special.map((system) => [system, wordsOf(statusRows.filter(({ only }) => only === system))]));

/** `JOB_STATE_DONE`, `DagsterRunStatus.SUCCESS`, `execution_failed`: what an enumeration puts before its words. */
const enumPrefix = /^(?:[a-z]*(?:status|state|phase|result|outcome)|execution)(?=.)/;
/** Words that say that something is over and not how it went. */
const over = new Set([
  "completed",
  "complete",
  "finished",
  "done",
  "ended",
  "termine",
  "terminee",
  "fini",
  "finie",
  "beendet",
  "abgeschlossen",
  "fertig",
  "finalizado",
  "finalizada",
  "completado",
  "completada",
  "terminado",
  "terminada",
  "completato",
  "completata",
  "terminato",
  "terminata",
  "concluso",
  "conclusa",
  "concluido",
  "concluida",
]);

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
  const status =
    lookUp(word, tech ?? "") ??
    readOutcomeForm(word) ??
    (tellsOfUpstream(raw) ? "upstream_failed" : undefined) ??
    negated(raw, tech ?? "") ??
    "unknown";
  const neverRan = status === "skipped" || status === "cancelled";
  return neverRan && error != null && tellsOfUpstream(error) ? "upstream_failed" : status;
}

/** "Terminé NOT OK" failed, "not yet finished" goes on, "pas encore lancé" waits; "not failed" tells nothing. */
function negated(raw: string, tech: string): RunStatus | undefined {
  const denied = withoutNegation(raw);
  if (denied === undefined) return undefined;
  if (over.has(foldStatus(denied))) return "running";
  const status = lookUp(foldStatus(denied), tech);
  return status === "success" ? "failed" : status === "running" ? "waiting" : undefined;
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
