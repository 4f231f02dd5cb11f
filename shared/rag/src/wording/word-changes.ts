import { rateOf } from "../facts/rate.js";
import type { FactGroup, Facts, TrendBucket } from "../facts/facts.js";
import type { PlanWindow } from "../plan/plan.js";
import { windowLabel } from "../window-label.js";
import { type Voice, matchingText } from "./voice.js";
import { head, linesShown, nameOf, namesShown, opening, rest } from "./word-heads.js";
import { periodNames, periodsCut, periodsShown } from "./word-times.js";
import { code, comparedWith, runsNamed, upperFirst } from "./words.js";

const signed = (voice: Voice, change: number): string =>
  change > 0 ? `+${voice.format.number(change)}` : change < 0 ? `−${voice.format.number(-change)}` : "=";

/** A day of another length (23 or 25 hours) is as long as the others. */
const sameLength = 0.9;
function lengthsDiffer(a: PlanWindow | null, b: PlanWindow): boolean {
  const [mine, other] = [a, b].map((window) => (window?.from ? window.to.getTime() - window.from.getTime() : 0)) as [number, number];
  return mine > 0 && other > 0 && Math.min(mine, other) / Math.max(mine, other) < sameLength;
}

/** Names that are compared without a status are compared by their failures. */
const countOf = ({ plan }: Voice, group: FactGroup): number =>
  plan.filters.statuses.length > 0 ? group.count : (group.byStatus.failed ?? 0);
function failuresOf(voice: Voice, group: FactGroup): string {
  const { plan, format, language } = voice;
  const count = countOf(voice, group);
  return `${format.number(count)} ${runsNamed(language, plan.filters.statuses.length > 0 ? plan.filters.statuses : ["failed"], count)}`;
}

export function compared(voice: Voice, facts: Facts): string[] {
  const { plan, french, label, zone, now, format, language } = voice;
  if (!facts.compare || !plan.compareWindow) {
    return [
      head(voice, facts),
      ...facts.groups
        .slice(0, linesShown)
        .map(
          (group) =>
            `• ${nameOf(voice, plan.groupBy, group.key)}${french ? " :" : ":"} ${failuresOf(voice, group)} ${french ? "sur" : "of"} ${format.number(group.runs)} (${format.share(countOf(voice, group), group.runs)})`,
        ),
    ];
  }
  const other = comparedWith(language, windowLabel(language, plan.compareWindow, zone, now));
  const before = facts.compare;
  const colon = french ? " :" : ":";
  const failed = { now: facts.byStatus.failed ?? 0, before: before.byStatus.failed ?? 0 };
  const line = (name: string, a: number, b: number) =>
    `• ${name}${colon} ${format.number(a)} ${french ? "contre" : "against"} ${format.number(b)} (${signed(voice, a - b)})`;
  const totals = [
    line(upperFirst(runsNamed(language, [], 2)), facts.runs, before.runs),
    line(upperFirst(runsNamed(language, ["failed"], 2)), failed.now, failed.before),
  ];
  if (plan.filters.statuses.length > 0 && plan.filters.statuses[0] !== "failed")
    totals.push(line(upperFirst(runsNamed(language, plan.filters.statuses, 2)), facts.matching, before.matching));
  if (before.runs === 0)
    return [
      `${opening({ ...voice, label }).replace(/ ?:$/, "")} ${other}.`,
      ...totals,
      french ? "Aucune exécution enregistrée sur la période de comparaison." : "No run recorded in the period it is compared with.",
    ];
  totals.push(
    `• ${french ? "Taux d’échec" : "Failure rate"}${colon} ${rateText(voice, facts)} ${french ? "contre" : "against"} ${rateText(voice, before)}`,
  );
  if (lengthsDiffer(plan.window, plan.compareWindow))
    totals.push(
      french ? "Les périodes n’ont pas la même longueur : comparez les taux." : "The periods differ in length: compare the rates.",
    );
  const keys = [...new Set([...facts.groups, ...before.groups].map(({ key }) => key))];
  const countIn = (groups: readonly FactGroup[], key: string): number => {
    const group = groups.find((each) => each.key === key);
    return group ? countOf(voice, group) : 0;
  };
  const changes = keys.map((key) => ({ key, a: countIn(facts.groups, key), b: countIn(before.groups, key) })).filter(({ a, b }) => a !== b);
  changes.sort((x, y) => Math.abs(y.a - y.b) - Math.abs(x.a - x.b) || (x.key < y.key ? -1 : 1));
  const most = changes.slice(0, namesShown).map(({ key, a, b }) => `${code(key)} ${signed(voice, a - b)}`);
  const moved = most.length > 0 ? [french ? `Ce qui change le plus : ${most.join(", ")}.` : `What changed most: ${most.join(", ")}.`] : [];
  const first = `${opening({ ...voice, label }).replace(/ ?:$/, "")} ${other}.`;
  // "par techno" asks for each of them, not for the ones that changed most.
  if (plan.groupBy === null) return [first, ...totals, ...moved];
  const all = keys.map((key) => ({ key, a: countIn(facts.groups, key), b: countIn(before.groups, key) })).filter(({ a, b }) => a + b > 0);
  all.sort((x, y) => y.a - x.a || y.b - x.b || (x.key < y.key ? -1 : 1));
  const noun = plan.filters.statuses.length > 0 ? plan.filters.statuses : (["failed"] as const);
  const each = all.slice(0, linesShown).map(({ key, a, b }) => {
    const counted = `${format.number(a)} ${runsNamed(language, noun, a)}`;
    return `• ${nameOf(voice, plan.groupBy, key)}${colon} ${counted} ${french ? "contre" : "against"} ${format.number(b)} (${signed(voice, a - b)})`;
  });
  return [first, ...totals, ...each, ...rest(voice, all.length - each.length)];
}

