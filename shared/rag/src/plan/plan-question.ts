import type { RunStatus } from "@flow-rag/contracts";
import { foldText } from "../fold-text.js";
import { windowLabel } from "../window-label.js";
import { beyondFigures } from "./beyond-figures.js";
import { decideOperation } from "./decide-operation.js";
import { readDurationFilter } from "./duration-filter.js";
import { excludedNames } from "./excluded-names.js";
import type { GroupBy } from "./group-words.js";
import { wordsOf, type NameMatch } from "./names.js";
import { isTooLong, tooLongPlan } from "./question-length.js";
import { longestQuotation } from "./quotations.js";
import { planWindows } from "./plan-windows.js";
import type { Plan, PlanWindow, Unresolved } from "./plan.js";
import type { QuestionReading } from "./question-reading.js";
import type { Intent, Operation } from "./read-intent.js";
import { readQuestion, type PlanContext } from "./read-question.js";
import { uncomputed } from "./uncomputed.js";
import { textSought, toolText } from "./sought-text.js";

/** Reads a question. Pure: the same text, instant, zone and catalogue always give the same plan. */
export const planQuestion = (text: string, context: PlanContext): Plan =>
  isTooLong(text) ? tooLongPlan(text, context) : makePlan(readQuestion(text, context), context);

export function makePlan(reading: QuestionReading, context: PlanContext): Plan {
  const { text, intent, names, time, residue, rest } = reading;
  const { now, zone } = context;
  const leftOut = excludedNames(text, names.matches);
  const included = names.matches.filter((match) => !leftOut.has(match));
  const language = context.language ?? reading.language;
  const duration = readDurationFilter(rest);
  const { operation, only } = decideOperation(reading);
  const label = (window: Omit<PlanWindow, "label">): PlanWindow => ({ ...window, label: windowLabel(language, window, zone, now) });

  const soughtText = textSought(reading, operation);
  const signatureText = soughtText !== null && soughtText.length > longestQuotation ? null : soughtText;
  const tool = signatureText === null ? undefined : toolText(reading);
  const unresolved: Unresolved[] = time.unread
    .filter((phrase) => operation !== "compare" || !/^[ée]poque$/i.test(phrase))
    .map((phrase) => ({ kind: "time", text: phrase, near: [] }));
  unresolved.push(
    ...names.unknown
      .filter(({ text: name }) => !signatureText?.includes(name) || name === tool?.name)
      // Beside a text that is sought, a word in capitals is one more of it.
      .map(({ kind, text: name, near }): Unresolved =>
        kind === "name" && signatureText !== null && /^\p{L}+$/u.test(name)
          ? { kind: "word", text: name, near: [] }
          : { kind, text: name, near },
      ),
  );
  const { window, compareWindow, apart } = planWindows(
    reading,
    { operation, compared: comparedNames(included) !== undefined, named: included.length },
    context,
    label,
  );
  unresolved.push(...leftQuotations(reading, { text: signatureText, operation }));
  unresolved.push(...reading.owners.map((owner) => ({ kind: "owner" as const, text: owner, near: [] })));
  if (operation !== "help")
    unresolved.push(
      ...uncomputed(reading, { compared: operation === "compare", soughtText: signatureText }).map((part) => ({ ...part, near: [] })),
    );
  unresolved.push(...apart.map((phrase) => ({ kind: "time" as const, text: phrase, near: [] })));

  const statuses: readonly RunStatus[] =
    operation === "status" || operation === "help" || operation === "missing"
      ? []
      : only === "new" || (intent.negated !== undefined && !intent.withoutSuccess)
        ? ["failed" as const]
        : intent.statuses.length > 0
          ? intent.statuses
          : defaultStatuses(operation, rest);
  const used = new Set(wordsOf(signatureText ?? "").map((word) => word.text));
  const groupBy = only === "new" ? "signature" : only === "latest" ? "pipeline" : groupOf(operation, reading, included);
  const bound = isBoundable(operation, groupBy) && only === null ? (reading.bound?.bound ?? null) : null;
  const beyond = beyondFigures(text, {
    operation,
    compared: compareWindow !== null || comparedNames(included) !== undefined,
    bounded: bound !== null,
    without: intent.negated !== undefined,
  });
  const isBeyond = (word: string) => beyond.some(({ text: part }) => wordsOf(part).some((each) => each.text === foldText(word)));
  const isSettled = (word: string) => operation === "status" && settled.test(rest) && settledWord.test(foldText(word));
  const bounded = duration.minDurationMs !== null || duration.maxDurationMs !== null;
  const leftOver =
    operation === "help"
      ? []
      : [
          ...residue.filter(
            (word) => !used.has(foldText(word)) && !used.has(foldText(word).replace(/s$/, "")) && !isBeyond(word) && !isSettled(word),
          ),
          ...numbersLeft(reading, { bounded, used, beyond }),
          ...beyond.map((part) => part.text),
          ...leftGroupings(rest, { operation, groupBy }),
          // "durée moyenne des 5 dernières exécutions": each is told, and no figure over them.
          ...(operation === "last" && intent.measure !== undefined ? (overRuns.exec(text)?.slice(0, 1) ?? []) : []),
        ];
  unresolved.push(...leftOver.map((word) => ({ kind: "word" as const, text: word, near: [] })));
  const namesOf = (matches: readonly NameMatch[], kind: NameMatch["kind"]) => [
    ...new Set(matches.filter((match) => match.kind === kind).map(({ name }) => name)),
  ];
  const picked = (kind: NameMatch["kind"]) => namesOf(included, kind);
  const without = intent.negated !== undefined && (operation === "list" || operation === "count") && picked("pipeline").length !== 1;
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
    groupBy: without && !isKind(groupBy ?? undefined) ? "pipeline" : groupBy,
    only,
    bound,
    limit: numberSought(intent.limit, signatureText) ?? (operation === "top" ? 5 : null),
    measure:
      operation === "duration" ? (intent.measure ?? "median") : operation === "trend" && intent.measure === "average" ? "average" : null,
    ...(operation === "rate" && ranksLowest(rest, statuses) && { lowest: true }),
    without,
    unresolved,
    ...quotedNameOf(reading),
    assumed: names.matches
      .filter(({ certain }) => !certain)
      .map(({ kind, text: written, name, near }) => ({ kind, text: written, name, near })),
  };
}

