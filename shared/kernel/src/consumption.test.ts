import { judgeConsumption, type Consumption } from "./consumption.js";

const now = 1_000_000;
const idle: Consumption = {
  queue: "records.embed",
  lastActivity: now - 500_000,
  running: [],
  concurrency: 2,
  oldestWaiting: undefined,
  timeoutMs: 100_000,
};
const judge = (change: Partial<Consumption>) => judgeConsumption({ ...idle, ...change }, { now, graceMs: 60_000 });

test.each([
  ["nothing waits, however long ago the last job was", {}],
  ["the first job after a quiet night arrives", { oldestWaiting: now - 1_000 }],
  ["old work waits but a job has just ended", { lastActivity: now - 1_000, oldestWaiting: now - 400_000 }],
  ["work waits because every hand is full", { running: [now - 90_000, now - 80_000], oldestWaiting: now - 90_000 }],
  ["a job is within its time limit and the grace", { running: [now - 159_000], concurrency: 1 }],
])("judgeConsumption, %s, is no reason", (_situation, change) => {
  expect(judge(change)).toBeUndefined();
});

test("judgeConsumption, work waits longer than the grace and nothing is taken, says for how long", () => {
  expect(judge({ oldestWaiting: now - 61_000 })).toBe("takes no jobs for 61 s while work waits");
});

test("judgeConsumption, one hand is full and the other takes nothing, is stuck", () => {
  expect(judge({ running: [now - 90_000], lastActivity: now - 90_000, oldestWaiting: now - 80_000 })).toMatch(/takes no jobs for 80 s/);
});

test("judgeConsumption, a job ignores its signal, is stuck", () => {
  expect(judge({ running: [now - 161_000], concurrency: 1 })).toBe("1 of its jobs run on after their time limit of 100 s");
});
