import type { StatusRow } from "./status-row.js";

/** Plain words of both languages. */
export const plain: readonly StatusRow[] = [
  {
    status: "success",
    systems: "French and English",
    words: `ok, okay, success, successful, successfully, succeeded, succès, réussi, réussie, réussite, terminé, terminée, terminé
      avec succès, terminée avec succès, fini, finie, done, complete, completed, completed successfully, completed with
      success, finished, finished ok, passed, pass, executed, exécuté, exécutée, execution successful, job ok, valid, validé,
      true, vert, green, fixed, traité, traitée, processed, all good, succeed, successfully completed, finished successfully,
      complété, complétée, abouti, aboutie, acquitté, conforme, livré, livrée, delivered, exécution réussie, traitement ok,
      traitement terminé, fin normale, normal end, terminé ok, loaded, chargé, chargée, healthy, up, online`,
  },
  {
    status: "failed",
    systems: "French and English",
    words: `ko, nok, not ok, failed, failure, failures, fail, failing, error, errors, errored, erreur, erreurs, échec, échecs,
      échoué, échouée, en échec, en erreur, terminé en erreur, terminée en erreur, terminé en échec, terminée en échec,
      terminé ko, crash, crashed, planté, plantée, timeout, timed out, time out, délai dépassé, expired, expiré, expirée,
      fatal, fatal error, critical, critique, broken, execution failed, job ko, internal error, startup failure, runtime
      error, system error, out of memory, abnormal, abend, abended, dead, false, rouge, red, unsuccessful, rejected, rejeté,
      rejetée, completed with failures, fault, faulted, exception, failed with errors, still failing, hors service, hs, panne,
      en panne, problème, problem, en anomalie, anomalie, incident, en incident, incidenté, fin anormale, abnormal end,
      traitement ko, exécution en échec, échec total, terminé anormalement, load failed, failed to start, did not finish,
      refused, refusé, refusée, offline, down, lost, corrupted, emergency, severe`,
  },
  {
    status: "running",
    systems: "French and English",
    words: `running, run, in progress, en cours, en cours d'exécution, exécution en cours, processing, started, starting, démarré, démarrée, démarrage, lancé, lancée, executing, active, ongoing, pending, queued, submitted, accepted, created, en file d'attente, retrying, retry, initializing, initialized, provisioning, building, requested, stopping, canceling, cancelling, aborting, paused, en pause, prêt, en préparation, preparing, in queue, enqueued, restarted, restarting, resuming, resumed, relancé, en reprise, terminating, finishing, completing, cleaning up, idle, busy, loading`,
  },
  {
    status: "cancelled",
    systems: "French and English",
    words: `annulé, annulée, canceled, cancelled, cancel, cancelled by user, aborted, abort, killed, tué, tuée, stopped, arrêté,
      arrêtée, interrompu, interrompue, interrupted, revoked, abandoned, abandonné, abandonnée, withdrawn, terminated by user,
      suspended, suspendu, suspendue, stopped by user, killed by user, user cancelled, user aborted, arrêt manuel, avorté,
      avortée, deleted, purged, purgé, purgée, supprimé, supprimée, discarded, preempted, superseded, shutdown, stop, kill`,
  },
  {
    status: "skipped",
    systems: "French and English",
    words: `skipped, skip, ignoré, ignorée, ignored, sauté, sautée, not run, non exécuté, non exécutée, bypassed, disabled,
      désactivé, désactivée, not built, removed, excluded, exclu, no op, noop, sans objet, not executed, did not start, not applicable, non
      applicable, omitted, no data, nothing to do, rien à faire, condition not met, up to date, à jour, déjà traité, already
      processed, duplicate, doublon, dry run`,
  },
  {
    status: "warning",
    systems: "French and English",
    words: `warning, warnings, warn, avertissement, avertissements, alerte, alert, partial, partiel, partielle, partially succeeded,
      partial success, partially completed, partially failed, ok avec avertissement, ok avec avertissements, ok with warning,
      ok with warnings, success with warnings, succeeded with warnings, succeeded with issues, completed with warnings,
      completed with errors, completed with issues, finished with warnings, terminé avec avertissement, terminé avec
      avertissements, terminé avec anomalies, terminée avec anomalies, ok avec alertes, terminé avec alertes, terminé avec erreurs, succès avec avertissements, réussi avec avertissements, succès partiel, unstable,
      instable, degraded, dégradé, dégradée, orange, jaune, yellow, amber, success with errors, finished with errors,
      partiellement réussi, partiellement terminé, done with errors, done with warnings, partially loaded, success with info,
      flapping, minor`,
  },
  {
    status: "upstream_failed",
    systems: "French and English",
    words: `upstream failed, upstream failure, dependency failed, dependency failure, dependencies failed, parent failed,
      predecessor failed, blocked upstream, bloqué en amont, bloquée en amont, bloqué (amont), amont en échec, échec amont,
      échec en amont, dépendance en échec, prérequis en échec`,
  },
  {
    status: "waiting",
    systems: "French and English: it has not begun, because of an hour, a condition or a person",
    words: `waiting, wait, scheduled, en attente, planifié, planifiée, programmé, programmée, hold, held, on hold, suspendu en attente, not started, non démarré, à lancer, à venir, delayed, postponed, reporté, late, manual, awaiting approval, non lancé, non lancée, pas lancé, not launched, not yet started, to be started, en suspens, mis en attente, mise en attente, en attente de validation, awaiting validation, awaiting start, inactive, inactif, inactive waiting, en retard, blocked, bloqué, bloquée`,
  },
];