/** Quotations that are too long to be sought, and those beside the one that is. */
const leftQuotations = (
  { sought, quotations }: QuestionReading,
  { text, operation }: { text: string | null; operation: Operation },
): Unresolved[] =>
  sought.flatMap((each): Unresolved[] => {
    if (each.text.length > longestQuotation) return [{ kind: "quotation", text: each.text.slice(0, shownOfLong), near: [] }];
    const written = quotations.some(({ start }) => start === each.start);
    return operation === "help" || each.text === text || !written ? [] : [{ kind: "word", text: each.text, near: [] }];
  });
const shownOfLong = 60;

/** What a quotation names exactly, the first that does. */
function quotedNameOf({ quotations }: QuestionReading): Pick<Plan, "quotedName"> {
  const quoted = quotations.find(({ known }) => known.length > 0);
  const [entry] = quoted?.known ?? [];
  if (!quoted || !entry) return {};
  const exact = quoted.known.filter(({ kind, name }) => kind === entry.kind && name === quoted.text);
  const names = (exact.length > 0 ? exact : quoted.known.filter(({ kind }) => kind === entry.kind)).map(({ name }) => name);
  return { quotedName: { kind: entry.kind, text: quoted.text, names: [...new Set(names)] } };
}

const groupingWords: readonly (readonly [GroupBy, RegExp])[] = [
  ["pipeline", /(?<!\p{L})(?:par|per|by|each|chaque) (?:pipelines?|jobs?|flux|flows?|dags?|traitements?)(?!\p{L})/u],
  ["tech", /(?<!\p{L})(?:par|per|by|each|chaque) (?:technos?|technolog\p{L}+|techs?)(?!\p{L})/u],
  ["environment", /(?<!\p{L})(?:par|per|by|each|chaque) env(?:ironn?ements?|ironments?|s)?(?!\p{L})/u],
  ["day", /(?<!\p{L})(?:par|per|by|each|chaque) (?:jour|day)(?!\p{L})/u],
];
/** "par pipeline et par jour": an answer has one grouping, and the other is told; so are delays that are asked for beside failures. */
function leftGroupings(rest: string, { operation, groupBy }: { operation: Operation; groupBy: GroupBy | null }): string[] {
  const late = operation === "count" ? (/(?<!\p{L})(?:retards?|delays?)(?!\p{L})/u.exec(rest)?.slice(0, 1) ?? []) : [];
  if (operation !== "trend" && operation !== "list" && operation !== "count" && operation !== "rate") return late;
  const said = groupingWords.flatMap(([group, pattern]) => (pattern.exec(rest) ? [{ group, text: pattern.exec(rest)?.[0] ?? "" }] : []));
  return said.length < 2 ? late : [...late, ...said.filter(({ group }) => group !== groupBy).map(({ text }) => text)];
}

