import type { RunStatus } from "@flow-rag/contracts";
import { groupSaid, has, mentions, subject, type GroupBy } from "./group-words.js";
import { limitIn } from "./read-limit.js";
import {
  asksRunsNotFailed,
  failedStatus,
  mostReliable,
  neverSucceeded,
  notFailed,
  runningStatus,
  statusPatterns,
  statusesIn,
} from "./status-words.js";
import { technical } from "./technical-words.js";

export type Operation =
  | "list"
  | "count"
  | "rate"
  | "top"
  | "compare"
  | "trend"
  | "last"
  | "first"
  | "duration"
  | "missing"
  | "status"
  | "explain"
  | "similar"
  | "help";
export type DurationMeasure = "median" | "p95" | "average" | "slowest" | "fastest";

/** What the words of a question ask for, without its names and times. Undefined parts were not said. */
export type Intent = {
  readonly operation: Operation | undefined;
  readonly statuses: readonly RunStatus[];
  readonly groupBy: GroupBy | undefined;
  /** The first kind of thing that is named at all. */
  readonly mentioned: GroupBy | undefined;
  /** The group that "par", "by", "chaque" or "each" names. */
  readonly perGroup: GroupBy | undefined;
  readonly only: "new" | "latest" | undefined;
  readonly limit: number | undefined;
  readonly measure: DurationMeasure | undefined;
  /** Asks for what is not in a status: "n'ont pas échoué". */
  readonly negated: string | undefined;
  /** The status is success: "n'ont jamais réussi". */
  readonly withoutSuccess: boolean;
  readonly greeting: boolean;
};

