import type { RunStatus } from "@flow-rag/contracts";
import { foldText } from "../fold-text.js";
import { has } from "./group-words.js";

/** What is said of a run that failed when nobody writes it down: "ça a pété", "il nous a lâchés", "it died". */
const gaveUp = String.raw`vautre\w*|pete(?:e|s|es|r|nt)?|deconn(?:e|ent|ait|aient|er|ee?s?)|chie(?:r|e|s|nt)?|loupe(?:e|s|es|r|nt)?|(?:a|ont|avait|avaient|ete|sont|est) rate(?:e|s|es)?|ratent|ratages?|rendu l'ame|(?:a|ont|ete|est|sont) lache(?:e|s|es)?|flanche\w*|crame\w*|(?:a|ont|est|sont|ete) plombe\w*|bugg?u?e(?:e|s|es|nt|r)?|defaill\w*|dysfonctionn\w*|couacs?|creve(?:e|s|es|r|nt)?|died|dies|dying|fell (?:over|down)|fallen (?:over|down)|(?:went|go|gone|goes|going) (?:down|wrong|bad|south|red)|bombed|bust(?:ed)?|borked|screwed(?: up)?|messed up|kaput|unhealthy|outages?|par terre|parti(?:e|s|es|r)? en (?:sucette|vrille|couilles?|live|cacahuetes?|fumee)|(?:went|go|gone|goes|going) (?:sideways|haywire|belly up)|au tapis|a l'arret|hors ligne|offline|downtimes?`;
const saidBad = String.raw`(?:marche|fonctionne|marchait|fonctionnait)(?:nt)? (?:pas|plus)|n'(?:a|ont) pas (?:marche|fonctionne)\w*|(?:doesn'?t|didn'?t|isn'?t|don'?t|aren'?t|does not|did not|do not|is not|are not|not|stopped) work(?:ing)?|(?:pas|not) ok|mal (?:passe|termine|fini|tourne)\w*|(?:ne |n')?repond(?:ent|ait|aient)? (?:pas|plus)|n'(?:a|ont) (?:pas|plus) repondu|(?:est|sont|etait|etaient|ete|is|are|was|were|been|became) (?:\w+ )?(?:injoignables?|indisponibles?|unreachable|unavailable|unresponsive)|en (?:defaut|alerte|souffrance|berne)|out of order`;
const failedWords = String.raw`echou\w*|echec?s?|echque|eche?c|echcs|eches?|ehcecs?|ecehcs?|echues?|erreurs?|errers?|ereurs?|errors?|erors?|plant(?:e|es|ee|ees|er|ent|age|ages|aient|ait)|n?ko|nok|casse(?:e|s|es|r|nt)?|fail\w*|faild|failes|crash\w*|broken|broke|breaks?|tombe(?:e|s|es|nt)?|hs|rouges?|red|problem\w*|incidents?|anomalies?|soucis?|bugs?|exceptions?|merd\w*|foir\w*|en (?:rade|carafe|vrac|panne|croix|echec|erreur)|dans le rouge|dans les choux|pannes?|down|interromp\w*|aborted|avort\w*|failuers?|blew up|blown up|explos\w*(?! (?:leur|son|sa|le|la|les|tous) (?:\w+ )?(?:temps|durees?|delais?|records?|budgets?))|inaccessibles?|${gaveUp}|${saidBad}`;
export const failedStatus = has(failedWords);
export const runningStatus = has(
  String.raw`en cours|dure(?:nt)? depuis|qui tourne(?:nt)? depuis|still running|(?<!(?:longest|slowest|long|slow|quickest|fastest)[ -])running|in progress|tourn\w+ (?:encore|toujours|actuellement|en ce moment|maintenant|la(?=\s*(?:$|[?!.,])))|bloquee?s?|stuck|hanging|hung|figee?s?|en train de tourner|underway`,
);
const waitingStatus = has(
  String.raw`en attente(?! d(?:e |'|’)?(?:indexation|l'index))|(?:is|are|was|were|still|runs?|jobs?) (?:on hold|waiting|held)|waiting to (?:start|run|begin)|en suspens|(?:pas|non) encore (?:demarre|lance)e?s?|not (?:yet )?started`,
);
export const statusPatterns: readonly (readonly [RegExp, RunStatus])[] = [
  [failedStatus, "failed"],
  [runningStatus, "running"],
  [waitingStatus, "waiting"],
  [has(String.raw`annul\w*|cancel\w*`), "cancelled"],
  [has(String.raw`skipp?(?:ed|ee?s?|e)|zappee?s?|sautee?s?|ignoree?s|(?:sont|ete|ont ete|was|were) ignore`), "skipped"],
  [has(String.raw`avertissements?|warnings?|warn`), "warning"],
  [has(String.raw`(?:statuts?|status|etats?) (?:est |sont )?inconnus?|unknown status(?:es)?|unknown|inconnue?s?`), "unknown"],
  [
    has(
      String.raw`reussi\w*|succes|succeed\w*|success\w*|pass(?:ed|es)?|(?:bien|correctement) (?:termine\w*|passe\w*|tourne\w*)|termine\w* (?:correctement|bien|avec succes)|ok|(?:a|ont) (?:bien )?(?:marche|fonctionne)e?s?|worked|made it|(?:make|made) it through|(?:sont|etaient|are|were) (?:au )?(?:verte?s?|green)|abouti\w*|(?:alle|arrive|vont|va)\w* (?:jusqu'?)?au bout`,
    ),
    "success",
  ],
];
const failing = String.raw`(?:echecs?|erreurs?|plantages?|incidents?|problemes?|failures?|errors?|crash(?:es)?)`;
export const notFailed = has(
  String.raw`n'a t (?:on|il|elle) (?:pas|plus|jamais) eu (?:d'|de |un |une )?(?:seule? )?${failing}|n'?(?:ont|a) (?:eu )?que des succes|only (?:had )?success\w*|100 ?% (?:ok|(?:de )?(?:succes|reussite)|success\w*|verte?s?|green)|n'?(?:ont|a|avaient|avait)(?: eu| connu| subi| rencontre)? (?:aucune?|zero|pas d') ?(?:seule? )?${failing}|n'?(?:ont|a|avaient|avait) (?:pas|jamais) (?:eu|connu|subi|rencontre) (?:d[e'] ?|une? (?:seule? )?)?${failing}|(?:avec |a |with |having |had |have |has )(?:aucune?|zero|0|no|not a single) ${failing}|0 (?:echec|failure)s?|n'?(?:ont|a|est|sont) (?:pas|jamais) (?:crash|cass|merd|foir|pete|deconn|vautr|bug|loup|rate|tombe|lache)\w*|ne (?:tombe\w*|plante\w*) (?:pas|jamais)|ne sont (?:pas|jamais) (?:tombe\w*|ko|hs|en (?:echec|erreur|panne))|(?:do not|don'?t|does not|doesn'?t|never) (?:fail|crash|break)\w*|without failing|sans planter|fiables a 100|n'?(?:ont|a|avait|avaient) (?:pas|jamais) (?:echoue|plante|ete en echec)\w*|n'?echou\w+ (?:pas|jamais)|(?:did not|didn'?t|have not|has not|haven'?t|hasn'?t|never|without) (?:fail|crash|br[eo]+a?k|die|go down|gone down|went down)\w*|sans (?:aucun )?(?:echec|erreur)s?|without (?:any )?(?:failure|error)s?|error.?free|pas en (?:echec|erreur)`,
);
const notSucceeded = has(
  String.raw`n'?(?:ont|a) pas (?:reussi|abouti)\w*|(?:n'est|ne sont|est|sont) pas (?:alle|arrive)\w* (?:jusqu'?)?au bout|(?:did not|didn'?t) (?:succeed|complete|pass)|unsuccessful\w*|pas reussi\w*|non reussi\w*|not successful\w*|(?:sauf|hors|hormis|excepte|except|excluding|autres? que|other than|not) (?:les |des |the |en )?(?:succes|success\w*|reussi\w*|ok)`,
);

