import type { Language, RunStatus } from "@flow-rag/contracts";
import { detectLanguage } from "../detect-language.js";
import { foldText } from "../fold-text.js";
import { mergeWindows, readTime, type TimeWindow } from "../time/read-time.js";
import { windowLabel } from "../window-label.js";
import { excludedNames } from "./excluded-names.js";
import { httpCodes } from "./http-codes.js";
import { textSought } from "./sought-text.js";
import { correctWord, correctWords } from "./spelling.js";
import { beyondFigures, numbersIn } from "./beyond-figures.js";
import { commonWords } from "./common-words.js";
import type { Plan, PlanWindow, Unresolved } from "./plan.js";
import { precedingWindow, usualWindow } from "./compare-windows.js";
import { decideOperation } from "./decide-operation.js";
import { readDurationFilter } from "./duration-filter.js";
import { isStatusWord, readIntent, type GroupBy, type Intent, type Operation } from "./read-intent.js";
import { resolveNames, wordsOf, type Catalogue, type NameMatch } from "./resolve-names.js";
import type { QuestionReading } from "./question-reading.js";

export type PlanContext = { readonly now: Date; readonly zone: string; readonly catalogue: Catalogue; readonly language?: Language };

const defaultDays = 7;

/** Reads a question. Pure: the same text, instant, zone and catalogue always give the same plan. */
export const planQuestion = (text: string, context: PlanContext): Plan => makePlan(readQuestion(text, context), context);

