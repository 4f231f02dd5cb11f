import { medianOf, quantileOf } from "@flow-rag/kernel";
import { countBelow } from "./ascending.js";
import type { PipelineView } from "./run-history.js";
import { runIntensityOf } from "./run-intensity.js";
import { studentTail } from "./statistics.js";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Gaps of the past, and of one of its days, from which their distribution is judged by itself. */
const leastGaps = 60;
const leastOfDay = 6;
/** Expected runs of a silence that is looked at. */
const silentRuns = 1.5;
/** Chance on any day of a silence so long, over which it is nothing. */
const mostChance = 0.004;
/** Chance of the silence alone, over which its shortfall is not asked for. */
const leastEvidence = 0.1;
/** Days alike from which the usual runs of some hours are known, how much they may scatter, variance by mean and variance. */
const leastAlike = 5;
const mostDispersion = 0.35;
const leastVariance = 0.1;
/** Share of the days alike that had as long a silence, from which it is usual. */
const usualShare = 0.15;
/** Expected runs by which gaps scatter at least, at nine tenths. */
const leastSpread = 0.1;

export type RareSilence = {
  /** Epoch ms: the last run before, and the next one or the judged time's end. */
  readonly from: number;
  readonly to: number;
  readonly missing: number;
};

/**
 * The longest silence of the judged day in expected runs, if the past makes one so long on any day unlikely: every gap between two runs of the
 * past, in the same units, gives the distribution of one, and the chance counts the day's gaps. Beyond the past the tail of a Weibull
 * distribution through the median, nine tenths and 99 hundredths of the gaps, which a few outages of the past do not move. And fewer than .15
 * of the days alike may have had such a silence. "unknown" where runs are too few to know their gaps.
 */
export function findRareSilence(view: PipelineView): RareSilence | "none" | "unknown" {
  const { calendar, baseline, day } = view;
  const last = baseline.at(-1);
  if (baseline.length <= leastGaps || !last) return "unknown";
  const { between, isEven, daysLike } = runIntensityOf(view);
  const today = calendar.dayStarts.length - 1;
  const alike = daysLike(today);
  const pastDays = (calendar.from - (baseline[0]?.at ?? 0)) / dayMs;
  if (baseline.length < leastOfDay * pastDays) return "unknown";

  const clocksChange = calendar.dayStarts.some((start, index) => (calendar.dayStarts[index + 1] ?? calendar.dayEnd) - start !== dayMs);
  // Schedules in UTC move by an hour of the local clock: what an hour more or less would explain is no silence.
  const slack = clocksChange && !isEven ? hourMs : 0;
  const silenceOf = (from: number, to: number): number =>
    slack === 0 ? between(from, to) : Math.min(between(Math.min(to, from + slack), to), between(from, Math.max(from, to - slack)));
  let longest = { from: 0, to: 0, silence: 0 };
  const marks = [last.at, ...day.map(({ at }) => at), calendar.to];
  for (let index = 1; index < marks.length; index += 1) {
    const [from, to] = [marks[index - 1] ?? 0, marks[index] ?? 0];
    const silence = silenceOf(from, to);
    if (silence > longest.silence) longest = { from, to, silence };
  }
  if (longest.silence <= silentRuns) return "none";

  const gaps = new Float64Array(baseline.length - 1);
  const longestOf = new Map<number, number>();
  let dayIndex = 0;
  for (let index = 1; index < baseline.length; index += 1) {
    const [from, to] = [baseline[index - 1]?.at ?? 0, baseline[index]?.at ?? 0];
    const gap = between(from, to);
    gaps[index - 1] = gap;
    while (to >= (calendar.dayStarts[dayIndex + 1] ?? Infinity)) dayIndex += 1;
    longestOf.set(dayIndex, Math.max(gap, longestOf.get(dayIndex) ?? 0));
  }
  // A day without any run was as silent as can be.
  const usual = alike.filter((index) => (longestOf.get(index) ?? Infinity) >= longest.silence).length;
  if (usual >= usualShare * alike.length && usual > 0) return "none";
  const chance = Math.max(1, between(calendar.from, calendar.dayEnd)) * gapTail(gaps.sort(), longest.silence);
  const joint = chance > leastEvidence ? 1 : jointChance(chance, shortfallChance(view, longest, alike));
  if (Math.min(chance, joint) > mostChance) return "none";
  return { from: longest.from, to: longest.to, missing: Math.max(1, Math.round(longest.silence) - 1) };
}

/** Of two independent p-values. Source: Fisher, "Statistical Methods for Research Workers" (1932), for two. */
const jointChance = (one: number, other: number): number => one * other * (1 - Math.log(Math.max(1e-300, one * other)));

/**
 * Chance that the hours about a silence, a usual gap wider on both sides, have so few runs as they had, by the same hours of the days alike. Starts
 * that scatter are early or late and still there, runs that are lost are not. 1 where counts differ as by chance, because there a silence is
 * its own shortfall.
 */
function shortfallChance(
  { calendar, baseline, day }: PipelineView,
  { from, to, silence }: { from: number; to: number; silence: number },
  alike: readonly number[],
): number {
  const instants = Float64Array.from([...baseline, ...day], ({ at }) => at);
  const wider = (to - from) / silence;
  const [begin, end] = [from - wider - calendar.from, Math.min(to + wider, calendar.to) - calendar.from];
  const countFrom = (start: number): number => Math.max(0, countBelow(instants, start + end) - countBelow(instants, start + begin));
  const counts = alike.map((index) => calendar.dayStarts[index] ?? 0).filter((start) => start + begin >= (instants[0] ?? Infinity)).map(countFrom); // prettier-ignore
  if (counts.length < leastAlike) return 1;
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1);
  if (mean === 0 || variance > mostDispersion * mean) return 1;
  const deviation = Math.sqrt(Math.max(leastVariance, variance) * (1 + 1 / counts.length));
  return studentTail((mean - countFrom(calendar.from)) / deviation, counts.length - 1);
}

/** P(gap >= `gap`) by the Weibull tail through the median, nine tenths and 99 hundredths of ascending gaps. */
function gapTail(sorted: Float64Array, gap: number): number {
  const median = medianOf(sorted);
  const [nine, most] = [quantileOf(sorted, 0.9) - median, quantileOf(sorted, 0.99) - median];
  const scale = Math.max(nine, leastSpread);
  // -ln of the tail doubles from nine tenths to 99 hundredths.
  const shape = Math.max(0.5, Math.min(1.5, Math.LN2 / Math.log(Math.max(most, scale * 1.2) / scale)));
  const exponent = Math.LN10 * (Math.max(0, gap - median) / scale) ** shape;
  // As wide as the tenth of the gaps that it was learned from leaves it: the predictive of an exponential is Lomax.
  const learned = Math.max(1, sorted.length / 10);
  return (1 + exponent / learned) ** -learned;
}
