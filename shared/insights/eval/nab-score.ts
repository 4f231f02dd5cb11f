/**
 * The scorer of the Numenta Anomaly Benchmark, standard profile: a window is worth the scaled sigmoid of its first detection, a missed one
 * costs 1, a detection outside costs up to 0.11. One threshold holds for the whole corpus.
 * Source: Lavin and Ahmad, "Evaluating Real-time Anomaly Detection Algorithms", ICMLA 2015; the published rules of numenta/NAB. Written anew.
 */
export type LabelledSeries = {
  readonly length: number;
  /** First and last index of each window, inclusive, in order. */
  readonly windows: readonly (readonly [from: number, to: number])[];
};
export type ScoredSeries = { readonly series: LabelledSeries; readonly scores: ArrayLike<number> };

const falsePositiveWeight = 0.11;
const probationShare = 0.15;
const probationMost = 750;

const scaledSigmoid = (position: number): number => (position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1);

/** What a detection at each point is worth, and the window it lies in: -1 for none. Points under probation are worth nothing. */
function worths({ length, windows }: LabelledSeries): { probation: number; worth: Float64Array; window: Int32Array } {
  const worth = new Float64Array(length);
  const window = new Int32Array(length).fill(-1);
  let next = 0;
  let past: readonly [from: number, to: number] | undefined;
  for (let index = 0; index < length; index += 1) {
    const current = windows[next];
    if (current && index >= current[0]) {
      const width = current[1] - current[0] + 1;
      worth[index] = scaledSigmoid(-(current[1] - index + 1) / width) / scaledSigmoid(-1);
      window[index] = next;
      if (index === current[1]) {
        past = current;
        next += 1;
      }
    } else {
      const behind = past ? (index - past[1]) / Math.max(1, past[1] - past[0]) : Infinity;
      worth[index] = falsePositiveWeight * scaledSigmoid(behind);
    }
  }
  return { probation: Math.min(Math.floor(probationShare * length), probationMost), worth, window };
}

/**
 * The score of a corpus, 0 for a detector that is silent and 100 for a perfect one, at every threshold that changes it.
 * `best` is the best of them; `at(threshold)` is that of detections with a score of at least `threshold`.
 */
export function scoreCorpus(corpus: readonly ScoredSeries[]): {
  best: { threshold: number; score: number };
  at: (threshold: number) => number;
} {
  const points: { score: number; worth: number; key: number }[] = [];
  let windowCount = 0;
  for (const { series, scores } of corpus) {
    const { probation, worth, window } = worths(series);
    for (let index = probation; index < series.length; index += 1) {
      const inWindow = window[index] ?? -1;
      points.push({ score: scores[index] ?? 0, worth: worth[index] ?? 0, key: inWindow < 0 ? -1 : windowCount + inWindow });
    }
    windowCount += series.windows.length;
  }
  points.sort((a, b) => b.score - a.score);
  const detected = new Float64Array(windowCount).fill(-1);
  let sum = -windowCount;
  const normal = (): number => (100 * (sum + windowCount)) / (2 * windowCount);
  const steps: { threshold: number; score: number }[] = [{ threshold: Infinity, score: normal() }];
  points.forEach(({ score, worth, key }, index) => {
    if (key < 0) sum += worth;
    else if (worth > (detected[key] ?? 0)) {
      sum += worth - (detected[key] ?? 0);
      detected[key] = worth;
    }
    if (points[index + 1]?.score !== score) steps.push({ threshold: score, score: normal() });
  });
  return {
    best: steps.reduce((best, step) => (step.score > best.score ? step : best)),
    at: (threshold) => steps.findLast((step) => step.threshold >= threshold)?.score ?? 0,
  };
}
