import { isUnfinished } from "@flow-rag/contracts";
import { foldText } from "../fold-text.js";
import { readDurationFilter } from "./duration-filter.js";
import type { Plan } from "./plan.js";
import type { QuestionReading } from "./question-reading.js";
import type { Operation } from "./read-intent.js";
import { wordsOf } from "./names.js";
import { technical } from "./technical-words.js";

const domain =
  /(?<!\p{L})(?:pip(?:e ?)?lines?|pipelins?|jobs?|flux|flows?|dags?|traitements?|technos?|techos?|technologies|runs?|executions?|echec\w*|erreurs?|errors?|failures?|techs?|builds?|checks?|environnements?|environments?|signatures?|passages?|lancements?|(?:ont|a|avaient|avait) tourne\w*|ran|flow-?rag|prod)(?!\p{L})/u;
const errorCode = /(?<![\p{L}\p{N}_])(?:[A-Z]{2,}-\d{2,}|\w+(?:Exception|Error))(?![\p{L}\p{N}])/u;

/** "ok merci" asks for nothing. */
const courtesy =
  /^(?:[\s!?.,]|ok|okay|d'accord|merci|beaucoup|bien|super|parfait|top|cool|genial|nickel|thanks|thank you|thx|great|perfect|nice|good|job|very|much|a lot|c'est|it's|bonne journee|bye|au revoir)+$/u;
const focus =
  /(?<!\p{L})(?:priorit\w*|concentrer|look at first|focus on|urgent\w*|worst|pires?|flops?|instables?|unstable|unreliable|flak\p{L}+)(?!\p{L})/u;

/** What a question asks for: what its words say, and where they say little what its names and times suggest. */
export function decideOperation(reading: QuestionReading): Pick<Plan, "operation" | "only"> {
  const decided = decide(reading);
  // "les jobs de l'équipe Data" asks, though for what cannot be told.
  return reading.owners.length > 0 && decided.operation === "help" ? { ...decided, operation: "list" } : decided;
}

function decide(reading: QuestionReading): Pick<Plan, "operation" | "only"> {
  const { intent, names, time, rest, text, quoted } = reading;
  const said = operationSaid(reading);
  const timed = time.windows.length + time.unread.length > 0;
  const pipelines = names.matches.filter(({ kind }) => kind === "pipeline").length;
  // "l'erreur ORA-12541 est-elle nouvelle ?": since when it is there.
  if (
    (errorCode.test(text) || quoted) &&
    /(?<!\p{L})(?:est(?: elle)?|is|it)\P{L}+(?:\p{L}+ )?(?:nouvelle|nouveau|new)(?!\p{L})/u.test(rest)
  )
    return { operation: "first", only: null };
  // "depuis combien de temps fx-rates est-il en cours ?": the run that is in progress tells when it began.
  if (pipelines === 1 && intent.statuses.length === 1 && intent.statuses[0] === "running" && sinceWhen.test(rest))
    return { operation: "last", only: null };
  // "depuis quand orders-daily est en échec ?": its state tells since when.
  if (
    said === "first" &&
    !timed &&
    pipelines === 1 &&
    intent.statuses.some((each) => each === "failed" || each === "running") &&
    sinceWhen.test(rest)
  )
    return { operation: "status", only: null };
  if (intent.only === "new" && said !== "help") {
    const counted = /combien|how many|nombre|number of|count/.test(rest);
    return { operation: said === "top" ? said : counted ? "count" : "list", only: "new" };
  }
  const standing = !timed && pipelines === 0 && !intent.statuses.some(isUnfinished);
  // "qu'est-ce qui est en échec actuellement ?", "le statut de chaque flux": how each stands, and not what happened in a time.
  if (standing && intent.only === "latest" && intent.statuses.length > 0 && (said === "list" || said === "count" || said === "status"))
    return { operation: "last", only: "latest" };
  // "(dernier run KO)" beside it says the same again.
  const each = said === "last" && intent.mentioned === "pipeline" && eachStands.test(rest);
  if (standing && intent.only === "latest" && intent.statuses.length > 0 && each) return { operation: "last", only: "latest" };
  if (standing && said === "status" && intent.perGroup === "pipeline") return { operation: "last", only: "latest" };
  // "python or ruby, which fails more?": the one and the other, and no list of pipelines.
  const kinds = (["pipeline", "tech", "environment"] as const).map(
    (kind) => new Set(names.matches.filter((match) => match.kind === kind).map(({ name }) => name)).size,
  );
  if (said === "list" && kinds.some((count) => count > 1) && whichMore.test(rest)) return { operation: "top", only: null };
  // "slower this week than last week?": the one against the other, and no duration of both together.
  if (said === "duration" && time.windows.length === 2 && /(?<!\p{L})(?:than|que|qu'|vs|versus|contre)(?!\p{L})/u.test(rest))
    return { operation: "compare", only: null };
  // "toujours KO, orders-daily ?"
  if (intent.only === "latest" && !timed && pipelines === 1 && intent.statuses.length > 0 && (said === "list" || said === "count"))
    return { operation: "status", only: null };
  // "orders-daily a réussi ?", "est bloqué ?": how it stands, where no list is asked for.
  const [status, ...others] = intent.statuses;
  if (
    said === "list" &&
    !timed &&
    pipelines === 1 &&
    others.length === 0 &&
    (status === "success" || status === "running" || status === "waiting") &&
    !listed.test(rest)
  )
    return { operation: "status", only: null };
  // "orders-daily ok ?" asks how it is, "pipelines ok hier" which.
  const how = said === "list" && pipelines === 1 && !timed && isOk.test(rest);
  return { operation: how ? "status" : said, only: null };
}

const eachStands = /(?<!\p{L})(?:quels|quelles|which|what|combien|how many|list\p{L}*|les|all|tous|toutes)(?!\p{L})/u;
const whichMore =
  /(?<!\p{L})(?:lequel|laquelle|lesquels|qui|which|who)(?!\p{L}).*(?<!\p{L})(?:plus|moins|more|most|less|least|worse|worst|pire)(?!\p{L})/u;
const asksWhatHappened =
  /(?<!\p{L})(?:bilan|resume\p{L}*|recap\p{L}*|summary|overview|synthese|what happened|s'est (?:bien |mal )?(?:passe|deroule)e?|quoi de neuf)(?!\p{L})/u;
const listed =
  /(?<!\p{L})(?:quel\p{L}*|which|list\p{L}*|montre\p{L}*|show|donne\p{L}*|give|runs?|executions?|succes|success(?:es|ful)?|jamais|never|deja|ever)(?!\p{L})/u;
const sinceWhen = /(?<!\p{L})(?:depuis (?:quand|combien)|since when|how long (?:has|have|is|are))(?!\p{L})/u;
const isOk = /^(?:est|is|il|elle|it|bien|c|all|tout|le|la|flux|pipeline|job|alors|et|[\s?!,.'])*(?<!\p{L})ok[\s?!.]*$/u;

function operationSaid({ intent, names, time, residue, rest, text, quoted, bound }: QuestionReading): Operation {
  const named = names.matches.length + names.unknown.length > 0;
  const timed = time.windows.length + time.unread.length > 0;
  const about =
    named ||
    quoted ||
    errorCode.test(text) ||
    intent.statuses.length > 0 ||
    domain.test(rest) ||
    intent.negated !== undefined ||
    (intent.operation === "top" && focus.test(rest)) ||
    intent.groupBy === "tech" ||
    intent.groupBy === "environment";
  const few = wordsOf(rest).length <= 8;
  if (!named && !timed && !quoted && courtesy.test(rest)) return "help";
  const said = intent.operation;
  if (said === "similar" && !about && residue.length === 0) return "help";
  if (said === "similar") return "similar";
  // "salut ça va ?" is a greeting, and no question about how the runs are.
  if (intent.greeting && !about && !timed && residue.length === 0 && /(?<!\p{L})(?:ca va|comment (?:vas|allez)|how are you)/u.test(rest))
    return "help";
  if (!about && !timed) {
    if (
      said === "missing" ||
      ((said === "status" || said === "explain" || said === "trend" || said === "duration") &&
        few &&
        residue.length === 0 &&
        /bilan|statut|status|etat|pourquoi|why|tendance|trend|amelior\w*|empir\w*|degrad\w*|improv\w*|wors\w*|better|going (?:up|down)|resume|summary|duree|duration|sante|health|recap|overview|(?<!\p{L})ras(?!\p{L})|signaler|to report|vert|green|(?:va|marche|fonctionne|roule) bien|(?:est|is) (?:ok|bon)|(?:ca|tout) va|worr|inquiet|en est|point|update|nouvelles|all (?:ok|good|fine)|everything (?:ok|is)/u.test(
          rest,
        ))
    )
      return said;
    if (intent.greeting && residue.length === 0) return "help";
    if ((said === "first" || said === "last") && residue.length > 0 && technical.test(foldText(text))) return said;
    return technical.test(foldText(text)) && said !== "trend" && said !== "rate" ? "similar" : "help";
  }
  if (!about && timed) {
    if (residue.length > 0 && said === "status" && asksWhatHappened.test(rest)) return said;
    if (residue.length > 0 && said !== "missing" && said !== "compare")
      return technical.test(rest) ? (said === "count" || said === "trend" ? said : "similar") : "help";
    return said === undefined || said === "list" ? "status" : said;
  }
  if (bound && intent.mentioned !== undefined && (said === undefined || said === "status")) return "list";
  const bounds = readDurationFilter(rest);
  const bounded = bounds.minDurationMs !== null || bounds.maxDurationMs !== null;
  // "longer than 10 minutes" is a filter, unless a measure is asked for as well.
  if (said === "duration" && bounded && !/median|moyen|average|mean|p ?9|centile|slowest|longest|combien de temps|how long/.test(rest))
    return /combien|how many|nombre|number|count/.test(rest) ? "count" : "list";
  if ((said === undefined || said === "status") && bounded) return "list";
  // "quels pipelines sont touchés par ORA-12541 ?"
  if (said === "list" && intent.groupBy !== undefined && intent.groupBy !== "signature" && (quoted || errorCode.test(text))) return "list";
  if (said === "list" && !timed && !named && intent.statuses.length === 0 && residue.length > 0)
    return technical.test(rest) ? "similar" : "help";
  // "module manquant hier": what is sought stands between quotation marks, and asks for no summary.
  if (said === undefined && quoted && (named || timed) && intent.statuses.length === 0 && !domain.test(rest)) return "similar";
  if (said === undefined && quoted && !named && !timed && intent.statuses.length === 0)
    return residue.some((word) => rest.includes(foldText(word))) && !technical.test(foldText(text)) ? "help" : "similar";
  if (said === undefined)
    return intent.statuses.length > 0
      ? "list"
      : named || timed
        ? residue.length > 0 && technical.test(rest)
          ? "similar"
          : "status"
        : "help";
  if (said === "list" && named && !timed && intent.statuses.length === 0 && !domain.test(rest))
    return residue.length > 1 && !technical.test(rest) ? "help" : "status";
  return said;
}
