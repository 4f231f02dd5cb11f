import { createSeriesDetector, seriesOptions, type SeriesOptions } from "@flow-rag/insights";
import type { Evaluate } from "@flow-rag/testing";
import { existsSync } from "node:fs";
import { scoreCorpus, type ScoredSeries } from "./nab-score.js";
import { nabFolder, readNab, type NabSeries } from "./nab-series.js";

const goal = 55;

const candidates: SeriesOptions[] = [20, 40, 80].flatMap((levelRows) =>
  [100, 200, 300].flatMap((quietRows) => [1, 2].map((excessWeight) => ({ ...seriesOptions, levelRows, quietRows, excessWeight }))),
);

const detect = (corpus: readonly NabSeries[], options: SeriesOptions): ScoredSeries[] =>
  corpus.map((series) => {
    const detector = createSeriesDetector(options);
    return { series, scores: series.values.map((value) => detector.score(value)) };
  });

type Choice = { options: SeriesOptions; threshold: number; score: number };
const choose = (corpus: readonly NabSeries[]): Choice =>
  candidates
    .map((options) => ({ options, ...scoreCorpus(detect(corpus, options)).best }))
    .reduce((best, choice) => (choice.score > best.score ? choice : best));

const round = (score: number): number => Math.round(score * 10) / 10;
const describe = ({ levelRows, quietRows, excessWeight }: SeriesOptions): string =>
  `level ${levelRows}, quiet ${quietRows}, excess ${excessWeight}`;

/** Parameters and threshold chosen on one half of the NAB series (every second file by name) and scored on the other, and the reverse. */
export const evaluate: Evaluate = async () => {
  if (!existsSync(nabFolder)) return { table: [], summary: {}, passed: true, skipped: "../shared/data/timeseries/nab is absent" };
  const all = readNab();
  const halves = [all.filter((_, index) => index % 2 === 0), all.filter((_, index) => index % 2 === 1)] as const;
  const held: number[] = [];
  const table: Record<string, string | number>[] = [];
  for (const [own, other] of [halves, [halves[1], halves[0]] as const]) {
    const { options, threshold, score } = choose(own);
    const scored = scoreCorpus(detect(other, options)).at(threshold);
    held.push(scored);
    const name = `chosen on the ${own === halves[0] ? "first" : "second"} half`;
    table.push({ what: name, parameters: describe(options), threshold: threshold.toFixed(3), own: round(score), other: round(scored) });
  }
  const shipped = scoreCorpus(detect(all, seriesOptions));
  table.push({ what: "shipped, best threshold", parameters: describe(seriesOptions), threshold: shipped.best.threshold.toFixed(3), own: round(shipped.best.score), other: "" }); // prettier-ignore
  table.push({ what: "shipped, score of 0.5", parameters: describe(seriesOptions), threshold: "0.500", own: round(shipped.at(0.5)), other: "" }); // prettier-ignore
  const mean = round(held.reduce((sum, score) => sum + score, 0) / held.length);
  return {
    table,
    summary: { series: all.length, meanHeldOutScore: mean, goal, shippedAtHalf: round(shipped.at(0.5)) },
    passed: mean >= goal,
  };
};