export function trend(voice: Voice, facts: Facts, buckets: readonly TrendBucket[]): string[] {
  const total = buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  const name = periodNames(voice);
  // Of more than two days it is the hours of the day that are told.
  const hours = voice.plan.groupBy === "hour" && buckets.length > hoursShown ? hoursOfDay(voice, buckets) : undefined;
  const lines = [
    `${opening(voice)} ${matchingText(voice, total, facts.runs)}.`,
    ...averageLine(voice, total, facts.periods ?? buckets.length),
    ...peakLine(voice, hours ?? buckets.map(({ from, count }) => ({ name: () => name(from), count }))),
  ];
  if (hours) return [...lines, ...hourLines(voice, hours)];
  const started = buckets.findIndex(({ runs }) => runs > 0);
  const known = started === -1 ? buckets : buckets.slice(started);
  const [first] = known;
  return [
    ...lines,
    ...(started > 1 && first
      ? [
          voice.french
            ? `(aucune exécution avant : ${periodNames(voice)(first.from)})`
            : `(no run before ${periodNames(voice)(first.from)})`,
        ]
      : []),
    ...periodsCut(voice, known.length),
    ...known.slice(-periodsShown).map((bucket) => bucketLine(voice, periodNames(voice)(bucket.from), bucket)),
  ];
}

function bucketLine(voice: Voice, name: string, { count, runs }: Pick<TrendBucket, "count" | "runs">): string {
  const { plan, format, french, language } = voice;
  const colon = french ? " :" : ":";
  if (runs === 0) return `• ${name}${colon} ${french ? "0 exécution" : "0 runs"}`;
  const of = plan.filters.statuses.length > 0 ? ` ${french ? "sur" : "of"} ${format.number(runs)} (${format.share(count, runs)})` : "";
  return `• ${name}${colon} ${format.number(count)} ${runsNamed(language, plan.filters.statuses, count)}${of}`;
}

/** Hours of a curve that are shown one by one. */
const hoursShown = 48;

type Hour = { readonly name: () => string; readonly count: number; readonly runs: number };
/** What the buckets count by the hour of the day, in its order. */
function hoursOfDay({ format }: Voice, buckets: readonly TrendBucket[]): Hour[] {
  const hours = new Map<string, { count: number; runs: number }>();
  for (const { from, count, runs } of buckets) {
    const hour = hours.get(format.time(from)) ?? { count: 0, runs: 0 };
    hours.set(format.time(from), { count: hour.count + count, runs: hour.runs + runs });
  }
  return [...hours].sort(([a], [b]) => (a < b ? -1 : 1)).map(([hour, counts]) => ({ name: () => hour, ...counts }));
}

/** Those that count something. */
function hourLines(voice: Voice, hours: readonly Hour[]): string[] {
  const shown = hours.filter(({ count }) => count > 0);
  return shown.length === 0
    ? []
    : [voice.french ? "Par heure de la journée :" : "By hour of the day:", ...shown.map((hour) => bucketLine(voice, hour.name(), hour))];
}

const peaksNamed = 3;
/** The period with most; of several equal ones each, or the first with how many there are. */
function peakLine(voice: Voice, buckets: readonly { readonly name: () => string; readonly count: number }[]): string[] {
  const { french, format, plan, language } = voice;
  const most = Math.max(0, ...buckets.map(({ count }) => count));
  const peaks = buckets.filter(({ count }) => count === most);
  const [first] = peaks;
  if (most === 0 || !first || buckets.length < 2 || peaks.length === buckets.length) return [];
  const named = peaks.length <= peaksNamed ? peaks : [first];
  const others = peaks.length - named.length;
  const also = others === 0 ? "" : french ? `, et ${format.number(others)} fois ensuite` : `, and ${format.number(others)} times later`;
  const all = named.map(({ name }) => name());
  const names = [all.slice(0, -1).join(", "), all.at(-1)].filter((each) => each !== "").join(french ? " et " : " and ");
  const each = named.length === 1 ? "" : french ? " à chaque fois" : " each time";
  return [
    `${french ? "Maximum :" : "Maximum:"} ${names}, ${format.number(most)} ${runsNamed(language, plan.filters.statuses, most)}${each}${also}.`,
  ];
}

const unitNames = {
  fr: { hour: "heure", day: "jour", week: "semaine", month: "mois" },
  en: { hour: "hour", day: "day", week: "week", month: "month" },
} as const;

/** Only where it was asked for: the first and the last period may be cut. */
function averageLine({ plan, french, format, language }: Voice, total: number, periods: number): string[] {
  if (plan.measure !== "average" || periods === 0) return [];
  const unit = plan.groupBy === "hour" || plan.groupBy === "week" || plan.groupBy === "month" ? plan.groupBy : "day";
  const value = Math.round((10 * total) / periods) / 10;
  const noun = runsNamed(language, plan.filters.statuses, value);
  return [`${french ? "Moyenne :" : "Average:"} ${format.number(value)} ${noun} ${french ? "par" : "per"} ${unitNames[language][unit]}.`];
}

/** `3,5 %` of the runs that ended; what ended with none has no rate. */
function rateText({ format }: Voice, totals: Pick<Facts, "byStatus" | "runs">): string {
  const { part, of } = rateOf(totals, ["failed"]);
  return of === 0 ? "–" : format.share(part, of);
}
