import { SortedWindow } from "./sorted-window.js";

export type SeriesOptions = {
  /** Rows whose median is what the next row is expected to be. */
  readonly levelRows: number;
  /** Rows that are remembered. */
  readonly historyRows: number;
  /** Rows before anything is called unusual. */
  readonly leastRows: number;
  /** A deviation below this share of the median is never unusual, however constant the series. */
  readonly floorShare: number;
  /** How much a value beyond everything seen counts by its size. */
  readonly excessWeight: number;
  /** Surprise at which the score is 0.5. In nats; a third of it begins an alert. */
  readonly alertSurprise: number;
  /** Rows from the beginning of an alert during which only a greater surprise scores. */
  readonly quietRows: number;
};

/** The one shipped configuration, for any series. Chosen by `npm run eval -- series`, whose two halves of NAB agree on its surroundings. */
export const seriesOptions: SeriesOptions = {
  levelRows: 40,
  historyRows: 4_000,
  leastRows: 50,
  floorShare: 0.05,
  excessWeight: 2,
  alertSurprise: 12,
  quietRows: 200,
};

const tail = 0.99;
/** Beyond it differences would leave the range of numbers. */
const greatest = 1e150;

/**
 * Scores each value of a series against its own past, as it comes: from 0 (usual) to 1; 0.5 and more deserve a look.
 *
 * Surprise = -ln p of the deviation from the level of the last rows + -ln p of the value itself, both as ranks in the past (two-sided), so no
 * distribution is assumed; a value beyond the past's tail adds the logarithm of how far beyond. During an alert only what is more surprising
 * than it was so far scores. A value that is not a finite number scores 0 and teaches nothing.
 *
 * Source: an empirical tail quantile with a cooldown, chosen on one half of series of NAB (`npm run eval -- series`).
 */
export function createSeriesDetector(options: SeriesOptions = seriesOptions) {
  const { leastRows, floorShare, excessWeight, alertSurprise, quietRows } = options;
  const level = new SortedWindow(options.levelRows);
  const values = new SortedWindow(options.historyRows);
  const deviations = new SortedWindow(options.historyRows);
  let rows = 0;
  let alertedAt = -Infinity;
  let peak = 0;

  function surpriseOf(value: number, deviation: number): number {
    const count = values.length;
    if (count < leastRows) return 0;
    const median = values.median();
    const floor = floorShare * Math.abs(median) + Number.EPSILON;
    let surprise = 0;
    if (deviation > floor) {
      const beyond = deviation / Math.max(deviations.quantile(tail), floor);
      surprise += -Math.log((1 + deviations.countFrom(deviation)) / (count + 1)) + excessWeight * Math.log(Math.max(1, beyond));
    }
    if (Math.abs(value - median) > floor) {
      const [low, high] = [values.quantile(1 - tail), values.quantile(tail)];
      const rank = 1 + Math.min(values.countFrom(value), values.countUpTo(value));
      const beyond = Math.max(0, value - high, low - value) / Math.max(high - low, floor);
      surprise += -Math.log(Math.min(1, (2 * rank) / (count + 1))) + excessWeight * Math.log1p(beyond);
    }
    return surprise;
  }

  return {
    score(given: number): number {
      rows += 1;
      if (!Number.isFinite(given)) return 0;
      const value = Math.max(-greatest, Math.min(greatest, given));
      const deviation = Math.abs(value - level.median());
      let surprise = surpriseOf(value, deviation);
      level.add(value);
      values.add(value);
      deviations.add(deviation);
      if (surprise >= alertSurprise / 3) {
        const quiet = rows - alertedAt < quietRows;
        if (quiet && surprise <= peak) surprise = 0;
        else {
          peak = surprise;
          if (!quiet) alertedAt = rows;
        }
      }
      return surprise / (surprise + alertSurprise);
    },
  };
}
