import type { Language, RunStatus } from "@flow-rag/contracts";
import { detectLanguage } from "../detect-language.js";
import { foldText } from "../fold-text.js";
import { mergeWindows, readTime, type TimeReading, type TimeWindow } from "../time/read-time.js";
import { windowLabel } from "../window-label.js";
import { excludedNames } from "./excluded-names.js";
import { correctWord, correctWords } from "./spelling.js";
import { commonWords } from "./common-words.js";
import type { Plan, PlanWindow, Unresolved } from "./plan.js";
import { precedingWindow, usualWindow } from "./compare-windows.js";
import { readDurationFilter } from "./duration-filter.js";
import { isStatusWord, readIntent, type GroupBy, type Intent, type Operation } from "./read-intent.js";
import { resolveNames, wordsOf, type Catalogue, type NameMatch, type ResolvedNames } from "./resolve-names.js";

export type PlanContext = { readonly now: Date; readonly zone: string; readonly catalogue: Catalogue; readonly language?: Language };
/** What was read in the text, before defaults: a follow-up fills its gaps from the plan before it. */
export type QuestionReading = {
  readonly text: string;
  readonly intent: Intent;
  readonly names: ResolvedNames;
  readonly time: TimeReading;
  readonly residue: readonly string[];
  readonly rest: string;
};

const defaultDays = 7;
const signatureOperations = new Set<Operation>(["similar", "explain"]);

/** Reads a question. Pure: the same text, instant, zone and catalogue always give the same plan. */
export const planQuestion = (text: string, context: PlanContext): Plan => makePlan(readQuestion(text, context), context);

export function readQuestion(text: string, { now, zone, catalogue }: PlanContext): QuestionReading {
  const rough = readTime(text, now, zone);
  const names = resolveNames(text, catalogue, (start, end) => rough.windows.some((window) => start < window.end && end > window.start));
  const masks = names.matches.map(({ start, end }) => [start, end] as const);
  const time = readTime(text, now, zone, masks);
  const blanked = blank(text, [
    ...masks,
    ...names.unknown.map(({ start, end }) => [start, end] as const),
    ...time.windows.map(({ start, end }) => [start, end] as const),
  ]);
  const rest = correctWords(foldText(blanked).replace(/-/g, " "));
  const kinds = new Set(names.matches.map(({ kind, name }) => `${kind} ${name}`));
  const intent = readIntent(rest, { named: kinds.size, comparing: false });
  const unreadWords = new Set(time.unread.flatMap((phrase) => wordsOf(phrase).map((word) => word.text)));
  const residue = wordsOf(blanked)
    .filter(({ text: word }) => !commonWords.has(word) && word.length > 1 && !/^\d+$/.test(word) && !unreadWords.has(word))
    .filter(({ text: word }) => correctWord(word) === undefined && !isStatusWord(word))
    .map(({ start, end }) => text.slice(start, end));
  return { text, intent, names, time, residue, rest };
}

const blank = (text: string, parts: readonly (readonly [number, number])[]): string =>
  parts.reduce((rest, [start, end]) => rest.slice(0, start) + " ".repeat(end - start) + rest.slice(end), text);

