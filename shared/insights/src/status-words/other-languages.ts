import type { StatusRow } from "./status-row.js";

/** Plain words of German, Spanish, Italian and Portuguese. SAP and Automic call "Abgebrochen" what broke off by an error, not what a person stopped. */
export const otherLanguages: readonly StatusRow[] = [
  {
    status: "success",
    systems: "German, Spanish, Italian, Portuguese",
    words: `erfolgreich, erfolg, abgeschlossen, erfolgreich abgeschlossen, erfolgreich beendet, beendet, fertig, éxito, exitoso, exitosa, correcto, correcta, finalizado, finalizada, completado, completada, terminado, terminada, con éxito, successo, riuscito, riuscita, completato, completata, terminato, terminata, concluso, conclusa, sucesso, concluído, concluída, concluido, concluida, finalizado com sucesso`,
  },
  {
    status: "failed",
    systems: "German, Spanish, Italian, Portuguese",
    words: `fehlgeschlagen, fehler, fehlerhaft, gescheitert, abgebrochen, abbruch, mit fehler beendet, beendet mit fehler, nicht erfolgreich, nicht ok, fallido, fallida, fallo, falló, fracasado, fracasada, erróneo, errónea, no exitoso, no exitosa, con error, fallito, fallita, errore, errata, in errore, non riuscito, non riuscita, falhou, falha, falhado, com erro`,
  },
  {
    status: "running",
    systems: "German, Spanish, Italian, Portuguese",
    words: `läuft, laufend, in bearbeitung, in ausführung, wird ausgeführt, gestartet, aktiv, en ejecución, en curso, en proceso, ejecutando, ejecutándose, iniciado, iniciada, in esecuzione, in corso, avviato, avviata, em execução, em andamento, executando`,
  },
  {
    status: "waiting",
    systems: "German, Spanish, Italian, Portuguese",
    words: `wartend, wartet, warten, angehalten, geplant, nicht gestartet, ausstehend, zurückgestellt, en espera, pendiente, programado, programada, planificado, planificada, no iniciado, no iniciada, retenido, retenida, in attesa, pianificato, pianificata, non avviato, non avviata, aguardando, pendente, agendado, não iniciado`,
  },
  {
    status: "cancelled",
    systems: "German, Spanish, Italian, Portuguese",
    words: `storniert, gestoppt, gelöscht, cancelado, cancelada, anulado, anulada, detenido, detenida, annullato, annullata, interrotto, interrotta, fermato, fermata, interrompido, interrompida`,
  },
  {
    status: "skipped",
    systems: "German, Spanish, Italian, Portuguese",
    words: `übersprungen, nicht ausgeführt, omitido, omitida, no ejecutado, no ejecutada, saltato, saltata, non eseguito, non eseguita, ignorado, ignorada`,
  },
  {
    status: "warning",
    systems: "German, Spanish, Italian, Portuguese",
    words: `warnung, warnungen, mit warnung beendet, mit warnungen beendet, beendet mit warnungen, beendet mit fehlern, advertencia, advertencias, con advertencias, con errores, avviso, avvisi, con avvisi, completato con errori, aviso, avisos, com avisos, parcial, parziale, teilweise erfolgreich`,
  },
];
