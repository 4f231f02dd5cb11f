import type { Language } from "@flow-rag/contracts";
import { foldText } from "./fold-text.js";

const words: Record<Language, ReadonlySet<string>> = {
  fr: new Set(
    "le la les l un une des du de d au aux et ou est sont a ont qu que qui quel quelle quels quelles combien pourquoi comment quand hier aujourd hui jour jours semaine mois dernier derniere derniers cette ce ces cet sur pour dans avec sans depuis en erreur erreurs echec echecs echoue echoues passe pas plus toutes tous montre liste donne vu deja t il elle ils elles je nous vous on bilan taux duree evolution tendance moyenne premier premiere entre lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre seulement par compare tourne tournent environnement semblable similaire nuit matin soir avant apres bonjour salut merci aide derniers plantent plante plantes en cours en s y donc trop techno technos flux quoi ca tout rien mon ma mes son sa ses notre nos votre vos leur leurs moi toi te tu si sais peux peut veux voudrais comme aussi encore jamais toujours bien ete etaient avait avaient fait faut sauf hors liste koi kel kels".split(
      " ",
    ),
  ),
  en: new Set(
    "restart rerun retry relaunch delete remove kill fix repair disable enable deploy the a an of and or is are was were has have had which what who why how many much when yesterday today day days week month last this that these on for in with without since error errors failure failures failed did do does not more all show list give me any there by from of to top rate trend duration median average first compare versus vs than between monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december ago night morning evening only just most common slowest longest many fail failing run runs ran been be we you your our same similar ever seen please recap hello hi help thanks currently anything something everything nothing should could would will i it its they about whether tell know like want need still now right broken broke out up down over can my he she but went wrong me through get got".split(
      " ",
    ),
  ),
};

/** The language of a question, by its function words; French when it cannot be told. */
export function detectLanguage(text: string): Language {
  const unquoted = text.replace(/"[^"]*"|«[^»]*»|“[^”]*”|`[^`]*`/g, " ");
  const found = foldText(unquoted).match(/[a-z]+/g) ?? [];
  const score = (language: Language) => found.filter((word) => words[language].has(word)).length;
  return score("en") > score("fr") ? "en" : "fr";
}
