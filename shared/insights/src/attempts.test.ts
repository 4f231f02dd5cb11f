import { dayMs, fails, from, hourly, hourMs, kindsOf, morningOf, onDay, steady } from "../test/mornings.js";
import type { RunSeen } from "./run-seen.js";

const noon = from + 12 * hourMs + 60_000;
/** One run of the day fails in four attempts, minutes apart; `runKey` names what the source calls the run. */
const attempts = (runKey: (attempt: number) => number | undefined): RunSeen[] =>
  hourly("a").flatMap((run): RunSeen[] => {
    // The error is known, so that it is no news.
    if (run.at === noon - 5 * dayMs) return [fails(run)];
    if (run.at !== noon) return [run];
    return Array.from({ length: 4 }, (_, attempt): RunSeen => {
      const key = runKey(attempt);
      return { ...fails(run), id: `${run.id}-${attempt}`, at: run.at + attempt * 60_000, ...(key !== undefined && { runKey: key }) };
    });
  });

test("attempts of one run that all fail, named as one run, are no failures in a row and no higher rate", async () => {
  const morning = await morningOf([...steady, ...attempts(() => 7)]);
  expect(kindsOf(morning)).toEqual([]);
  expect(morning.failures).toHaveLength(4);
});

test("four runs in a row that fail, each with a name of its own, are failures in a row", async () => {
  expect(kindsOf(await morningOf([...steady, ...attempts((attempt) => attempt + 1)]))).toContain("consecutive_failures");
});

test("a name that every run of a pipeline has, is none of a run", async () => {
  const runs = hourly("a", (run) => ({ ...(onDay(run) && run.at < from + 6 * hourMs ? fails(run) : run), runKey: 7 }));
  expect(kindsOf(await morningOf([...steady, ...runs]))).toContain("consecutive_failures");
});