const missing = has(
  String.raw`sans (?:aucune? )?(?:execution|run|passage|lancement)s?|(?:without|with no|had no|have no|no) (?:any |a )?(?:runs|executions)|aucune execution|aucun run|(?:tous|toutes|all|every) (?:les |the |our |nos )?(?:pipelines?|jobs?|flux|flows?|traitements?|dags?|checks?)(?: (?:ont|have|has|did|ils|elles))*(?: (?:bien|tous|toutes|all))* (?:tourne|execute|lance|demarre|run|ran|start)\w*|did (?:all|every) (?:the |our )?(?:pipelines?|jobs?|flows?|checks?) run|n'?(?:ont|a|avait|est|sont|ait|aient)(?: toujours| encore)? (?:pas|jamais|plus)(?: encore)? (?:tourne|tournes|ete (?:execute|lance|demarre|declenche|joue)|demarre|demarres|passes?|lance|execute|ete vus?|donne signe)\w*|ne sont (?:toujours |encore )?(?:pas|jamais|plus) (?:encore )?(?:passe|arrive|lance|demarre|execute|parti)\w*|ne tourn\w+ (?:pas|plus)|pas tourne\w*|(?:stopped|stop) running|no longer run\w*|arrete\w* de tourner|(?:did not|didn'?t|did n't|have not|haven'?t|has not|hasn'?t|never|not) (?:run|ran|start(?:ed)?|execute[d]?|been run)|(?:est|sont|sont-ils|ont ete) (?:absent|manquant)\w*|absent(?:e|s|es)?|manquants?|manquantes?|manqu(?:e|es|ees?|ent)|missing|missed|silencieux|silent|no-show|pas (?:ete )?(?:execute|lance|demarre)e?s?`,
);
/** Runs that should have been there by now: of a period that is not over, it ends now. */
export const lateness = has(
  String.raw`en retard|(?:du|des|de|un) retards?|retards?|retardataires?|retardee?s?|late(?! (?:last|yesterday|night|evening|afternoon|morning|at|in|on))|overdue|delayed|behind schedule`,
);
const explain = has(
  String.raw`pourquoi|prquoi|pourqoi|pkoi|why|caus\w+|raisons?|reasons?|expliqu\w*|explain\w*|root cause|d'ou vien\w+|diagnos\w*|what(?:'?s| is) wrong|what went wrong|qu'est ce qui (?:cloche|ne va pas)|comment ca se fait|quoi (?:le|la|les) (?:souci|probleme|bug|erreur|pb)s?|what(?:'?s| is) the (?:problem|issue|matter)|what does .*mean|que (?:veut dire|signifie)|signifie\w*`,
);
const similar = has(
  String.raw`similaires?|semblables?|similar|deja (?:vue?s?|eue?s?|rencontree?s?|arrivee?s?|apparue?s?|connue?s?)|ever (?:seen|had|happen\w*|occur\w*|encounter\w*)|seen (?:\w+ ){0,4}before|happened before|like this|ressembl\w*|(?:meme|same) (?:erreur|error|probleme|problem|echec|failure)s?|pareil\w*|already (?:seen|had|happened)|deja produite?s?|had this|a-t-on deja|on a deja eu|analogues?|(?:erreur|error|probleme|problem)s? (?:est(?: elle)? |is |are |deja )?(?:connue?s?|known)|known (?:error|issue|problem)s?|look like|looks like|comme (?:celles?|celui|ceux|ca|cela|suit)(?: ci| la)?(?= |$|,|\.|:)|(?:errors?|failures?) like`,
);
const compare = has(
  String.raw`(?:do|did|doing|going|go|fare|fared)(?: \w+)? (?:any )?(?:better|worse)|(?:ca va|c'est|on fait|on a fait|a t on fait) (?:mieux|pire|moins bien)|compar\w*|par rapport (?:a|au|aux)|versus|vs|differences?|ecarts?|vis a vis de|compared? (?:to|with)|(?:plus|moins|mieux|meilleure?s?|pires?|autant) (?:[\w']+ ){0,4}qu[e']?(?:\s|$)|(?:mieux|pire|better|worse) (?:ou|or)|chang(?:e|ed|ement|ements|es)|(?:more|fewer|less|better|worse) (?:[\w']+ ){0,5}than(?! (?:\d|twice|once|an? |one |two|three|five|ten|half))|between .+ and .+ which|contre`,
);
const trend = has(
  String.raw`evolu\w*|tendances?|trends?|trending|over time|au fil (?:du temps|des jours)|courbe|progress(?:ion|e|ent)|(?:par|per|by|each|every|chaque) (?:jour|day|heure|hour|semaine|week|mois|month)|jour par jour|day by day|heure par heure|hour by hour|daily|hourly|weekly|quotidien\w*|journaliere?s?|hebdomadaires?|tous les jours|frequences?|frequency|augment\w*|diminu\w*|baiss\w*|increas\w*|decreas\w*|getting (?:worse|better)|amelior\w*|degrad\w*|empir\w*|improv\w*|worsen\w*|going (?:up|down)|historique|histogramme?`,
);
const duration = has(
  String.raw`temps max\w*|max(?:imum|imal)? (?:duration|time)|records? de (?:duree|temps)|durees?|durations?|chronophages?|plus de temps|plus longtemps|most time|dur(?:e|ent|ait)|long(?:s|ue|ues|er|est)?|longest|longer|lent(?:s|e|es|eur)?|slow(?:er|est)?|rapides?|fast(?:er|est)?|medianes?|medians?|p ?(?:50|90|95|99)|percentiles?|centiles?|combien de temps|how long|temps (?:d'execution|moyen|median|de traitement|d'attente|de reponse)|response times?|run ?times?|execution times?|moyennes?|averages?|mean|mettent|takes?|took`,
);
const slowest = has(
  String.raw`records? de (?:duree|temps)|(?:le|la|les) plus (?:longs?|longues?|lents?|lentes?)|slowest|longest|(?:plus|most) (?:longs?|longues?|lents?|lentes?)(?! qu)|(?<!plus )(?:lents?|lentes?)|slow|trainent|traine|moins (?:courte?s?|rapides?)(?! qu)`,
);
const p95 = has(String.raw`p ?95|95(?:e|eme)? (?:centile|percentile)|95th|percentile 95|centile 95|p ?99|p ?90`);
const average = has(String.raw`moyen(?:ne|nes|s)?|averages?|mean|avg`);
/** "moyenne d'échecs par jour" is a curve of counts, and no duration. */
const averageCount = has(
  String.raw`(?:moyennes?|nombre moyen|averages?|average number|mean number) (?:d'|de |des |of )?(?:echecs?|erreurs?|plantages?|failures?|errors?|runs|executions?)|(?:combien d'|combien de |how many )(?:echecs?|erreurs?|plantages?|failures?|errors?|runs|executions?) (?:en moyenne|on average)|(?:en moyenne|on average),? (?:combien d'|combien de |how many )(?:echecs?|erreurs?|plantages?|failures?|errors?|runs|executions?)`,
);
const rate = has(
  String.raw`disponibilites?|uptime|availability|taux|rates?|pourcentages?|percentages?|percent|pct|proportions?|ratios?|(?<!\d ?)%|quelle part|what share|share of|(?:less|more) (?:reliable|stable)|(?:plus|moins) (?:fiable|stable) (?:de|entre|que|qu)`,
);
const first = has(
  String.raw`en premier|first to \w+|premiere?s? a \w+|premiere?s? (?:fois|ech\w+|erreurs?|executions?|runs?|passages?|plantages?|apparition|occurrence|incident|succes|lancement)|first (?:\w+ )?(?:failures?|runs?|errors?|time|executions?|occurrence|seen|incident|success)|first (?:fail|appear|occur|run|start)\w*|depuis quand|since when|quand .*(?:commence|debute|apparu|apparue)|when did .*(?:start|begin)`,
);
const last = has(
  String.raw`en dernier|last to \w+|derniere?s? a (?:planter|echouer|tomber|tourner|passer|casser|crasher)|dern(?:ier|iere|iers|ieres|eire) (?:\w+ )?(?:fois|ech\w+|erreurs?|executions?|runs?|passages?|plantages?|succes|lancements?|tournes?|jobs?|builds?|reussites?|incidents?|statuts?|checks?|reussie?s?)|(?:last|latest|most recent) (?:\d+ |\w+ )?(?:failures?|runs?|errors?|times?|executions?|success\w*|builds?|incidents?|checks?|fail\w*|status|jobs?)|(?:la|les|le) plus recente?s?|quand .*(?:tourne|echoue|plante|passe|execute|lance|reussi)|when (?:did|was|has) .*(?:last|run|fail|succeed|ran)|a quelle heure|at what time|last (?:ran|run|failed|succeeded)`,
);
/** One run or the latest few, of which the duration is told: no figure over a period. */
const lastRun = has(
  String.raw`dern(?:ier|iere|iers|ieres) (?:executions?|runs?|passages?|lancements?|builds?)|(?:last|latest|most recent) (?:\d+ |\p{L}+ )?(?:runs?|executions?|builds?)`,
);
const top = has(
  String.raw`(?:top|flops?) ?\d*|flakiest|shakiest|buggiest|(?:fail|crash|break)s? (?:the )?most|principa(?:l|ux|le|les)|plus (?:frequent|courant|recurrent|commun|repandu|nombreu)\w*|(?:most|more) (?:frequent|common|recurring|often|failing|failed)\w*|le plus(?: d'(?:echecs?|erreurs?)| de (?:plantages?|problemes?)| souvent)?|les plus(?: d'(?:echecs?|erreurs?)| souvent| instables?)?|the most|most (?:failures|errors|runs|unreliable|unstable)|worst|pires?|classement|ranking|palmares|(?:moins|least) (?:fiables?|stables?|disponibles?|reliable|stable|available)|instables?|unstable|unreliable|flaky|leader|records?(?= d(?:'|e |es |u ))|priorit\w*|(?:me|nous|se) concentrer|look at first|focus on|plus urgent\w*|most urgent`,
);
const count = has(
  String.raw`combien|how often|cb|combein|how many|how much|nombre|nb|number of|counts?|compte\w*|total\w*|volume|volumetrie`,
);
const status = has(
  String.raw`ras|rien a signaler|nothing to report|(?:tout|all) (?:est |is )?(?:au )?(?:vert|green|bon)|any (?:issues|problems)|(?:un|le|faire le|quick|petit|mini) point|point (?:sur|de)|quick (?:update|status|check)|(?:any|an) update|update (?:on|about)|des nouvelles|ou en (?:est|sont|sommes)|en est ou|on en est|chiffres|statistiques|stats|(?:key )?figures|meteo des (?:flux|jobs|pipelines|traitements)|(?:quelque chose|quelquechose|rien|something|anything|nothing) (?:d'|de |qui soit )?(?:anorma\w*|suspect\w*|louche|bizarre|inhabituel\w*|etrange|unusual|abnormal|strange|odd|weird|wrong)|worr(?:y|ied|ying)|inquiet\w*|s'inquieter|alarm\w*|(?:s'est|est) passe quoi|passe quoi|(?:tout|toutes?|everything|all|ca|cela)(?: (?:s'est|est|ont|a|went|go|has|have|gone|did|run|ran|se|sont))*(?: bien| fine| well| ok| correctement| comme prevu)*(?: (?:passe\w*|deroule\w*|tourne\w*|marche\w*|fonctionne\w*|reussi\w*|succeed\w*|fine|well|ok|good|smoothly))|etats?|statuts?|status|sante|health\w*|bilan|resume\w*|summary|summarize|summarise|recap\w*|overview|synthese|vue d'ensemble|situation|(?:comment|how) (?:va|vont|ca va|se porte\w*|is|are|did)|(?:ca|tout) (?:va|marche|fonctionne|roule|tourne)|(?:est|sont)[- ](?:il|ils|elle|elles|ce que .*)? ?(?:en (?:echec|erreur|panne|cours)|ok|ko|up|down|casse\w*|plante\w*)|est (?:en (?:echec|erreur|panne)|ok|ko|up|down|casse|rouge|verte?|hs)|s'est (?:bien |mal )?(?:passe|deroule)\w*|(?:is|are) .*(?:failing|ok|okay|down|up|broken|healthy|working|running|fine|red|green)|fonctionne\w*|(?:everything|all) (?:ok|good|fine|okay|green)|quoi de neuf|what happened|what'?s happening|que s'est[- ]il passe|ce qui (?:se passe|s'est passe)|que se passe|what'?s up`,
);
/** "hr-sync n'a pas tourné depuis quand ?": when it last ran. */
const sinceWhen = has(
  String.raw`ca fait (?:longtemps|combien de (?:temps|jours|heures))(?= |$)|how many (?:days|hours) (?:since|without)|depuis (?:quand|combien(?: de (?:temps|jours|heures))?)|since when|how long since|(?:for )?how long (?:has|have|is|are)`,
);
const slowOrFast = has(
  String.raw`(?:plus|moins) (?:courte?s?|rapides?|breve?s?|brefs?|vite|longs?|longues?|lente?s?)(?! qu)|shortest|fastest|quickest|durees? min(?:imale?|imum)?|min(?:imum|imal)? (?:duration|run ?time)`,
);
const fastest = has(
  String.raw`plus (?:courte?s?|rapides?|breve?s?|brefs?|vite)(?! qu)|moins (?:longs?|longues?|lente?s?)(?! qu)|shortest|fastest|quickest|least time|durees? min(?:imale?|imum)?|min(?:imum|imal)? (?:duration|run ?time)`,
);
const howLongAgo = has(String.raw`how long ago|il y a combien de temps|ca fait combien de temps`);
/** A streak is a part of a pipeline's state. */
const inARow = has(
  String.raw`(?<!(?:jours|nuits|fois|days|nights|times) )(?:consecutive?s?|consecutif?s?|d'affilee|de suite|in a row|streaks?|coup sur coup)`,
);
/** "Le bilan hebdomadaire" is one summary, not a curve by week. */
const summary = has(String.raw`bilan|resume|summary|recap\w*|overview|synthese|vue d'ensemble`);
/** "à quelle heure y a-t-il le plus d'échecs ?" looks for a time of the day. */
const clockTime = has(String.raw`(?:a )?quelles? heures?|(?:at )?what (?:time|hours?)|which hours?`);
/** "heure de pointe". */
const peakHour = has(String.raw`heures? de pointe|peak (?:hour|time)s?|busiest (?:hour|time)s?`);
/** "la pire journée", "quel jour y a-t-il eu le plus d'échecs ?": the peak of a curve. */
const peak: readonly (readonly [GroupBy, RegExp])[] = [
  ["hour", clockTime],
  ["day", has(String.raw`(?:quels?|which|what) (?:jours?|days?)|quelles? journees?|(?:pires?|worst) (?:jours?|journees?|days?)`)],
  ["week", has(String.raw`(?:quelles?|which|what) (?:semaines?|weeks?)|(?:pires?|worst) (?:semaines?|weeks?)`)],
  ["month", has(String.raw`(?:quels?|which|what) (?:mois|months?)|(?:pires?|worst) (?:mois|months?)`)],
];
/** "quels jours ont eu des échecs ?": each of them counts. */
const periodsAsked: readonly (readonly [GroupBy, RegExp])[] = [
  ["hour", has("quelles heures|(?:which|what) hours")],
  ["day", has("quels jours|(?:which|what) days")],
  ["week", has("quelles semaines|(?:which|what) weeks")],
  ["month", has("quels mois|(?:which|what) months")],
];
/** Errors that occurred for the first time. */
const neverSeen = has(
  String.raw`nouveautes? (?:cote |en |sur |dans )?(?:l|les |des |d)?'?(?:erreurs?|echecs?)|never[ -]before[ -]seen|never seen before|never (?:been )?seen (?:before )?(?:errors?|failures?)|(?:nouve(?:l|lle|lles|au|aux)|new|inedite?s?) (?:types? d'|types? of |kinds? of )?(?:erreurs?|echecs?|errors?|failures?|signatures?|exceptions?)(?: types?)?|(?:erreurs?|errors?|exceptions?|signatures?) (?:\w+ ){0,3}(?:inedite?s?|nouvelles?|jamais (?:vue?s?|rencontree?s?)|never (?:been )?seen|(?:apparu|vu|survenu|arrive|produit)\w* pour la premiere fois|(?:appear\w*|seen|occur\w*|happen\w*) (?:for )?(?:the )?first time|first seen)`,
);
/** How things stand, and not what happened in a time. */
const rightNow = has(
  String.raw`actuellement|en ce moment|(?:a l'heure )?actuel(?:le|s|les)?|maintenant|(?<!until )(?<!till )now|a l'instant|right now|currently|at the moment|(?:toujours|encore) (?:en (?:echec|erreur|panne|rade|vrac|carafe|croix|defaut)|plantee?s?|ko|casse\w*|hs|rouges?|down)|still (?:failing|broken|red|down|in error)`,
);
const list = has(
  String.raw`quel(?:le|s|les)?|qu'est ce qui|qu'est ce qu'|qui a|qui ont|which|what|liste\w*|lists?|montre\w*|show|donne\w*|affiche\w*|display|give|qui|who|lesquel\w*|detail\w*|enumer\w*|dis moi|tell me|voir|see|cherche\w*|find|trouve\w*|ce qui|y a t il|is there|are there|any|des|les`,
);
const greeting = has(
  String.raw`bonjour|bonsoir|salut|coucou|hello|hi|hey|good (?:morning|afternoon|evening)|merci|thanks|thank you|aide|aidez|help|que sais tu|que peux tu|what can you|qui es tu|who are you|comment ca marche|how does this work`,
);