const overRuns = /(?<!\p{L})(?:moyen\p{L}*|averages?|mean|m[ée]dianes?|medians?|p ?9[059])(?!\p{L})/iu;
const lowestSaid =
  /(?<!\p{L})(?:lowest|smallest|least|min(?:imum|imale?)?|plus (?:bas|basse|faible|petit)\p{L}*|moins (?:eleve|haut|important)\p{L}*)(?!\p{L})/u;
const worstSaid = /(?<!\p{L})(?:worst|poorest|pires?|plus (?:mauvais|mediocre)\p{L}*|moins (?:bon|bonne)s?)(?!\p{L})/u;
const bestSaid = /(?<!\p{L})(?:best|meilleure?s?|plus (?:bon|bonne)s?)(?!\p{L})/u;
/** Whether the lowest rate goes first: where it is said, and where the worst of successes or the best of what is no success is asked for. */
function ranksLowest(rest: string, statuses: readonly RunStatus[]): boolean {
  const ofSuccess = statuses.length > 0 && statuses.every((status) => status === "success");
  return lowestSaid.test(rest) || (ofSuccess ? worstSaid : bestSaid).test(rest);
}
const settledWord = /^(?:retabli|repare|resolu|corrige|regle|debloque|recovered|fixed|resolved|solved|repasse|back)e?s?$/;
/** "c'est réparé ?" asks how it is, "répare-le" for a deed. */
const settled =
  /(?<!\p{L})(?:est|sont|ete|is|are|been|was|were|got|has|have|a|ont)(?: (?:bien|enfin|deja|now|finally|already|it|il|elle|\p{L}+))? (?:retabli|repare|resolu|corrige|regle|debloque|recovered|fixed|resolved|solved|repasse|back)e?s?(?!\p{L})/u;

/** The 404 of "404 errors" is what is sought, and no number of lines. */
const numberSought = (limit: number | undefined, text: string | null): number | undefined => (String(limit) === text ? undefined : limit);

/** "technos avec un taux au-dessus de 2 %", "erreurs survenues plus de 3 fois": what a bound is set on is a group. */
function groupOf(operation: Operation, { intent, bound, rest }: QuestionReading, included: readonly NameMatch[]): GroupBy | null {
  const boundOn = bound && (intent.mentioned === "signature" ? (bound.times ? "signature" : undefined) : intent.mentioned);
  const usual = groupFor(operation, intent, included, rest);
  return boundOn && intent.groupBy === undefined ? boundOn : usual;
}

