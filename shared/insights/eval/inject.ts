import { calendarOf, type RunSeen } from "@flow-rag/insights";
import { digest } from "@flow-rag/contracts";

/** What is done to one pipeline on one local day, and the kinds of finding of which one must then name it. */
export type Injection = {
  readonly name: string;
  readonly expects: readonly string[];
  /** The runs of the pipeline after the injection; undefined when the day does not lend itself to it. */
  readonly apply: (runs: readonly RunSeen[], day: { from: number; to: number }) => RunSeen[] | undefined;
};

const inDay = (run: RunSeen, { from, to }: { from: number; to: number }): boolean => run.at >= from && run.at < to;
const ended = ({ status }: RunSeen): boolean => status === "success" || status === "failed";

const longer =
  (factor: number): Injection["apply"] =>
  (runs, day) => {
    if (!runs.some((run) => inDay(run, day) && run.status === "success" && run.durationMs !== null)) return undefined;
    return runs.map((run) =>
      inDay(run, day) && run.status === "success" && run.durationMs !== null ? { ...run, durationMs: run.durationMs * factor } : run,
    );
  };

const burst =
  (failures: number): Injection["apply"] =>
  (runs, day) => {
    const candidates = runs.filter((run) => inDay(run, day) && ended(run)).slice(0, failures);
    if (candidates.length < failures) return undefined;
    const signature = runs.find((run) => run.signature !== null && run.at < day.from)?.signature ?? null;
    return runs.map((run) => (candidates.includes(run) ? { ...run, status: "failed" as const, signature } : run));
  };

/** Takes away the last `periods` runs of the day, or for a pipeline that runs less than that those before them. */
const silent =
  (periods: number): Injection["apply"] =>
  (runs, day) => {
    const before = runs.filter(({ at }) => at < day.to);
    const gone = new Set(before.slice(-periods));
    return before.length < periods + 20 || ![...gone].some((run) => inDay(run, day)) ? undefined : runs.filter((run) => !gone.has(run));
  };

const newError: Injection["apply"] = (runs, day) => {
  const victim = runs.findLast((run) => inDay(run, day) && ended(run));
  return victim && runs.map((run) => (run === victim ? { ...run, status: "failed" as const, signature: "sig-never-seen" } : run));
};

const failing = ["failure_rate", "consecutive_failures", "new_error", "regressed_error"];
export const injections: readonly Injection[] = [
  { name: "duration x2", expects: ["duration"], apply: longer(2) },
  { name: "duration x5", expects: ["duration"], apply: longer(5) },
  { name: "burst of 1", expects: failing, apply: burst(1) },
  { name: "burst of 2", expects: failing, apply: burst(2) },
  { name: "burst of 3", expects: failing, apply: burst(3) },
  { name: "burst of 5", expects: failing, apply: burst(5) },
  { name: "silent for 1 period", expects: ["missing_run"], apply: silent(1) },
  { name: "silent for 2 periods", expects: ["missing_run"], apply: silent(2) },
  { name: "silent for 3 periods", expects: ["missing_run"], apply: silent(3) },
  { name: "new error text", expects: ["new_error"], apply: newError },
];

/** The first `count` of a list in an order that depends on the seed alone. */
export const choose = <T>(list: readonly T[], count: number, seed: string, nameOf: (one: T) => string): T[] =>
  list
    .map((one) => ({ one, place: digest(seed, nameOf(one)) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .slice(0, count)
    .map(({ one }) => one);

/** Bounds of the local day, `days` after the one that holds `start`. */
export function dayAt(start: number, days: number, zone: string): { from: number; to: number } {
  const { from, to } = calendarOf(new Date(start + days * 86_400_000), zone);
  return { from, to };
}
