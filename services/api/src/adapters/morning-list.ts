import { causesOf, collectHistory, errorTimesOf, historyDays, listMornings, morningJson, signaturesSince } from "@flow-rag/insights";
import { AppError, DateTime } from "@flow-rag/kernel";
import type { RunStream, SignatureStore } from "@flow-rag/stores";
import type { ReadTeamSettings } from "./team-settings.js";

type Options = { runs: RunStream; signatures: Pick<SignatureStore, "read">; zone: string; readSettings: ReadTeamSettings; now: () => Date };
type Listed = ReturnType<typeof morningJson>;
const keptForMs = 60_000;
const keptAtMost = 20;

/**
 * The list of a morning, computed from the runs of the weeks before it. Callers who ask for the same one within a minute share it: it reads
 * every run of those weeks.
 */
export function createMorningList({ runs, signatures, zone, readSettings, now }: Options) {
  const kept = new Map<string, { at: number; listed: Promise<Listed> }>();
  const compute = async (day: Date, sources: readonly string[] | undefined): Promise<Listed> => {
    const signal = AbortSignal.timeout(60_000); // not a caller's: others may wait for it too
    const shift = (days: number): Date => DateTime.fromJSDate(day, { zone }).plus({ days }).toJSDate();
    const from = shift(-historyDays);
    const settings = await readSettings();
    const history = await collectHistory(runs.between({ from, to: shift(1), sources }, signal));
    const errors = errorTimesOf(history, await runs.errorsBefore(from, signal, sources));
    const known = await signatures.read(signaturesSince(history, from.getTime()), signal);
    const causeOf = causesOf(known.values());
    const [morning] = listMornings(history, { first: day, count: 1, now: now(), zone, errors, settings, causeOf });
    if (!morning) throw new AppError("invalid_input", "day: is still to come", { field: "day" });
    return morningJson(morning);
  };
  return async (day: Date, sources: readonly string[] | undefined): Promise<Listed> => {
    const key = JSON.stringify([day.toISOString(), sources ? [...sources].sort() : null]);
    const known = kept.get(key);
    if (known && performance.now() - known.at < keptForMs) return await known.listed;
    const listed = compute(day, sources);
    kept.delete(key);
    kept.set(key, { at: performance.now(), listed });
    listed.catch(() => kept.delete(key));
    for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - keptAtMost))) kept.delete(oldest);
    return await listed;
  };
}
