import { anomalySettings, type AnomalySettings } from "../src/anomaly-settings.js";
import type { FindingKind } from "../src/finding.js";
import { errorTimesOf } from "../src/judge-day.js";
import { listMornings, type Morning } from "../src/list-morning.js";
import { collectHistory } from "../src/run-history.js";
import type { RunSeen } from "../src/run-seen.js";

export const zone = "Europe/Paris";
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
/** The judged day: Tue 5 May 2026, Paris. */
export const from = Date.parse("2026-05-04T22:00:00Z");

/** Hourly successes of one minute, a little noise, 40 days before the day and the day itself. */
export const hourly = (pipeline: string, change: (run: RunSeen) => RunSeen | undefined = (run) => run): RunSeen[] =>
  Array.from({ length: 41 * 24 }, (_, index) => from - 40 * dayMs + index * hourMs + 60_000).flatMap((at, index) => {
    const run: RunSeen = {
      id: `s:${pipeline}-${index}`,
      pipeline,
      tech: "Spark",
      status: "success",
      at,
      durationMs: 60_000 + ((index * 7_919) % 10_000),
      signature: null,
    };
    return change(run) ?? [];
  });
export const fails = (run: RunSeen, signature = "sig-a"): RunSeen => ({ ...run, status: "failed", signature });
export const onDay = ({ at }: RunSeen): boolean => at >= from;

export async function morningOf(
  runs: readonly RunSeen[],
  settings: Partial<AnomalySettings> = {},
  first = from,
  now = new Date(8.64e15),
): Promise<Morning> {
  const history = await collectHistory(runs);
  const options = { first: new Date(first + 12 * hourMs), count: 1, now, zone, settings: anomalySettings.parse(settings) };
  const [morning] = [...listMornings(history, { ...options, errors: errorTimesOf(history) })];
  if (!morning) throw new Error("no morning");
  return morning;
}
export const kindsOf = (morning: Morning): FindingKind[] => morning.incidents.flatMap(({ findings }) => findings.map(({ kind }) => kind));
export const steady = ["b", "c", "d"].flatMap((name) => hourly(name));
