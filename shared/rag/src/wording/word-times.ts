import type { Facts } from "../facts/facts.js";
import type { Voice } from "./voice.js";
import { linesShown, nameOf, opening, rest } from "./word-heads.js";
import { runLine } from "./word-runs.js";
import { code, groupNamed, isMany, runsNamed } from "./words.js";

export function durations(voice: Voice, facts: Facts): string[] {
  const { plan, french, format, language } = voice;
  const { duration } = facts;
  if (!duration)
    return [
      `${opening(voice)} ${french ? "aucune durée enregistrée" : "no duration recorded"} (${format.number(facts.matching)} ${runsNamed(language, plan.filters.statuses, facts.matching)}).`,
    ];
  const values = french
    ? `durée médiane ${format.duration(duration.median)}, p95 ${format.duration(duration.p95)}, moyenne ${format.duration(duration.average)}, de ${format.duration(duration.min)} à ${format.duration(duration.max)}`
    : `median ${format.duration(duration.median)}, p95 ${format.duration(duration.p95)}, average ${format.duration(duration.average)}, from ${format.duration(duration.min)} to ${format.duration(duration.max)}`;
  const of = `${french ? "sur" : "over"} ${format.number(duration.count)} ${runsNamed(language, [], duration.count)}`;
  const name = periodNames(voice);
  const all = facts.durationBuckets ?? [];
  const periods = all
    .slice(-periodsShown)
    .map(
      ({ from, duration: own }) =>
        `• ${name(from)}${french ? " :" : ":"} ${own ? `${format.duration(own[measureOf(plan.measure)])} (${format.number(own.count)})` : french ? "aucune durée" : "no duration"}`,
    );
  const measure = measureOf(plan.measure);
  const groups = facts.durations ?? [];
  return [
    `${opening(voice)} ${values}, ${of}.`,
    ...(groups.length > 0 ? [measureLine(voice)] : []),
    ...groups
      .slice(0, plan.limit ?? linesShown)
      .map(
        (group) =>
          `• ${nameOf(voice, plan.groupBy, group.key)}${french ? " :" : ":"} ${format.duration(group[measure])} (${format.number(group.count)})`,
      ),
    ...rest(voice, groups.length - (plan.limit ?? linesShown)),
    ...(periods.length > 0 ? [measureLine(voice), ...periodsCut(voice, all.length), ...periods] : []),
    ...((facts.listed ?? []).length > 1 ? [extremes(voice)] : []),
    ...(facts.listed ?? []).map((run) => `• ${runLine(voice, run)}`),
  ];
}

const extremes = ({ plan, french }: Voice): string =>
  plan.measure === "fastest" ? (french ? "Les plus courtes :" : "The shortest:") : french ? "Les plus longues :" : "The longest:";

const measureOf = (measure: Voice["plan"]["measure"]): "median" | "p95" | "average" =>
  measure === "p95" || measure === "average" ? measure : "median";

const measureNames = {
  fr: { median: "Médiane", p95: "p95", average: "Moyenne" },
  en: { median: "Median", p95: "p95", average: "Average" },
} as const;
const groupNames = {
  fr: { pipeline: "pipeline", tech: "techno", environment: "environnement", hour: "heure", day: "jour", week: "semaine", month: "mois" },
  en: { pipeline: "pipeline", tech: "techno", environment: "environment", hour: "hour", day: "day", week: "week", month: "month" },
} as const;

/** What the figures of the lines below are. */
function measureLine({ plan, language, french }: Voice): string {
  const by = plan.groupBy === null || plan.groupBy === "signature" || plan.groupBy === "status" ? "pipeline" : plan.groupBy;
  return `${measureNames[language][measureOf(plan.measure)]} ${french ? "par" : "by"} ${groupNames[language][by]} (${french ? "exécutions) :" : "runs):"}`;
}

/** Lines of a curve that an answer shows, the latest ones. */
export const periodsShown = 45;
export const periodsCut = ({ french, format }: Voice, count: number): string[] =>
  count > periodsShown
    ? [
        french
          ? `(${format.number(count)} périodes, les ${format.number(periodsShown)} dernières :)`
          : `(${format.number(count)} periods, the last ${format.number(periodsShown)}:)`,
      ]
    : [];

/** What an hour, day, week or month of a curve is called. */
export const periodNames =
  ({ plan, format }: Voice) =>
  (from: Date): string =>
    plan.groupBy === "hour" ? format.instant(from) : plan.groupBy === "month" ? format.month(from) : format.day(from);

export function missing(voice: Voice, { missing: found }: Facts): string[] {
  const { french, format, language } = voice;
  if (!found) return [];
  const { expected, absent, known } = found;
  // Nobody knows of a pipeline that never ran.
  if (voice.plan.window === null && absent.length === 0)
    return [
      french
        ? `${opening(voice)} ${format.number(known)} ${groupNamed(language, "pipeline", known)}, ${isMany(language, known) ? "tous ont" : "il a"} tourné au moins une fois. Un pipeline qui n’a jamais tourné ne laisse pas de trace.`
        : `${opening(voice)} ${format.number(known)} ${groupNamed(language, "pipeline", known)}, each ran at least once. A pipeline that never ran leaves no trace.`,
    ];
  const last = (pipeline: string, at: Date) =>
    `• ${code(pipeline)} (${french ? "dernier passage" : "last run"} ${format.dayOfYear(at, voice.now)} ${format.time(at)})`;
  const others = absent.filter(({ pipeline }) => !expected.some((each) => each.pipeline === pipeline));
  const usual =
    absent.length === 0
      ? "."
      : french
        ? `, dont ${expected.length === 0 ? "aucun" : format.number(expected.length)} qui ${isMany(language, expected.length) ? "tournent" : "tourne"} d’habitude à ce moment.`
        : `, ${expected.length === 0 ? "none" : format.number(expected.length)} of which usually ${expected.length === 1 ? "runs" : "run"} then.`;
  const first = french
    ? `${opening(voice)} ${format.number(absent.length)} ${groupNamed(language, "pipeline", absent.length)} sur ${format.number(known)} sans exécution${usual}`
    : `${opening(voice)} ${format.number(absent.length)} of ${format.number(known)} pipelines without a run${usual}`;
  const shownOthers = others.slice(0, Math.max(0, linesShown - expected.length));
  return [
    first,
    ...expected
      .slice(0, linesShown)
      .map(
        ({ pipeline, last: at, weeks }) =>
          `${last(pipeline, at)}, ${french ? `présent ${weeks} des 4 semaines d’avant` : `present in ${weeks} of the 4 weeks before`}`,
      ),
    ...shownOthers.map(({ pipeline, last: at }) => last(pipeline, at)),
    ...rest(voice, absent.length - Math.min(expected.length, linesShown) - shownOthers.length),
  ];
}
