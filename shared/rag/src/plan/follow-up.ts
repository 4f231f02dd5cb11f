import { foldText } from "../fold-text.js";
import { windowLabel } from "../window-label.js";
import { asksForOthers, asksHowItChanged, widened } from "./widen-filters.js";
import { precedingWindow } from "./compare-windows.js";
import type { Plan, PlanWindow } from "./plan.js";
import { isBoundable, makePlan } from "./plan-question.js";
import { isTooLong, tooLongPlan } from "./question-length.js";
import { readQuestion, type PlanContext } from "./read-question.js";
import type { QuestionReading } from "./question-reading.js";
import { dayMs, hourMs, localClock } from "../time/wall-time.js";

const opening =
  /^\s*(?:et|and|mais|but|ok|alors|seulement|uniquement|juste|only|just|non|no|pardon|sorry|desole|avec|sans|sauf|hors|what about|how about|meme chose|pareil|idem|same|plutot|rather|sinon|also|aussi|puis)(?!\p{L})/u;
const pronoun =
  /(?<!\p{L})(?:il|elle|ils|elles|ca|cela|celui-ci|celui-la|lesquels|lesquelles|ceux-ci|it|they|them|that one|those|these|which ones)(?!\p{L})/u;

/**
 * The plan of a question that may continue the one before it: "et avant-hier ?", "seulement Spark", "pourquoi ?", "par techno".
 * What it does not say is what was said before. A question that stands on its own is planned on its own.
 */