/** "combien de runs n'ont pas échoué": runs of another status are asked for, and no groups. */
const runsNotFailed =
  /(?<!\p{L})(?:runs?|executions?|lancements?|passages?)(?: (?:qui|that|which|have|did|hier|yesterday|\s))* +(?:n'?(?:ont|a|avaient)|ne sont|did|didn|have|haven|were|weren|without|sans|pas|not|never)(?!\p{L})/u;
export const asksRunsNotFailed = (text: string): boolean => notFailed.test(text) && runsNotFailed.test(text);
const notFailedStatuses: readonly RunStatus[] = [
  "success",
  "running",
  "waiting",
  "cancelled",
  "skipped",
  "warning",
  "unknown",
  "upstream_failed",
];

/** "jamais réussi": those without a success. */
export const neverSucceeded = has(
  String.raw`n'?(?:ont|a|avaient|avait) jamais (?:bien )?(?:reussi|abouti|marche|fonctionne|tourne correctement)\w*|n'?(?:ont|a|avaient|avait)(?: eu)? aucun succes|never (?:succeed\w*|passed|worked|been successful)|(?:sans|avec zero|avec 0) (?:aucun |le moindre |un seul )?succes|without (?:any |a (?:single )?)?success\w*|(?:with|had|have) (?:no|zero|0) success\w*|(?:not|n'?) (?:one|a single) success`,
);
/** "en échec mais pas annulés": a status that is left out. */
const butNot =
  /(?<!\p{L})(?:mais |but |et |and )?(?:pas|non|not|sauf|hors|hormis|excepte|except|excluding|sans compter) (?:les |the |des |de |en )?(?:runs? |executions? |jobs? )?(?:annul\w*|cancel\w*|skipp\w*|saute\w*|ignore\w*|avertissements?|warnings?|en cours|running|en attente|waiting)(?!\p{L})/gu;

/** Reliability is a rate: the highest first. */
export const mostReliable = has(
  String.raw`(?:le|la|les) plus (?:fiable|stable|robuste|disponible)s?|most (?:reliable|stable|robust|available)|meilleure?s?|best`,
);

/** What never ran because something before it failed. */
const upstreamBlocked = has(
  String.raw`bloquee?s? \(?(?:en |par l'|par un echec en )?amont\)?|blocked upstream|upstream[ _-]?(?:failed|failures?|blocked)|(?:echecs?|ko) (?:en |d')amont`,
);

/** The statuses that a folded text speaks of; none for all of them. */
export function statusesIn(text: string): RunStatus[] {
  if (upstreamBlocked.test(text)) return ["upstream_failed"];
  if (/disponibilite|uptime|availability/.test(text)) return ["success"];
  if (mostReliable.test(text) && !/taux d'(?:echec|erreur)|failure rate|error rate/.test(text)) return ["success"];
  if (asksRunsNotFailed(text)) return [...notFailedStatuses];
  if (notSucceeded.test(text)) return ["failed", "cancelled", "skipped", "warning", "unknown", "upstream_failed"];
  const without = text.replace(butNot, " ");
  const plain = (statusPatterns.some(([pattern]) => pattern.test(without)) ? without : text).replace(
    /nouveau(?:x|lle|lles)?|new|(?:sans|without) (?:succes|success)/g,
    " ",
  );
  const found = statusPatterns.filter(([pattern]) => pattern.test(plain)).map(([, status]) => status);
  // "erreur inconnue" and "succès des échecs" speak of one status: "unknown" and "ok" are too common to add to another one.
  return found.length > 1
    ? found.filter((status) => status !== "unknown" && (status !== "success" || /succe|reussi|success/.test(plain)))
    : found;
}

const everyStatus = [...statusPatterns.map(([pattern]) => pattern), upstreamBlocked, notFailed, notSucceeded, neverSucceeded].map(
  (pattern) => new RegExp(pattern.source, "gu"),
);
/** Places of a folded text that say how runs ended: they are understood, whatever they hold. */
export const statusPlaces = (folded: string): (readonly [start: number, end: number])[] =>
  everyStatus.flatMap((pattern) => [...folded.matchAll(pattern)].map(({ 0: found, index }) => [index, index + found.length] as const));
/** `upstream_failed`, as records write it: a status, and no name. */
export const isStatusPhrase = (spelt: string): boolean => upstreamBlocked.exec(foldText(spelt))?.[0].length === spelt.length;
/** A folded word that says how runs ended. */
export const isStatusWord = (word: string): boolean => statusPatterns.some(([pattern]) => pattern.test(word));
