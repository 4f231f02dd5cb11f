import { anomalySettings, collectHistory, errorTimesOf, listMornings, type RunSeen } from "@flow-rag/insights";
import type { Evaluate } from "@flow-rag/testing";

const zone = "Europe/Paris";
const goals = { seconds: 10, megabytes: 512 };
const [runCount, pipelineCount, days] = [1_000_000, 500, 36];
const dayMs = 86_400_000;

/** Runs as a store streams them, in the order of time: two a minute or so a pipeline, 1 % failed. The same at every call. */
async function* stream(start: number): AsyncGenerator<RunSeen> {
  let state = 1;
  // Numerical Recipes' linear congruential generator: quick, and good enough for noise.
  const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const perPipeline = runCount / pipelineCount;
  for (let index = 0; index < runCount; index += 1) {
    const pipeline = index % pipelineCount;
    const fails = random() < 0.01;
    yield {
      id: `bench:${index.toString(16).padStart(24, "0")}`,
      pipeline: `pipeline-${pipeline}`,
      tech: `tech-${pipeline % 8}`,
      status: fails ? "failed" : "success",
      at: start + Math.floor((Math.floor(index / pipelineCount) / perPipeline) * days * dayMs) + pipeline * 10,
      durationMs: Math.round((60_000 + 1_000 * pipeline) * Math.exp(0.3 * (random() + random() + random() - 1.5))),
      signature: fails ? `sig-${pipeline % 40}` : null,
    };
  }
}

/**
 * One morning over 1,000,000 runs of 500 pipelines: the judged day, the 7 days before it that give it its states, and the 28 days of past that
 * each of them is compared with. The stream stands for the store, whose own time is not in the figure.
 */
export const bench: Evaluate = async () => {
  const start = Date.parse("2026-03-30T22:00:00Z");
  let peak = 0;
  const measure = (): void => void (peak = Math.max(peak, process.memoryUsage.rss()));
  const timer = setInterval(measure, 20);
  const begin = performance.now();
  let streaming = 0;
  for await (const _run of stream(start)) streaming += 1;
  const streamed = performance.now();
  const history = await collectHistory(stream(start));
  const collected = performance.now();
  measure();
  const first = new Date(start + (days - 1) * dayMs + dayMs / 2);
  const settings = anomalySettings.parse({});
  const [morning] = [...listMornings(history, { first, count: 1, now: new Date(), zone, errors: errorTimesOf(history), settings })];
  const done = performance.now();
  clearInterval(timer);
  measure();
  const seconds = (done - streamed) / 1_000;
  const megabytes = Math.round(peak / 2 ** 20);
  return {
    table: [],
    summary: {
      runs: streaming,
      pipelines: pipelineCount,
      seconds: Number(seconds.toFixed(2)),
      ofThatCollecting: Number(((collected - streamed) / 1_000).toFixed(2)),
      generatingTheRuns: Number(((streamed - begin) / 1_000).toFixed(2)),
      megabytes,
      incidents: morning?.incidents.length ?? 0,
      runsOfTheDay: morning?.runs ?? 0,
      goals,
    },
    passed: seconds < goals.seconds && megabytes < goals.megabytes,
  };
};