/** Reads the words; `text` is folded, its names and times blanked out. `single` is true when exactly one pipeline is named. */
export function readIntent(spaced: string, { named, comparing }: { named: number; comparing: boolean }): Intent {
  const text = spaced.replace(/\s+/g, " ");
  const neverOk = neverSucceeded.exec(text)?.[0];
  const negated = neverOk ?? (asksRunsNotFailed(text) ? undefined : notFailed.exec(text)?.[0]);
  const statuses = neverOk === undefined ? statusesIn(text) : ["success" as const];
  const group =
    groupSaid(text) ??
    periodsAsked.find(([, pattern]) => pattern.test(text))?.[0] ??
    (peakHour.test(text) ? ("hour" as const) : undefined) ??
    (top.test(text) ? peak.find(([, pattern]) => pattern.test(text))?.[0] : undefined);
  const asked = subject(text);
  const operation = operationOf(text, { named, comparing, group });
  const groupBy = group ?? groupFor(operation, text, asked);
  return {
    operation,
    statuses,
    groupBy,
    mentioned: (["pipeline", "tech", "environment", "signature"] as const).find((each) => mentions(text, each)),
    perGroup: group,
    only: neverSeen.test(text) ? "new" : rightNow.test(text) ? "latest" : undefined,
    limit: limitIn(text),
    measure:
      duration.test(text) || slowOrFast.test(text) || averageCount.test(text)
        ? p95.test(text)
          ? "p95"
          : fastest.test(text)
            ? "fastest"
            : slowest.test(text) || /(?<!\p{L})max(?:imum|imale?)?(?!\p{L})/u.test(text)
              ? "slowest"
              : average.test(text)
                ? "average"
                : "median"
        : undefined,
    negated,
    withoutSuccess: neverOk !== undefined,
    greeting: greeting.test(text),
  };
}

