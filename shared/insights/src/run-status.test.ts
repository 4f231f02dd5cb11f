import { readStatus } from "./run-status.js";

test.each([
  [
    "success",
    "OK|SUCCESS|succeeded|Succès|SUCCES|Réussi|REUSSIE|Terminé|DONE|Completed|finished|passed| ok |Ended OK|EXECUTION_SUCCESSFUL",
  ],
  [
    "failed",
    "KO|K.O.|FAILED|Failure|FAIL|error|ERREUR|Échec|ECHEC|E\u0301chec|ECHOUE|échouée|En erreur|CRASHED|TIMEOUT|Timed out|timed_out|upstream_failed|Ended Not OK",
  ],
  ["running", "RUNNING|En cours|IN PROGRESS|InProgress|in-progress|STARTED|PENDING|queued|Démarré|en cours d’exécution"],
  ["cancelled", "Annulé|ANNULEE|CANCELED|Cancelled|aborted|KILLED|stopped|Arrêté"],
  ["skipped", "SKIPPED|Ignoré|sauté"],
  ["warning", "WARNING|warn|Avertissement|PARTIAL|Partiel|OK avec avertissements|COMPLETED_WITH_ERRORS|UNSTABLE"],
  ["unknown", "|UNKNOWN|0|1|n/a|not failed|?|✅|OK OK|__proto__|constructor"],
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