/** A bound leaves out groups, where there are groups that are counted. */
export const isBoundable = (operation: Operation, groupBy: GroupBy | null): boolean =>
  (operation === "list" || operation === "count" || operation === "top" || operation === "rate") && groupBy !== null;

/** Numbers that nothing in the plan stands for, such as the id of a run. */
function numbersLeft(
  { numbers, intent, names }: QuestionReading,
  { bounded, used, beyond }: { bounded: boolean; used: ReadonlySet<string>; beyond: readonly { start: number; end: number }[] },
): string[] {
  const meant = [intent.limit, ...(intent.measure === "p95" ? [90, 95, 99, 50] : []), ...(intent.negated === undefined ? [] : [0, 100])];
  return numbers
    .filter(({ text, start, end, measures }) => {
      if ((bounded && measures) || used.has(text) || beyond.some((part) => start < part.end && end > part.start)) return false;
      return !names.unknown.some((name) => start < name.end && end > name.start) && !meant.includes(Number(text));
    })
    .map(({ text }) => text);
}

/** Words that ask about failures without naming them; other questions look at every status. */
function defaultStatuses(operation: Operation, rest: string): RunStatus[] {
  if (operation === "explain") return ["failed"];
  if (operation === "rate") return ["failed"];
  if (operation === "trend" && /amelior|degrad|empir|improv|wors|better|pires?/.test(rest)) return ["failed"];
  if (operation === "top")
    return /priorit|concentrer|look at first|focus|urgent|records?|pires?|worst|instables?|unstable|stables?|fiables?|reliable|flaky|frequent|recurr|disponib|availab/.test(
      rest,
    )
      ? ["failed"]
      : [];
  return [];
}

/** "pas réussi" is said of many, and asks for none of them by itself. */
const manyStatuses = 4;
const isKind = (group: GroupBy | undefined): group is "pipeline" | "tech" | "environment" =>
  group === "pipeline" || group === "tech" || group === "environment";

function groupFor(
  operation: Operation,
  { groupBy, perGroup, statuses, mentioned }: Intent,
  matches: readonly NameMatch[],
  rest: string,
): GroupBy | null {
  switch (operation) {
    case "list":
      return groupBy ?? "pipeline";
    case "top":
      // "qui détient le record ?", "quelles priorités ?": what fails most, and not how.
      return (
        groupBy ??
        comparedNames(matches) ??
        (/priorit|concentrer|look at first|focus|urgent|records?|(?<!\p{L})(?:qui|who)(?!\p{L})/u.test(rest) ? "pipeline" : "signature")
      );
    case "trend":
      return groupBy === "hour" || groupBy === "week" || groupBy === "month" ? groupBy : "day";
    case "missing":
      return "pipeline";
    case "compare":
      return (
        comparedNames(matches) ??
        groupBy ??
        ((mentioned === "tech" || mentioned === "environment") && !matches.some(({ kind }) => kind === mentioned) ? mentioned : null)
      );
    case "explain":
      return "signature";
    case "duration":
      return groupBy === "signature" || groupBy === "status"
        ? null
        : (groupBy ??
            (/lent|slow|longs?|longues?|longest|temps|time|rapide|court|bref|brev|vite|fast|quick|short/.test(rest)
              ? slowGroup(rest)
              : null));
    case "count":
      // "combien de succès et d'échecs ?" asks for each of them.
      return groupBy ?? (statuses.length > 1 && statuses.length < manyStatuses ? "status" : null);
    case "rate":
      // A rate of two technos together would be the rate of neither.
      return groupBy ?? comparedNames(matches) ?? null;
    case "last":
    case "first":
      return isKind(perGroup) ? perGroup : null;
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
  return /(?<!\p{L})(?:pipelines?|flux|flows?|dags?|(?<!temps de |durees? de )traitements?)(?!\p{L})/u.test(rest) &&
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
