import type { FactGroup, Facts, TrendBucket } from "../facts/facts.js";
import { windowLabel } from "../window-label.js";
import { type Voice, matchingText } from "./voice.js";
import { head, linesShown, nameOf, namesShown, opening, rest } from "./word-heads.js";
import { periodNames, periodsCut, periodsShown } from "./word-times.js";
import { code, comparedWith, isMany, runsNamed, upperFirst } from "./words.js";

const signed = (voice: Voice, change: number): string =>
  change > 0 ? `+${voice.format.number(change)}` : change < 0 ? `−${voice.format.number(-change)}` : "=";

export function compared(voice: Voice, facts: Facts): string[] {
  const { plan, french, label, zone, now, format, language } = voice;
  if (!facts.compare || !plan.compareWindow) {
    return [
      head(voice, facts),
      ...facts.groups
        .slice(0, linesShown)
        .map(
          (group) =>
            `• ${nameOf(voice, plan.groupBy, group.key)}${french ? " :" : ":"} ${format.number(group.count)} ${french ? "sur" : "of"} ${format.number(group.runs)} (${format.share(group.count, group.runs)})`,
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
  totals.push(
    `• ${french ? "Taux d’échec" : "Failure rate"}${colon} ${format.share(failed.now, facts.runs)} ${french ? "contre" : "against"} ${format.share(failed.before, before.runs)}`,
  );
  const keys = [...new Set([...facts.groups, ...before.groups].map(({ key }) => key))];
  const countIn = (groups: readonly FactGroup[], key: string): number => {
    const group = groups.find((each) => each.key === key);
    return (plan.filters.statuses.length > 0 ? group?.count : group?.byStatus.failed) ?? 0;
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
  const { plan, format } = voice;
  const colon = voice.french ? " :" : ":";
  const name = periodNames(voice);
  const shown = buckets.slice(-periodsShown);
  const total = buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  const cut = periodsCut(voice, buckets.length);
  const noun = (count: number) => runsNamed(voice.language, plan.filters.statuses, count);
  return [
    `${opening(voice)} ${matchingText(voice, total, facts.runs)}.`,
    ...averageLine(voice, total, facts.periods ?? buckets.length),
    ...peakLine(voice, buckets),
    ...cut,
    ...shown.map(
      (bucket) =>
        `• ${name(bucket.from)}${colon} ${format.number(bucket.count)} ${noun(bucket.count)}${plan.filters.statuses.length > 0 && bucket.runs > 0 ? ` ${voice.french ? "sur" : "of"} ${format.number(bucket.runs)} (${format.share(bucket.count, bucket.runs)})` : ""}`,
    ),
  ];
}

/** The period with most; that of several equal ones which came first, with how many there are. */
function peakLine(voice: Voice, buckets: readonly TrendBucket[]): string[] {
  const { french, format, plan, language } = voice;
  const most = Math.max(0, ...buckets.map(({ count }) => count));
  const peaks = buckets.filter(({ count }) => count === most);
  const [first] = peaks;
  if (most === 0 || !first || buckets.length < 2 || peaks.length === buckets.length) return [];
  const others = peaks.length - 1;
  const also =
    others === 0
      ? ""
      : french
        ? `, et ${format.number(others)} fois ensuite`
        : `, and ${format.number(others)} ${isMany(language, others) ? "times" : "time"} later`;
  return [
    `${french ? "Maximum :" : "Maximum:"} ${periodNames(voice)(first.from)}, ${format.number(most)} ${runsNamed(language, plan.filters.statuses, most)}${also}.`,
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