export function planFollowUp(previous: Plan | undefined, text: string, context: PlanContext): { plan: Plan; continued: boolean } {
  if (isTooLong(text)) return { plan: tooLongPlan(text, context), continued: false };
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
  const asksToRun = intent.operation === undefined && intent.statuses.length === 0 && ranWords.test(reading.rest);
  const wide = widened(text);
  const others = asksForOthers(text);
  const changed = asksHowItChanged(text);
  // "par jour" after a duration asks for durations by day.
  const byPeriod =
    intent.operation === "trend" && previous.operation === "duration" && intent.statuses.length === 0 && intent.perGroup !== undefined;
  const kind = changed
    ? "compare"
    : byPeriod
      ? "duration"
      : others
        ? previous.operation
        : saidOperation
          ? alone.operation === "help"
            ? (intent.operation ?? previous.operation)
            : alone.operation
          : asksToRun
            ? "status"
            : previous.operation;
  const own = alone.filters;
  const kept = previous.filters;
  // How one pipeline stands is its state: "toujours en échec ?", "depuis quand ?".
  const one = own.pipelines.length === 1 || (own.pipelines.length === 0 && kept.pipelines.length === 1);
  const asksState = one && (alone.only === "latest" || (kind === "first" && sinceWhen.test(reading.rest)));
  const operation = asksState ? "status" : kind;
  const stays = asksState || alone.only === "latest";
  const window = stays
    ? null
    : alone.window?.stated
      ? (dayBefore(reading, previous, context) ?? inKind(alone.window, previous, context))
      : (relabelled(previous.window, language, context) ?? null);
  const named = own.pipelines.length + own.techs.length + own.environments.length > 0;
  // "les autres ?" after a name is all but that one.
  const namedBefore = kept.pipelines.length + kept.techs.length + kept.environments.length > 0;
  const turned = others && namedBefore && !named;
  const said = turned ? { pipelines: kept.pipelines, techs: kept.techs, environments: kept.environments } : own.excluded;
  const also = /(?<!\p{L})(?:aussi|egalement|also|too|non plus)(?!\p{L})/u.test(foldText(text));
  const excluded =
    said && also && kept.excluded ? joined(kept.excluded, said) : (said ?? (named || wide.techs ? undefined : kept.excluded));
  const keep = <T>(mine: readonly T[], theirs: readonly T[]) => (mine.length > 0 ? mine : theirs);
  // Another pipeline takes the place of the former one; a techno narrows it only where nothing of its kind was said.
  const replaced = own.pipelines.length > 0;
  const counts = operation === "list" || operation === "count" || operation === "top";
  const keptOnly =
    intent.statuses.length > 0
      ? null
      : previous.only === "new"
        ? counts
          ? "new"
          : null
        : operation === previous.operation
          ? previous.only
          : null;
  const only = asksState ? null : (alone.only ?? keptOnly);
  const plan: Plan = {
    ...alone,
    operation,
    window,
    compareWindow:
      operation !== "compare"
        ? null
        : (alone.compareWindow ??
          ((alone.window?.stated || previous.compareWindow === null) && window
            ? relabelled({ ...precedingWindow(window, context.zone), label: "" }, language, context)
            : previous.compareWindow)),
    filters: {
      ...own,
      pipelines:
        turned || wide.pipelines || (named && own.pipelines.length === 0 && own.techs.length > 0)
          ? own.pipelines
          : keep(own.pipelines, kept.pipelines),
      techs: replaced || turned || wide.techs ? own.techs : keep(own.techs, kept.techs),
      environments: turned || wide.environments ? own.environments : keep(own.environments, kept.environments),
      statuses:
        intent.statuses.length > 0
          ? own.statuses
          : operation === "status" || (operation === "duration" && previous.operation !== "duration")
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
      only === "new"
        ? "signature"
        : asksState
          ? null
          : ((wide.lumped ? undefined : intent.groupBy) ??
            (operation === previous.operation
              ? previous.groupBy
              : operation === "top"
                ? (previous.groupBy ?? "signature")
                : operation === "count" || operation === "rate"
                  ? null
                  : (alone.groupBy ??
                    (operation === "explain" ? "signature" : operation === "list" ? (previous.groupBy ?? "pipeline") : null)))),
    limit: others && !turned ? mostShown : (intent.limit ?? (operation === previous.operation ? previous.limit : alone.limit)),
    measure:
      operation === "duration"
        ? (intent.measure ?? previous.measure ?? "median")
        : operation === "trend"
          ? (alone.measure ?? previous.measure)
          : null,
    only,
    bound:
      reading.bound && isBoundable(operation, intent.groupBy ?? previous.groupBy)
        ? reading.bound.bound
        : operation === previous.operation
          ? previous.bound
          : null,
    without: alone.without || (operation === previous.operation && previous.without && intent.statuses.length === 0),
  };
  return { plan, continued: true };
}

const mostShown = 50;
type Excluded = NonNullable<Plan["filters"]["excluded"]>;
const joined = (a: Excluded, b: Excluded): Excluded => ({
  pipelines: [...new Set([...a.pipelines, ...b.pipelines])],
  techs: [...new Set([...a.techs, ...b.techs])],
  environments: [...new Set([...a.environments, ...b.environments])],
});

const ranWords = /(?<!\p{L})(?:tourne\w*|execute\w*|lance\w*|demarre\w*|ran|run)(?!\p{L})/u;
const sinceWhen = /(?<!\p{L})(?:depuis (?:quand|combien)|since when|how long (?:has|have|is))(?!\p{L})/u;
const before =
  /(?<!\p{L})(?:la veille|(?:le jour|la journee|la semaine|le mois) (?:d'avant|precedent\w*)|la nuit (?:d'avant|precedente)|the (?:day|week|month|night) before|the previous (?:day|week|month|night))(?!\p{L})/u;

/** "et la veille ?", "and the week before?": the one before the period that was spoken of, and not before now. */
function dayBefore({ text }: QuestionReading, previous: Plan, context: PlanContext): PlanWindow | undefined {
  const said = before.exec(foldText(text))?.[0];
  const former = previous.window;
  if (said === undefined || !former?.from || /before yesterday/.test(foldText(text))) return undefined;
  if (/nuit|night/.test(said))
    return isNight(former, context.zone) || former.name === "night"
      ? (relabelled({ ...precedingWindow(former, context.zone), stated: true, label: "" }, previous.language, context) ?? undefined)
      : undefined;
  const days = Math.round((former.to.getTime() - former.from.getTime()) / dayMs);
  const unit = /semaine|week/.test(said) ? days === 7 : /mois|month/.test(said) ? days >= 28 && days <= 31 : days === 1;
  // A period that still runs is followed by what is read from now: the whole week before this one.
  if (!unit || former.to.getTime() >= context.now.getTime()) return undefined;
  return relabelled({ ...precedingWindow(former, context.zone), stated: true, label: "" }, previous.language, context) ?? undefined;
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
  if (asksForOthers(text) || asksHowItChanged(text)) return true;
  const { residue } = reading;
  const empty = !named && time.windows.length === 0 && intent.statuses.length === 0;
  // "quelle est la météo ?" and "ok merci" ask for nothing that was spoken of.
  if (empty && residue.length > 0 && intent.groupBy === undefined && intent.limit === undefined) return false;
  const wide = widened(text);
  if (wide.pipelines || wide.techs || wide.environments) return wordCount(text) <= 6 && !complete;
  if (alone.operation === "help" && intent.greeting && !named && time.windows.length === 0) return false;
  if (intent.operation === "compare" && !named && intent.statuses.length === 0 && /^\s*(?:et )?compare/u.test(folded)) return true;
  if (opening.test(folded)) return !complete || wordCount(text) <= 6;
  if (intent.greeting && !named && time.windows.length === 0 && intent.statuses.length === 0) return false;
  if (isTerse(reading) && intent.limit !== undefined && !named) return true;
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
