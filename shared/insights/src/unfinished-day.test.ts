import { dayMs, from, hourly, hourMs, kindsOf, morningOf, onDay } from "../test/mornings.js";
import { morningLines } from "./morning-text.js";
import type { RunSeen } from "./run-seen.js";

const hourOf = ({ at }: RunSeen): number => Math.floor(((((at - from) % dayMs) + dayMs) % dayMs) / hourMs);
const weekdayOf = ({ at }: RunSeen): number => new Date(at + 2 * hourMs).getUTCDay();
/** What each hour's run is kept of, by habit. */
const habits: Record<string, (run: RunSeen) => boolean> = {
  hourly: () => true,
  nightly: (run) => hourOf(run) === 3,
  evening: (run) => hourOf(run) === 21,
  office: (run) => hourOf(run) >= 8 && hourOf(run) < 18 && weekdayOf(run) % 6 !== 0,
  tuesdays: (run) => hourOf(run) === 15 && weekdayOf(run) === 2,
};
const runsOf = (habit: string): RunSeen[] => hourly(habit, (run) => (habits[habit]?.(run) ? run : undefined));
const all = Object.keys(habits).flatMap(runsOf);
const seenBy = (now: number, runs: readonly RunSeen[] = all) => runs.filter(({ at }) => at < now);

test.each(Array.from({ length: 24 }, (_, hour) => hour))(
  "a day that is not over, at %i:30 with every run so far in its place, has nothing missing and no volume",
  async (hour) => {
    const now = from + hour * hourMs + hourMs / 2;
    const morning = await morningOf(seenBy(now), {}, from, new Date(now));
    expect([kindsOf(morning), morning.to, morning.isOver]).toEqual([[], now, false]);
  },
);

test.each([
  ["hourly", 9, 8],
  ["nightly", 9, 0],
  ["evening", 23, 0],
  ["office", 16, 12],
  ["tuesdays", 17, 0],
])("a day that is not over, %s silent until %i o'clock since %i, is missing by then", async (habit, hour, since) => {
  const silent = (run: RunSeen): boolean => run.pipeline === habit && onDay(run) && hourOf(run) >= since;
  const late = habit === "hourly" ? 3 : 0;
  const now = from + (hour + late) * hourMs + hourMs / 2;
  const morning = await morningOf(
    seenBy(
      now,
      all.filter((run) => !silent(run)),
    ),
    {},
    from,
    new Date(now),
  );
  const missing = morning.incidents.flatMap(({ findings }) => findings).filter(({ kind }) => kind === "missing_run");
  expect(missing.map(({ pipeline, window }) => [pipeline, window.to])).toEqual([[habit, now]]);
});

test("a day that is not over, in words, says until when", async () => {
  const now = new Date(from + 14 * hourMs + 47 * 60_000);
  expect(morningLines(await morningOf(seenBy(now.getTime()), {}, from, now))[0]).toMatch(/^2026-05-05, jusqu'à 14:47\u202f: /);
});

test("a day that is still to come, has no morning", async () => {
  await expect(morningOf(all, {}, from, new Date(from - 1))).rejects.toThrow("no morning");
});
