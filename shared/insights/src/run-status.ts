import type { RunStatus } from "@flow-rag/contracts";

/**
 * What sources write for each status: plain words of both languages, and the vocabularies of Airflow, dbt, Spark, Talend, Jenkins, GitHub and
 * GitLab CI, Azure Data Factory, AWS Glue, Control-M and Kubernetes. Compared without accents, case, spaces and punctuation.
 * Left out on purpose, because sources use them for opposite things: 0 and 1 (exit code or boolean), CLOSED, NEW, STALE, NEUTRAL, READY, TERMINATED.
 */
const words: Readonly<Record<Exclude<RunStatus, "unknown">, string>> = {
  success: `ok, okay, success, successful, successfully, succeeded, succès, réussi, réussie, réussite, terminé, terminée, terminé avec succès,
    terminée avec succès, fini, finie, done, complete, completed, completed successfully, completed with success, finished, finished ok, ended ok,
    passed, pass, executed, exécuté, exécutée, execution successful, job ok, valid, validé, true, vert, green, fixed, traité, traitée, processed`,
  failed: `ko, nok, not ok, failed, failure, failures, fail, failing, error, errors, errored, erreur, erreurs, échec, échecs, échoué, échouée, en échec,
    en erreur, terminé en erreur, terminée en erreur, terminé en échec, terminée en échec, terminé ko, crash, crashed, planté, plantée, timeout, timed out,
    time out, délai dépassé, expired, expiré, expirée, fatal, fatal error, critical, critique, broken, execution failed, job ko, ended not ok, upstream failed,
    internal error, startup failure, runtime error, system error, out of memory, oom killed, crash loop back off, abnormal, abend, abended, dead, false, rouge,
    red, unsuccessful, rejected, rejeté, rejetée, completed with failures, fault, faulted`,
  running: `running, run, in progress, en cours, en cours d'exécution, exécution en cours, processing, started, starting, démarré, démarrée, démarrage, lancé, lancée,
    executing, active, ongoing, pending, queued, waiting, scheduled, submitted, accepted, created, en attente, en file d'attente, planifié, planifiée, programmé,
    up for retry, up for reschedule, deferred, restarting, retrying, initializing, provisioning, building, requested, stopping, canceling, cancelling`,
  cancelled: `annulé, annulée, canceled, cancelled, cancel, cancelled by user, aborted, abort, killed, tué, tuée, stopped, arrêté, arrêtée, interrompu, interrompue,
    interrupted, revoked, abandoned, abandonné, abandonnée, withdrawn, terminated by user, suspended, suspendu, suspendue`,
  skipped: `skipped, skip, ignoré, ignorée, ignored, sauté, sautée, not run, non exécuté, non exécutée, bypassed, disabled, désactivé, désactivée, not built,
    removed, excluded, exclu, no op, noop, sans objet`,
  warning: `warning, warnings, warn, avertissement, avertissements, alerte, partial, partiel, partielle, partially succeeded, partial success, partially completed,
    partially failed, ok avec avertissement, ok avec avertissements, ok with warning, ok with warnings, success with warnings, succeeded with warnings,
    succeeded with issues, completed with warnings, completed with errors, completed with issues, finished with warnings, terminé avec avertissement,
    terminé avec avertissements, terminé avec erreurs, succès avec avertissements, réussi avec avertissements, succès partiel, unstable, instable, degraded,
    dégradé, orange, jaune, yellow`,
};

/** Letters and digits only, without accents, in lower case: "EN ERREUR", "En-erreur" and "enErreur" are one word. */
export const foldStatus = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/[^\p{L}\p{N}]+/gu, "")
    .toLowerCase();

const statuses = new Map(
  Object.entries(words).flatMap(([status, list]) => list.split(",").map((word) => [foldStatus(word), status as RunStatus] as const)),
);

/** The status a source's text or boolean stands for; anything that is not in the list is `unknown`, never a guess. */
export function readStatus(raw: unknown): RunStatus {
  if (typeof raw === "boolean") return raw ? "success" : "failed";
  return (typeof raw === "string" ? statuses.get(foldStatus(raw.slice(0, 100))) : undefined) ?? "unknown";
}