function operationOf(
  text: string,
  { named, comparing, group }: { named: number; comparing: boolean; group: GroupBy | undefined },
): Operation | undefined {
  const timeGroup = group === "day" || group === "hour" || group === "week" || group === "month";
  if (similar.test(text)) return "similar";
  if (lateness.test(text) && !failedStatus.test(text)) return "missing";
  if (missing.test(text) && sinceWhen.test(text) && named === 1) return "last";
  if (missing.test(text) && !/champ|colonne|column|field|file|fichier|table/.test(text)) return "missing";
  if (explain.test(text)) return "explain";
  if (compare.test(text) || comparing) return "compare";
  if (sinceWhen.test(text) && notFailed.test(text)) return "last";
  if (first.test(text) || (sinceWhen.test(text) && (failedStatus.test(text) || runningStatus.test(text)))) return "first";
  if (howLongAgo.test(text)) return "last";
  if (averageCount.test(text) && !/(?<!\p{L})(?:duree|temps|duration|time)/u.test(text)) return "trend";
  if (slowOrFast.test(text) && !compare.test(text)) return "duration";
  if (duration.test(text) && lastRun.test(text) && !slowOrFast.test(text) && !top.test(text)) return "last";
  if (duration.test(text) && !/(?:plus|moins) de (?!temps)|au long|tout au|depuis longtemps/.test(text)) return "duration";
  if (mostReliable.test(text)) return "rate";
  if (inARow.test(text)) return "status";
  if (summary.test(text) && !/(?:par|by|per) /.test(text)) return "status";
  if (clockTime.test(text) && top.test(text)) return "trend";
  if (timeGroup || trend.test(text) || peakHour.test(text)) return "trend";
  if (rate.test(text)) return "rate";
  if (last.test(text) || /(?<!\p{L})(?:quand|when)(?!\p{L})/u.test(text)) return "last";
  if (top.test(text)) return "top";
  if (count.test(text)) return "count";
  if (status.test(text) && !/(?:statuts?|status|etats?) (?:est |sont )?inconnu|unknown status/.test(text))
    return (named > 0 && !/(?<!\p{L})(?:quels|quelles|which) (?:\p{L}+ ){1,3}(?:sont|ont|are|were|have)(?!\p{L})/u.test(text)) ||
      !list.test(text) ||
      /bilan|resum|summar|recap|overview|synthese|sante|health|situation|etat|statut|status/.test(text)
      ? "status"
      : "list";
  if (list.test(text)) return "list";
  return undefined;
}