export function makePlan(reading: QuestionReading, context: PlanContext): Plan {
  const { text, intent, names, time, residue, rest } = reading;
  const { now, zone } = context;
  const leftOut = excludedNames(text, names.matches);
  const included = names.matches.filter((match) => !leftOut.has(match));
  const language = context.language ?? detectLanguage(text);
  const duration = readDurationFilter(rest);
  const operation = decideOperation(reading);
  const label = (window: Omit<PlanWindow, "label">): PlanWindow => ({ ...window, label: windowLabel(language, window, zone, now) });
  const stated = (window: TimeWindow): PlanWindow => label({ from: window.from, to: window.to, name: window.name, stated: true });

  const unresolved: Unresolved[] = time.unread.map((phrase) => ({ kind: "time", text: phrase, near: [] }));
  unresolved.push(...names.unknown.map(({ kind, text: name, near }) => ({ kind, text: name, near })));
  let windows = time.windows.map(stated);
  let compareWindow: PlanWindow | null = null;
  if (operation === "compare") {
    const pair = time.ends ? time.ends.map(stated) : windows;
    const sorted = [...pair].sort((a, b) => b.to.getTime() - a.to.getTime() || (b.from?.getTime() ?? 0) - (a.from?.getTime() ?? 0));
    const groupsCompared = comparedNames(included) !== undefined;
    if (sorted.length >= 2) [windows, compareWindow] = [[sorted[0] as PlanWindow], sorted[1] as PlanWindow];
    else if (!groupsCompared && sorted[0]) {
      const [only] = sorted;
      // "par rapport à hier" names what to compare with; "compare hier" what is compared.
      const reference = isReference(text, time.windows[0]);
      compareWindow = reference ? only : label(precedingWindow(only, zone));
      windows = [reference ? label(usualWindow(only, now, zone)) : only];
    }
  }
  const merged = windows.length > 1 ? mergeWindows(time.windows) : undefined;
  if (windows.length > 1 && !merged)
    unresolved.push({ kind: "time", text: time.windows.map(({ start, end }) => text.slice(start, end)).join(" … "), near: [] });
  const window = merged
    ? stated(merged)
    : (windows[0] ?? (time.unread.length > 0 || isRunning(intent) ? null : defaultWindow(operation, included.length, context, label)));
  if (operation === "compare" && !compareWindow && comparedNames(included) === undefined && window?.from)
    compareWindow = label(precedingWindow(window, zone));

  const statuses =
    operation === "status" || operation === "help" || operation === "missing"
      ? []
      : intent.negated !== undefined
        ? ["failed" as const]
        : intent.statuses.length > 0
          ? intent.statuses
          : defaultStatuses(operation, rest);
  const signatureText = textSought(reading, operation);
  const used = new Set(wordsOf(signatureText ?? "").map((word) => word.text));
  const leftOver =
    operation === "help" ? [] : residue.filter((word) => !used.has(foldText(word)) && !used.has(foldText(word).replace(/s$/, "")));
  // That an error never occurred before is not looked at: it must not seem so.
  const newOnes =
    operation === "help"
      ? null
      : /(?<!\p{L})(?:nouve(?:l|lle|lles|au|aux)|new|inedite?s?) (?:types? d'|types? of )?(?:erreurs?|echecs?|errors?|failures?|signatures?|exceptions?)/u.exec(
          rest,
        );
  if (newOnes) leftOver.push(newOnes[0]);
  unresolved.push(...leftOver.map((word) => ({ kind: "word" as const, text: word, near: [] })));
  const namesOf = (matches: readonly NameMatch[], kind: NameMatch["kind"]) => [
    ...new Set(matches.filter((match) => match.kind === kind).map(({ name }) => name)),
  ];
  const picked = (kind: NameMatch["kind"]) => namesOf(included, kind);
  return {
    operation,
    language,
    window,
    compareWindow,
    filters: {
      pipelines: picked("pipeline"),
      techs: picked("tech"),
      statuses,
      environments: picked("environment"),
      signatureText,
      ...duration,
      ...(leftOut.size > 0 && {
        excluded: {
          pipelines: namesOf([...leftOut], "pipeline"),
          techs: namesOf([...leftOut], "tech"),
          environments: namesOf([...leftOut], "environment"),
        },
      }),
    },
    groupBy: groupFor(operation, intent, included, rest),
    limit: intent.limit ?? (operation === "top" ? 5 : null),
    measure: operation === "duration" ? (intent.measure ?? "median") : null,
    without: intent.negated !== undefined,
    unresolved,
    assumed: names.matches
      .filter(({ certain }) => !certain)
      .map(({ kind, text: written, name, near }) => ({ kind, text: written, name, near })),
  };
}

/** What is running is running now, whenever it began. */
const isRunning = ({ statuses }: Intent): boolean => statuses.length === 1 && statuses[0] === "running";

const domain =
  /(?<!\p{L})(?:pip(?:e ?)?lines?|pipelins?|jobs?|flux|flows?|dags?|traitements?|technos?|techos?|technologies|runs?|executions?|echec\w*|erreurs?|errors?|failures?|techs?|builds?|checks?|environnements?|environments?|signatures?|flow-?rag|prod)(?!\p{L})/u;
const technical =
  /(?<!\p{L})(?:connexion|connection|refuse\w*|timeout|timed? ?out|time ?out|exception|null|memoire|memory|heap|disque|disk|space|permission|denied|interdit\w*|acces|access|code|exit|http|sql|ora|ssl|tls|certificat\w*|certificate|socket|host|reseau|network|dns|port|deadlock|verrou|lock|quota|unreachable|injoignable|introuvable|indisponible|unavailable|killed|oom|stack|trace|schema|colonne|column|table|relation|syntax\w*|parse|parsing|json|csv|encod\w*|duplicate|doublon|constraint|contrainte|cle|key|authent\w*|login|password|token|expire\w*|overflow|out of|no such|cannot|unable|impossible|invalid\w*|missing|listener|executor|partition|corrupt\w*|java|python|npm|maven|gradle|compil\w*|depend\w*|test|tests|assert\w*|version|module|class|package|import|undefined|nullpointer\w*|\w+exception|\w+error)(?!\p{L})/u;

