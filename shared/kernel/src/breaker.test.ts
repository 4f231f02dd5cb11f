import { AppError } from "./errors.js";
import { createBreaker } from "./breaker.js";

const down = async (): Promise<never> => {
  throw new AppError("upstream_unavailable", "no answer");
};
const refused = async (): Promise<never> => {
  throw new AppError("invalid_input", "wrong length");
};
const up = async (): Promise<string> => "answer";

/** A breaker after three failures in a row, and its clock. */
async function opened() {
  const clock = { ms: 0 };
  const run = createBreaker("Chroma", { failures: 3, pauseMs: 1_000, maxPauseMs: 3_000, now: () => clock.ms });
  for (let i = 0; i < 3; i += 1) await expect(run(down)).rejects.toMatchObject({ kind: "upstream_unavailable" });
  return { clock, run };
}

test("breaker, three failures in a row, refuses at once and says how long", async () => {
  const { clock, run } = await opened();
  clock.ms = 400;
  const work = jest.fn(up);
  await expect(run(work)).rejects.toMatchObject({ kind: "rate_limited", retryAfterMs: 600 });
  expect(work).toHaveBeenCalledTimes(0);
});

test("breaker, the pause is over, lets one call try and closes when it succeeds", async () => {
  const { clock, run } = await opened();
  clock.ms = 1_000;
  let answer = (_text: string): void => {};
  const trial = run(() => new Promise<string>((resolve) => (answer = resolve)));
  await expect(run(up)).rejects.toMatchObject({ kind: "rate_limited" });
  answer("back");
  expect(await trial).toBe("back");
  expect(await run(up)).toBe("answer");
});

test("breaker, the trial fails too, waits twice as long, up to the limit", async () => {
  const { clock, run } = await opened();
  for (const [at, next] of [
    [1_000, 2_000],
    [3_000, 3_000],
    [6_000, 3_000],
  ] as const) {
    clock.ms = at;
    await expect(run(down)).rejects.toMatchObject({ kind: "upstream_unavailable" });
    await expect(run(up)).rejects.toMatchObject({ retryAfterMs: next });
  }
});

test("breaker, a request that is refused or a success in between, counts as an answer", async () => {
  const run = createBreaker("Chroma", { failures: 2, now: () => 0 });
  for (const work of [down, refused, down, up, down]) await run(work).catch(() => undefined);
  expect(await run(up)).toBe("answer");
});

test("breaker, an aborted call as the trial, leaves it open for the next to try", async () => {
  const { clock, run } = await opened();
  clock.ms = 1_000;
  await expect(run(() => Promise.reject(new Error("enough")))).rejects.toThrow("enough");
  expect(await run(up)).toBe("answer");
});

test("breaker, opened, tried and closed again, tells of each change once", async () => {
  const told: string[] = [];
  const clock = { ms: 0 };
  const run = createBreaker("Chroma", { failures: 2, pauseMs: 1_000, now: () => clock.ms, onState: (state) => told.push(state) });
  for (const work of [up, down, down]) await run(work).catch(() => undefined);
  clock.ms = 1_000;
  await run(up);
  await run(up);
  expect(told).toEqual(["open", "trying", "closed"]);
});