function groupFor(operation: Operation | undefined, text: string, asked: GroupBy | undefined): GroupBy | undefined {
  if (operation === "top")
    return (
      asked ??
      (mentions(text, "pipeline")
        ? "pipeline"
        : mentions(text, "tech")
          ? "tech"
          : mentions(text, "environment")
            ? "environment"
            : mentions(text, "signature")
              ? "signature"
              : undefined)
    );
  if (operation === "list" || operation === "count" || operation === undefined) {
    if (asked !== undefined && asked !== "status")
      return operation === "count" && asked === "signature" && !/types?|signatures?|differ|distinct/.test(text) ? undefined : asked;
    if (mentions(text, "tech")) return "tech";
    if (mentions(text, "environment")) return "environment";
    return undefined;
  }
  if (operation === "rate" && asked === undefined && (mostReliable.test(text) || top.test(text)))
    return (["pipeline", "tech", "environment"] as const).find((group) => mentions(text, group));
  return asked === "status" ? undefined : asked;
}

const asked = [missing, explain, similar, compare, trend, duration, rate, first, last, top, count, status];
/** Whether a sentence, folded, asks or states something of runs. */
export const speaksOfRuns = (folded: string): boolean =>
  statusPatterns.some(([pattern]) => pattern.test(folded)) ||
  asked.some((pattern) => pattern.test(folded)) ||
  (["pipeline", "tech", "environment", "signature"] as const).some((group) => mentions(folded, group)) ||
  technical.test(folded);
/** A folded word that says what is asked: it is understood as well. */
export const isAskingWord = (word: string): boolean =>
  [top, duration, trend, rate, compare, lateness].some((pattern) => pattern.test(word));
