import { untilAborted } from "@flow-rag/kernel";
import type { RunFacts } from "@flow-rag/stores";
import { dayMs, findGaps, hourMs, usualMs, type Stretch } from "./find-gaps.js";

/** `lasts`: until now, as far as can be seen; `from` is then the last run's instant. */
type Gap = Stretch & { readonly lasts: boolean };
/** Runs of a source that are looked through: `runs` knows of all of its runs, and perhaps of other sources'. */
type GapScope = {
  readonly runs: Pick<RunFacts, "limitedTo">;
  /** A window from null begins with the first run. */
  readonly window: { readonly from: Date | null; readonly to: Date };
  readonly zone: string;
  readonly now: Date;
};
export type GapReader = (source: string, scope: GapScope, signal: AbortSignal) => Promise<Gap[]>;

/** Windows that are longer are looked through in this length before their end. */
const gapsWithinMs = 100 * dayMs;
/** Windows that end within these days are read together: what is usual in one is usual in the others. */
const recentMs = 35 * dayMs;
const keptForMs = 60_000;
const keptAtMost = 64;

type Kept = { readonly at: number; readonly gaps: Promise<readonly Stretch[]> };

/**
 * Gaps in the runs of a source, within a window. What is usual takes the runs of weeks to know: it is read once a minute for whoever asks, and
 * anew as soon as a run comes in another hour than the last one's. A gap that is filled late is told for a minute more at most.
 */
export function createGapReader(clock: () => number = () => performance.now()): GapReader {
  const kept = new Map<string, Kept>();
  const gapsWithin = (key: string, read: () => Promise<readonly Stretch[]>): Promise<readonly Stretch[]> => {
    const known = kept.get(key);
    if (known && clock() - known.at < keptForMs) return known.gaps;
    const own: Kept = { at: clock(), gaps: read() };
    own.gaps.catch(() => kept.get(key) === own && kept.delete(key)); // whoever asks next tries again
    kept.delete(key);
    kept.set(key, own);
    for (const oldest of kept.keys()) if (kept.size > keptAtMost) kept.delete(oldest);
    return own.gaps;
  };
  return async (source, { runs, window, zone, now }, signal) => {
    const to = Math.min(window.to.getTime(), now.getTime());
    const from = Math.max(window.from?.getTime() ?? -Infinity, to - gapsWithinMs);
    if (from >= to) return [];
    const own = runs.limitedTo({ sources: [source] });
    const [last] = await own.latestRuns({ to: new Date(now.getTime() + 1) }, 1, signal);
    if (!last) return [];
    const lastAt = last.ts.getTime();
    const isRecent = to > now.getTime() - recentMs;
    const within = isRecent ? { from: now.getTime() - recentMs - gapsWithinMs, to: now.getTime() } : { from, to };
    const place = isRecent ? [Math.floor(now.getTime() / hourMs)] : [from, to];
    const key = JSON.stringify([source, zone, Math.floor(lastAt / hourMs), ...place]);
    // Who began it may leave, and the others still want it: the stores bound how long it takes.
    const gaps = await untilAborted(
      signal,
      gapsWithin(key, () => readGaps(own, within, zone)),
    );
    return gaps
      .filter((gap) => gap.from < to && gap.to > from)
      .map((gap) => {
        const lasts = lastAt < gap.to && now.getTime() - gap.to < dayMs;
        return lasts ? { from: lastAt, to: gap.to, lasts } : { from: Math.max(gap.from, from), to: Math.min(gap.to, to), lasts };
      });
  };
}

const readWithinMs = 30_000;

async function readGaps(runs: RunFacts, { from, to }: Stretch, zone: string): Promise<Stretch[]> {
  const signal = AbortSignal.timeout(readWithinMs);
  const range = { from: new Date(from - usualMs - dayMs), to: new Date(to) };
  const [[first], quarters] = await Promise.all([runs.earliestRuns({}, 1, signal), runs.quarters(range, signal)]);
  if (!first) return [];
  const counts = new Map<number, number>();
  for (const { from: at, count } of quarters) {
    const hour = Math.floor(at.getTime() / hourMs) * hourMs;
    counts.set(hour, (counts.get(hour) ?? 0) + count);
  }
  return findGaps(counts, { from, to, first: first.ts.getTime(), zone });
}
