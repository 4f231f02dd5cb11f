import { AppError, createLogger } from "@flow-rag/kernel";
import type { ActiveIndex } from "../domain/active-index.js";
import { createStandby } from "./standby.js";

/** A standby over an index that can be written from the given look on. */
function world(writableFrom: number) {
  const done: string[] = [];
  let looks = 0;
  let resumed = (): void => {};
  const goesOn = new Promise<void>((resolve) => (resumed = resolve));
  const index: ActiveIndex = {
    async use() {
      done.push("look");
      if (++looks < writableFrom) throw new AppError("rate_limited", "Chroma does not answer", { retryAfterMs: 1 });
      return undefined as never;
    },
    stats: () => ({ hits: 0, misses: 0, entries: 0, bytes: 0 }),
  };
  const standby = createStandby({ index, log: createLogger("test", "silent"), lookEveryMs: 1 });
  standby.holds({ pause: () => void done.push("pause"), resume: () => (done.push("resume"), resumed()) });
  return { standby, done, goesOn };
}

test.each([
  ["rate_limited", 700, 700],
  ["misconfigured", undefined, 2],
] as const)(
  "standby, two jobs fail as %s at once, pauses once, puts both back and goes on when the index can be written",
  async (kind, retryAfterMs, delay) => {
    const { standby, done, goesOn } = world(3);
    const fail = standby.guard(() => Promise.reject(new AppError(kind, "not now", retryAfterMs === undefined ? {} : { retryAfterMs })));
    const outcomes = await Promise.allSettled([fail(1, {}), fail(2, {})]);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ status: "rejected", reason: { kind: "rate_limited", retryAfterMs: delay, message: "not now" } });
    await goesOn;
    expect(done).toEqual(["pause", "look", "look", "look", "resume"]);
    await standby.close();
  },
);

test.each([
  ["its source is away and the index is not", "upstream_unavailable", ["look"]],
  ["its record is too large", "too_large", []],
] as const)("standby, a job fails because %s, is told so and nothing is paused", async (_why, kind, looks) => {
  const { standby, done } = world(1);
  const error = new AppError(kind, "not this one");
  await expect(standby.guard(() => Promise.reject(error))(1, {})).rejects.toBe(error);
  expect(await standby.guard(async (payload: number) => payload + 1)(1, {})).toBe(2);
  expect(done).toEqual(looks);
  await standby.close();
});

test("standby, two jobs fail while the state database that names the index is away, pauses once and puts both back", async () => {
  const { standby, done, goesOn } = world(4);
  const fail = standby.guard(() => Promise.reject(new AppError("upstream_unavailable", "MongoDB cannot be reached")));
  const outcomes = await Promise.allSettled([fail(1, {}), fail(2, {})]);
  for (const outcome of outcomes) expect(outcome).toMatchObject({ status: "rejected", reason: { kind: "rate_limited" } });
  await goesOn;
  expect(done.filter((one) => one !== "look")).toEqual(["pause", "resume"]);
  await standby.close();
});

test("standby, closed while it waits, ends and resumes nothing", async () => {
  const { standby, done } = world(Infinity);
  await expect(standby.guard(() => Promise.reject(new AppError("misconfigured", "not here")))(1, {})).rejects.toThrow("not here");
  await standby.close();
  expect(done).not.toContain("resume");
});