function decideOperation({ intent, names, time, residue, rest, text }: QuestionReading): Operation {
  const named = names.matches.length + names.unknown.length > 0;
  const timed = time.windows.length + time.unread.length > 0;
  const about =
    named ||
    intent.statuses.length > 0 ||
    domain.test(rest) ||
    intent.negated !== undefined ||
    intent.groupBy === "tech" ||
    intent.groupBy === "environment";
  const few = wordsOf(rest).length <= 8;
  const said = intent.operation;
  if (said === "similar" && !about && residue.length === 0) return "help";
  if (said === "similar") return "similar";
  if (!about && !timed) {
    if (
      said === "missing" ||
      ((said === "status" || said === "explain" || said === "trend" || said === "duration") &&
        few &&
        residue.length === 0 &&
        /bilan|statut|status|etat|pourquoi|why|tendance|trend|resume|summary|duree|duration|sante|health|recap|overview|(?<!\p{L})ras(?!\p{L})|signaler|to report|vert|green|(?:va|marche|fonctionne|roule) bien|(?:est|is) (?:ok|bon)|ca va|all (?:ok|good|fine)|everything (?:ok|is)/u.test(
          rest,
        ))
    )
      return said;
    if (intent.greeting && residue.length === 0) return "help";
    return technical.test(foldText(text)) && said !== "trend" && said !== "rate" ? "similar" : "help";
  }
  if (!about && timed) {
    if (residue.length > 0 && said !== "missing" && said !== "compare") return technical.test(rest) ? "similar" : "help";
    return said === undefined || said === "list" ? "status" : said;
  }
  const bounds = readDurationFilter(rest);
  const bounded = bounds.minDurationMs !== null || bounds.maxDurationMs !== null;
  // "longer than 10 minutes" is a filter, unless a measure is asked for as well.
  if (said === "duration" && bounded && !/median|moyen|average|mean|p ?9|centile|slowest|longest|combien de temps|how long/.test(rest))
    return /combien|how many|nombre|number|count/.test(rest) ? "count" : "list";
  if ((said === undefined || said === "status") && bounded) return "list";
  if (said === "list" && !timed && !named && intent.statuses.length === 0 && residue.length > 0)
    return technical.test(rest) ? "similar" : "help";
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

function defaultWindow(
  operation: Operation,
  named: number,
  { now, zone }: PlanContext,
  label: (window: Omit<PlanWindow, "label">) => PlanWindow,
): PlanWindow | null {
  if (
    operation === "help" ||
    operation === "similar" ||
    operation === "last" ||
    operation === "first" ||
    (operation === "status" && named > 0)
  )
    return null;
  if (operation === "missing") {
    const [day] = readTime("hier", now, zone).windows;
    return day ? label({ from: day.from, to: day.to, name: day.name, stated: false }) : null;
  }
  const [days] = readTime(`${defaultDays} derniers jours`, now, zone).windows;
  return days ? label({ from: days.from, to: days.to, name: days.name, stated: false }) : null;
}

/** Words that ask about failures without naming them; other questions look at every status. */
function defaultStatuses(operation: Operation, rest: string): RunStatus[] {
  if (operation === "explain") return ["failed"];
  if (operation === "rate") return ["failed"];
  if (operation === "top") return /pires?|worst|instables?|unstable|fiables?|unreliable|frequent|recurr/.test(rest) ? ["failed"] : [];
  return [];
}

function groupFor(operation: Operation, { groupBy }: Intent, matches: readonly NameMatch[], rest: string): GroupBy | null {
  switch (operation) {
    case "list":
      return groupBy ?? "pipeline";
    case "top":
      return groupBy ?? comparedNames(matches) ?? "signature";
    case "trend":
      return groupBy === "hour" || groupBy === "week" || groupBy === "month" ? groupBy : "day";
    case "missing":
      return "pipeline";
    case "compare":
      return comparedNames(matches) ?? groupBy ?? null;
    case "explain":
      return "signature";
    case "duration":
      return groupBy === "signature" || groupBy === "status"
        ? null
        : (groupBy ?? (/lent|slow|longs?|longues?|longest|temps|time/.test(rest) ? slowGroup(rest) : null));
    case "count":
    case "rate":
      return groupBy ?? null;
    case "last":
    case "first":
    case "status":
    case "similar":
    case "help":
      return null;
  }
}

/** "les pipelines les plus lents" asks for pipelines, "les exécutions les plus longues" and "jobs" for runs. */
function slowGroup(rest: string): GroupBy | null {
  if (/(?<!\p{L})technos?|technolog/u.test(rest)) return "tech";
  if (/environ/.test(rest)) return "environment";
  return /(?<!\p{L})(?:pipelines?|flux|flows?|dags?|traitements?)(?!\p{L})/u.test(rest) &&
    !/executions?|(?<!\p{L})runs?(?!\p{L})/u.test(rest)
    ? "pipeline"
    : null;
}

/** The kind of which two or more are named: those are compared with each other. */
function comparedNames(matches: readonly NameMatch[]): "pipeline" | "tech" | "environment" | undefined {
  return (["pipeline", "tech", "environment"] as const).find(
    (kind) => new Set(matches.filter((match) => match.kind === kind).map(({ name }) => name)).size >= 2,
  );
}

function isReference(text: string, window: TimeWindow | undefined): boolean {
  return (
    window !== undefined &&
    /(?:par rapport (?:a|au|aux)|compared? (?:to|with)|compare (?:a|avec)|que|qu'|qu’|than|vs\.?|versus|contre|against|depuis)\s*(?:le|la|les|l'|the|d'|ceux d'|celle de|celui d')?\s*$/.test(
      foldText(text.slice(0, window.start)),
    )
  );
}

/** Quoted text, an error code, or what stands behind "erreur de": the text that errors are searched for. */
function textSought({ text, names, time, residue, rest }: QuestionReading, operation: Operation): string | null {
  const places = [...names.matches, ...names.unknown, ...time.windows];
  const free = (start: number, end: number) => !places.some((place) => start < place.end && end > place.start);
  for (const match of text.matchAll(/"([^"]{2,300})"|«\s*([^»]{2,300}?)\s*»|“([^”]{2,300})”/g)) {
    if (free(match.index + 1, match.index + match[0].length - 1)) return (match[1] ?? match[2] ?? match[3] ?? "").trim();
  }
  const code = /(?<![\p{L}\p{N}])(?:[A-Z]{2,}-\d{2,}|(?:HTTP|code|exit code|error) \d{1,5}|\w+(?:Exception|Error))(?![\p{L}\p{N}])/u.exec(
    text,
  );
  if (code && free(code.index, code.index + code[0].length)) return code[0];
  if (operation === "similar" && residue.length > 0)
    return /similair|semblabl|similar|deja|ever|before|ressembl|comme|like/.test(rest) ? residue.join(" ") : text.trim();
  if (operation === "help" || residue.length === 0) return null;
  const behind =
    /(?:erreurs?|errors?|echecs?|failures?|exceptions?|messages?|contenant|containing|contient|contains|avec|with|type)\s+(?:de |d'|d’|of |du |des |type |liees? (?:a|au|aux) |dus? (?:a|au|aux) |due to |with |contenant |containing |avec |related to |le mot |the word )*([\p{L}\p{N}_.-]+(?: [\p{L}\p{N}_.-]+)*)/u.exec(
      foldText(text),
    );
  const words = behind?.[1]?.split(" ") ?? [];
  const found: string[] = [];
  for (const word of words) {
    if (!residue.some((left) => foldText(left) === word) && !(found.length > 0 && /^(of|de|d|to|la|le|the|by|par|not|no)$/.test(word)))
      break;
    found.push(word);
  }
  while (found.length > 0 && /^(of|de|d|to|la|le|the|by|par|not|no)$/.test(found.at(-1) ?? "")) found.pop();
  // "timeouts" asks for what any error calls a timeout.
  if (found.length > 0) return found.join(" ").replace(/(?<=\p{L}{4}[^\Wsui])s$/u, "");
  const before =
    residue.length === 1 &&
    new RegExp(`${escapeRegExp(foldText(residue[0] ?? ""))}\\s+(?:erreurs?|errors?|failures?|exceptions?)`, "u").test(foldText(text));
  if (before) return residue[0] ?? null;
  return signatureOperations.has(operation) ? residue.join(" ") : null;
}

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
