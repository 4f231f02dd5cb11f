import { readStatus } from "./run-status.js";

test.each([
  [
    "success",
    "OK|SUCCESS|succeeded|Succès|SUCCES|Réussi|REUSSIE|Terminé|DONE|Completed|finished|passed| ok |Ended OK|EXECUTION_SUCCESSFUL",
  ],
  [
    "failed",
    "KO|K.O.|FAILED|Failure|FAIL|error|ERREUR|Échec|ECHEC|E\u0301chec|ECHOUE|échouée|En erreur|CRASHED|TIMEOUT|Timed out|timed_out|Ended Not OK",
  ],
  ["running", "RUNNING|En cours|IN PROGRESS|InProgress|in-progress|STARTED|PENDING|queued|Démarré|en cours d’exécution"],
  ["cancelled", "Annulé|ANNULEE|CANCELED|Cancelled|aborted|KILLED|stopped|Arrêté"],
  ["skipped", "SKIPPED|Ignoré|sauté"],
  [
    "upstream_failed",
    "upstream_failed|Upstream-Failed|SKIPPED_DUE_TO_UPSTREAM_FAILURE|skippedDueToDependencyFailure|Cancelled: dependency failed|" +
      "Bloqué (amont)|ignoré : amont en échec|Not run because the parent job failed|DependencyNeverSatisfied",
  ],
  ["warning", "WARNING|warn|Avertissement|PARTIAL|Partiel|OK avec avertissements|COMPLETED_WITH_ERRORS|UNSTABLE"],
  [
    "waiting",
    "HOLD|On hold|Late|manual|En attente|Not started|Non lancé|Planifié|SCHEDULED|action_required|Wait Condition|INACTIVE|in attesa|Geplant",
  ],
  ["success", "SU|Erfolgreich beendet|Finalizado|Completato|Concluído"],
  [
    "failed",
    'FA|TE|Terminé NOT OK|not successful|ENDED NOT "OK" – DUE TO CC|EndedNotOK|nicht erfolgreich|Abgebrochen|Fallido|Fallito|DONEWITHERROR',
  ],
  ["running", "RU|STEP_UP_FOR_RETRY|pas terminé|not yet finished|nicht beendet|QUEUED|Läuft|En curso|In esecuzione"],
  ["cancelled", "PURGED|JOB_STATE_DRAINED|KILLED|Storniert|Anulado"],
  ["skipped", "DidNotStart|Übersprungen|Omitido"],
  ["warning", "Terminé avec anomalies|OK avec alertes|Con advertencias"],
  ["success", "CC 0000|RC=0|exit code 0|sans erreur|terminé sans erreur|0 error(s)|completed with no errors|ohne Fehler|sin errores"],
  ["failed", "JCL ERROR|S0C7|S806|ABEND=U4038|ANY_ABEND|Unexpected termination"],
  ["waiting", "QUE_WAIT|FENCE|waiting_for_resource|CHAIN_STALLED|BLOCKED|En retard|AwaitingConcurrencySlot|WAIT_REPLY"],
  ["skipped", "ENDED_SKIPPED|MAXIMUM_CONCURRENT_RUNS_REACHED"],
  ["unknown", "10 errors|0 errors, 3 warnings|CC 0004|RC=12|sace|S12|no error found yet"],
  ["unknown", "|UNKNOWN|0|7|TERMINATED|ENDED|CLOSED|READY|NEW|state|status_|1|n/a|not failed|?|✅|OK OK|__proto__|constructor"],
])("readStatus, the words for %s, gives it", (status, words) => {
  for (const word of words.split("|")) expect([word, readStatus(word)]).toEqual([word, status]);
});

test.each([
  [true, "success"],
  [false, "failed"],
  [0, "unknown"],
  [null, "unknown"],
  [undefined, "unknown"],
  [{ code: "OK" }, "unknown"],
])("readStatus, %p, gives %s", (raw, status) => {
  expect(readStatus(raw)).toBe(status);
});

test.each([
  ["skipped", "dbt", null, "skipped"],
  ["SKIP", "dbt Cloud", "SKIP relation analytics.orders", "skipped"],
  ["skipped", "dbt", "Skipped: an upstream model failed", "upstream_failed"],
  ["UPSTREAM_FAILED", "dbt", null, "upstream_failed"],
  ["skipped", "Airflow", null, "skipped"],
  ["skipped", "GitLab", "This job depends on upstream jobs that failed", "upstream_failed"],
  ["Cancelled", "Spark", "Cancelled: dependency failed", "upstream_failed"],
  ["Annulé", "Talend", "Annulé : le traitement amont est en échec", "upstream_failed"],
  ["Annulé", "Talend", "Annulé par l'opérateur", "cancelled"],
  ["failed", "nginx", "upstream connect error: connection failed", "failed"],
  ["TERMINATED", "Autosys", null, "failed"],
  ["KILLED", "Oozie", null, "failed"],
  ["KILLED", "YARN", null, "cancelled"],
  ["inactive", "systemd", null, "unknown"],
  ["TERMINATED", "Databricks", null, "unknown"],
  ["CANCELED", "SAP BW", null, "failed"],
  ["Released", "SAP", null, "waiting"],
  ["CANCELED", "WhatsApp", null, "cancelled"],
])("readStatus, %s of %s with the error %p, is %s", (raw, tech, error, status) => {
  expect(readStatus(raw, { tech, error })).toBe(status);
});

test.each(["completed", "Finished", "DONE", "Terminé"])("readStatus, %s where the outcome's own field is empty, is no success", (raw) => {
  expect([readStatus(raw), readStatus(raw, { outcomeMissing: true })]).toEqual(["success", "unknown"]);
});