export function readQuestion(text: string, { now, zone, catalogue }: PlanContext): QuestionReading {
  // "> 1h" is a bound on a duration and no hour of the day.
  const bounds = [
    ...text.matchAll(/[<>]=? ?\d+(?:[.,]\d+)? ?(?:ms|s|sec|mins?|mn|h|hr|heures?|hours?|minutes?|secondes?|seconds?)(?!\p{L})/giu),
  ].map(({ 0: match, index }) => [index, index + match.length] as const);
  const codes = httpCodes(text);
  const rough = readTime(text, now, zone, [...bounds, ...codes]);
  const names = resolveNames(
    text,
    catalogue,
    (start, end) =>
      rough.windows.some((window) => start < window.end && end > window.start) || bounds.some(([from, to]) => start < to && end > from),
  );
  const masks = names.matches.map(({ start, end }) => [start, end] as const);
  const time = masks.length === 0 ? rough : readTime(text, now, zone, [...masks, ...bounds, ...codes]);
  const blanked = blank(text, [
    ...masks,
    ...names.unknown.map(({ start, end }) => [start, end] as const),
    ...time.windows.map(({ start, end }) => [start, end] as const),
  ]);
  // What is quoted is the text of an error: its words ask for nothing.
  const quotes = [...blanked.matchAll(/"[^"]{2,300}"|«[^»]{2,300}»|“[^”]{2,300}”/g)].map(
    ({ 0: quote, index }) => [index + 1, index + quote.length - 1] as const,
  );
  const unquoted = blank(blanked, quotes);
  const rest = correctWords(foldText(unquoted).replace(/-/g, " "));
  const kinds = new Set(names.matches.map(({ kind, name }) => `${kind} ${name}`));
  const intent = readIntent(rest, { named: kinds.size, comparing: false });
  const unreadWords = new Set(time.unread.flatMap((phrase) => wordsOf(phrase).map((word) => word.text)));
  const residue = wordsOf(blanked.replace(/temps de r[ée]ponse|response times?/giu, (phrase) => " ".repeat(phrase.length)))
    .filter(({ text: word }) => !commonWords.has(word) && word.length > 1 && !/^\d+$/.test(word) && !unreadWords.has(word))
    .filter(({ start, end }) => !bounds.some(([from, to]) => start < to && end > from))
    .filter(({ text: word }) => correctWord(word) === undefined && !isStatusWord(word))
    .map(({ start, end }) => text.slice(start, end));
  const numbers = numbersIn(blank(unquoted, [...bounds, ...codes])).filter(
    ({ text: number }) => !wordsOf(number).some(({ text: word }) => unreadWords.has(word)),
  );
  return { text, intent, names, time, residue, rest, numbers, quoted: quotes.some(([from, to]) => blanked.slice(from, to).trim() !== "") };
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
  const { operation, only } = decideOperation(reading);
  const label = (window: Omit<PlanWindow, "label">): PlanWindow => ({ ...window, label: windowLabel(language, window, zone, now) });
  const stated = (window: TimeWindow): PlanWindow => label({ from: window.from, to: window.to, name: window.name, stated: true });

  const signatureText = textSought(reading, operation);
  const unresolved: Unresolved[] = time.unread.map((phrase) => ({ kind: "time", text: phrase, near: [] }));
  unresolved.push(
    ...names.unknown
      .filter(({ text: name }) => !signatureText?.includes(name))
      .map(({ kind, text: name, near }) => ({ kind, text: name, near })),
  );
  let windows = time.windows.map(stated);
  let compareWindow: PlanWindow | null = null;
  if (operation === "compare") {
    const pair = time.ends ? time.ends.map(stated) : windows;
    const sorted = [...pair].sort((a, b) => b.to.getTime() - a.to.getTime() || (b.from?.getTime() ?? 0) - (a.from?.getTime() ?? 0));
    const groupsCompared = comparedNames(included) !== undefined;
    const twice = sorted.length >= 2 && sameWindow(sorted[0], sorted[1]);
    if (twice && sorted[0] && /d'avant|precedent|before|previous/.test(rest + foldText(text)))
      sorted[1] = label(precedingWindow(sorted[0], zone));
    else if (twice) {
      // "hier" and "mardi dernier" on a Wednesday: a time compared with itself says nothing.
      unresolved.push({ kind: "time", text: time.windows.map(({ start, end }) => text.slice(start, end)).join(" … "), near: [] });
    }
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
    : (windows[0] ??
      (time.unread.length > 0 || isRunning(intent) || isEver(operation, rest)
        ? null
        : defaultWindow(operation, included.length, context, label)));
  if (operation === "compare" && !compareWindow && comparedNames(included) === undefined && window?.from)
    compareWindow = label(precedingWindow(window, zone));

  const statuses: readonly RunStatus[] =
    operation === "status" || operation === "help" || operation === "missing"
      ? []
      : intent.negated !== undefined || only === "new"
        ? ["failed" as const]
        : intent.statuses.length > 0
          ? intent.statuses
          : defaultStatuses(operation, rest);
  const used = new Set(wordsOf(signatureText ?? "").map((word) => word.text));
  const beyond = beyondFigures(text, { operation, compared: compareWindow !== null || comparedNames(included) !== undefined });
  const isBeyond = (word: string) => beyond.some(({ text: part }) => wordsOf(part).some((each) => each.text === foldText(word)));
  const bounded = duration.minDurationMs !== null || duration.maxDurationMs !== null;
  const leftOver =
    operation === "help"
      ? []
      : [
          ...residue.filter((word) => !used.has(foldText(word)) && !used.has(foldText(word).replace(/s$/, "")) && !isBeyond(word)),
          ...numbersLeft(reading, { bounded, used, beyond }),
          ...beyond.map((part) => part.text),
        ];
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
    groupBy: only === "new" ? "signature" : only === "latest" ? "pipeline" : groupFor(operation, intent, included, rest),
    only,
    limit: numberSought(intent.limit, signatureText) ?? (operation === "top" ? 5 : null),
    measure:
      operation === "duration" ? (intent.measure ?? "median") : operation === "trend" && intent.measure === "average" ? "average" : null,
    without: intent.negated !== undefined,
    unresolved,
    assumed: names.matches
      .filter(({ certain }) => !certain)
      .map(({ kind, text: written, name, near }) => ({ kind, text: written, name, near })),
  };
}

/** The 404 of "404 errors" is what is sought, and no number of lines. */
const numberSought = (limit: number | undefined, text: string | null): number | undefined => (String(limit) === text ? undefined : limit);

/** "a déjà planté ?", "never failed": asked of all the data. */
const isEver = (operation: Operation, rest: string): boolean =>
  operation !== "help" && operation !== "explain" && /(?<!\p{L})(?:jamais|never|deja)(?!\p{L})/u.test(rest);

const sameWindow = (a: PlanWindow | undefined, b: PlanWindow | undefined): boolean =>
  a?.from?.getTime() === b?.from?.getTime() && a?.to.getTime() === b?.to.getTime();

/** Numbers that nothing in the plan stands for, such as the id of a run. */
function numbersLeft(
  { numbers, intent, names }: QuestionReading,
  { bounded, used, beyond }: { bounded: boolean; used: ReadonlySet<string>; beyond: readonly { start: number; end: number }[] },
): string[] {
  const meant = [intent.limit, ...(intent.measure === "p95" ? [90, 95, 99, 50] : []), ...(intent.negated === undefined ? [] : [0])];
  return numbers
    .filter(({ text, start, end, measures }) => {
      if ((bounded && measures) || used.has(text) || beyond.some((part) => start < part.end && end > part.start)) return false;
      return !names.unknown.some((name) => start < name.end && end > name.start) && !meant.includes(Number(text));
    })
    .map(({ text }) => text);
}

/** What is running is running now, whenever it began. */
const isRunning = ({ statuses }: Intent): boolean => statuses.length === 1 && statuses[0] === "running";

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
  if (operation === "trend" && /amelior|degrad|empir|improv|wors|better|pires?/.test(rest)) return ["failed"];
  if (operation === "top")
    return /pires?|worst|instables?|unstable|stables?|fiables?|reliable|flaky|frequent|recurr/.test(rest) ? ["failed"] : [];
  return [];
}

const isKind = (group: GroupBy | undefined): group is "pipeline" | "tech" | "environment" =>
  group === "pipeline" || group === "tech" || group === "environment";

function groupFor(operation: Operation, { groupBy, perGroup }: Intent, matches: readonly NameMatch[], rest: string): GroupBy | null {
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
      return groupBy ?? null;
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
