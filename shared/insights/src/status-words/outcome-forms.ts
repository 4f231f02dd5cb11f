import type { RunStatus } from "@flow-rag/contracts";

const ends =
  "(?:termine|terminee|fini|finie|ended|completed|finished|done|ok|success|beendet|abgeschlossen|terminado|completato|concluido)?";
const errors = "(?:errors?|erreurs?|failures?|echecs?|fehler|error|errores|errore|errori|erros?)";
/** "0 error(s)", « terminé sans erreur », "completed with no errors"; what goes on ("0 errors, 3 warnings") is not decided here. */
const withoutErrors = new RegExp(
  `^${ends}(?:with|avec|mit|con|com)?(?:(?:0|zero|no|aucune?|sans|sansaucune?|without|withoutany|ohne|keine|sin|senza|sem)${errors})$`,
);
/** "CC 0000", "RC=0", "exit code 0": other numbers mean what each job says. */
const codeZero = /^(?:ended|termine)?(?:cc|rc|maxcc|maxrc|condcode|returncode|exit|exitcode|exitstatus|coderetour|codederetour)0{1,5}$/;
/** Completion codes of z/OS jobs that broke off: S and three hexadecimal digits by the system, U and four digits by the program. */
const abendCode = /^(?:abend)?(?:s(?=[a-f]{0,2}\d)[\da-f]{3}|u\d{4})$/;

/** The status of a folded word that follows a form rather than a list; undefined where it follows none. */
export const readOutcomeForm = (folded: string): RunStatus | undefined => {
  if (withoutErrors.test(folded) || codeZero.test(folded)) return "success";
  return abendCode.test(folded) ? "failed" : undefined;
};
