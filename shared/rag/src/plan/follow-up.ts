import { foldText } from "../fold-text.js";
import { windowLabel } from "../window-label.js";
import type { Plan, PlanWindow } from "./plan.js";
import { makePlan, readQuestion, type PlanContext } from "./plan-question.js";
import type { QuestionReading } from "./question-reading.js";
import { dayMs, hourMs, localClock } from "../time/wall-time.js";

const opening =
  /^\s*(?:et|and|mais|but|ok|alors|seulement|uniquement|juste|only|just|what about|how about|meme chose|pareil|idem|same|plutot|rather|sinon|also|aussi|puis)(?!\p{L})/u;
const pronoun =
  /(?<!\p{L})(?:il|elle|ils|elles|ca|cela|celui-ci|celui-la|lesquels|lesquelles|ceux-ci|it|they|them|that one|those|these|which ones)(?!\p{L})/u;

/**
 * The plan of a question that may continue the one before it: "et avant-hier ?", "seulement Spark", "pourquoi ?", "par techno".
 * What it does not say is what was said before. A question that stands on its own is planned on its own.
 */
export function planFollowUp(previous: Plan | undefined, text: string, context: PlanContext): { plan: Plan; continued: boolean } {
  const reading = readQuestion(text, context);
  const alone = makePlan(reading, {
    ...context,
    ...(previous && context.language === undefined && isTerse(reading) && { language: previous.language }),
  });
  if (!previous || previous.operation === "help" || !continues(reading, alone))
    return { plan: makePlan(reading, context), continued: false };
  const language = alone.language;
  const { intent } = reading;
  const saidOperation = intent.operation !== undefined && !weakly(reading);
  const operation = saidOperation
    ? alone.operation === "help"
      ? (intent.operation ?? previous.operation)
      : alone.operation
    : previous.operation;
  const window = alone.window?.stated ? inKind(alone.window, previous, context) : (relabelled(previous.window, language, context) ?? null);
  const own = alone.filters;
  const kept = previous.filters;
  const named = own.pipelines.length + own.techs.length + own.environments.length > 0;
  const excluded = own.excluded ?? (named ? undefined : kept.excluded);
  const keep = <T>(mine: readonly T[], theirs: readonly T[]) => (mine.length > 0 ? mine : theirs);
  // Another pipeline takes the place of the former one; a techno narrows it only where nothing of its kind was said.
  const replaced = own.pipelines.length > 0;
  const plan: Plan = {
    ...alone,
    operation,
    window,
    compareWindow: operation === "compare" ? (alone.compareWindow ?? previous.compareWindow) : null,
    filters: {
      ...own,
      pipelines: named && own.pipelines.length === 0 && own.techs.length > 0 ? [] : keep(own.pipelines, kept.pipelines),
      techs: replaced ? own.techs : keep(own.techs, kept.techs),
      environments: keep(own.environments, kept.environments),
      statuses:
        intent.statuses.length > 0
          ? own.statuses
          : operation === "status"
            ? []
            : operation === "explain" && kept.statuses.length === 0
              ? ["failed"]
              : kept.statuses,
      ...(excluded && { excluded }),
      signatureText: own.signatureText ?? kept.signatureText,
      minDurationMs: own.minDurationMs ?? kept.minDurationMs,
      maxDurationMs: own.maxDurationMs ?? kept.maxDurationMs,
    },
    groupBy:
      intent.groupBy ??
      (operation === previous.operation
        ? previous.groupBy
        : operation === "top"
          ? (previous.groupBy ?? "signature")
          : operation === "count" || operation === "rate"
            ? null
            : (alone.groupBy ?? (operation === "explain" ? "signature" : null))),
    limit: intent.limit ?? (operation === previous.operation ? previous.limit : alone.limit),
    measure: operation === "duration" ? (intent.measure ?? previous.measure ?? "median") : null,
    only: alone.only ?? (operation === previous.operation && intent.statuses.length === 0 ? previous.only : null),
    without: alone.without || (operation === previous.operation && previous.without && intent.statuses.length === 0),
  };
  return { plan, continued: true };
}

const wordCount = (text: string): number => foldText(text).match(/[\p{L}\p{N}_-]+/gu)?.length ?? 0;
const isTerse = ({ text }: QuestionReading): boolean => wordCount(text) <= 4;

/** A word such as "et les" or "which" at the head of a follow-up says no operation of its own. */
function weakly({ intent, rest }: QuestionReading): boolean {
  return intent.operation === "list" && !/quel|which|liste|list|montre|show/.test(rest);
}

function continues(reading: QuestionReading, alone: Plan): boolean {
  const { intent, names, time, text } = reading;
  const folded = foldText(text);
  const named = names.matches.length + names.unknown.length > 0;
  const complete = intent.operation !== undefined && !weakly(reading) && (named || intent.statuses.length > 0) && time.windows.length > 0;
  if (opening.test(folded)) return !complete || wordCount(text) <= 6;
  if (intent.greeting && !named && time.windows.length === 0 && intent.statuses.length === 0) return false;
  if (wordCount(text) > 9) return false;
  if (intent.operation === undefined || weakly(reading))
    return named || time.windows.length > 0 || intent.groupBy !== undefined || intent.statuses.length > 0;
  if (isTerse(reading) && !named && time.windows.length === 0 && intent.statuses.length === 0 && alone.operation === "help") return true;
  if (alone.operation === "explain" || pronoun.test(folded)) return !named;
  return !named && time.windows.length === 0 && isTerse(reading) && alone.operation !== "similar";
}

/** After a question about a night, "et avant-hier ?" means that day's night. */
function inKind(window: PlanWindow, previous: Plan, { zone, now }: PlanContext): PlanWindow {
  if (previous.window?.name !== "night" && !isNight(previous.window, zone)) return window;
  if (window.from === null) return window;
  const clock = localClock(window.from, zone);
  const isDay = clock.wall === clock.today && Math.abs(window.to.getTime() - window.from.getTime() - dayMs) <= hourMs;
  if (!isDay) return window;
  const from = clock.instant(clock.today + 18 * hourMs);
  const to = clock.instant(clock.today + 36 * hourMs);
  const night = { from, to, name: "span", stated: true } as const;
  return { ...night, label: windowLabel(previous.language, night, zone, now) };
}

function isNight(window: PlanWindow | null, zone: string): boolean {
  if (!window?.from) return false;
  const clock = localClock(window.from, zone);
  return (
    clock.wall - clock.today === 18 * hourMs &&
    window.to.getTime() - window.from.getTime() <= 19 * hourMs &&
    window.to.getTime() - window.from.getTime() > 6 * hourMs
  );
}

const relabelled = (window: PlanWindow | null, language: Plan["language"], { zone, now }: PlanContext): PlanWindow | null =>
  window && { ...window, label: windowLabel(language, window, zone, now) };
