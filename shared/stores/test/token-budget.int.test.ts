import { createHarness, type Harness } from "@flow-rag/testing";
import { createTokenBudget } from "../src/index.js";

let world: Harness;
beforeEach(async () => {
  world = await createHarness();
});
afterEach(async () => expect(await world.lifecycle.close()).toBe(true));

const signal = new AbortController().signal;
let now = new Date("2026-05-05T21:00:00Z"); // 23:00 in Paris
const replica = (perDay = 1_000) => createTokenBudget(world.state, { perDay, zone: "Europe/Paris", now: () => now })!;

test("token budget, two replicas that ask at once, give out no more than the day's tokens", async () => {
  const [one, other] = [replica(), replica()];
  const asked = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? one : other).reserve(150)));
  expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(6);
  expect(asked.find(({ status }) => status === "rejected")).toMatchObject({ reason: { kind: "budget_spent" } });
  expect(await other.read(signal)).toEqual({
    day: "2026-05-05",
    limit: 1_000,
    used: 900,
    refused: 14,
    resetsAt: new Date("2026-05-05T22:00:00Z"),
  });
});

test("token budget, a call that cost less than was set aside, gives the rest back", async () => {
  const budget = replica();
  await (await budget.reserve(1_000)).settle(400);
  expect((await budget.read(signal)).used).toBe(400);
  await expect(budget.reserve(601)).rejects.toMatchObject({ kind: "budget_spent" });
  await (await budget.reserve(600)).settle(700); // the server may count more than we estimate
  expect((await budget.read(signal)).used).toBe(1_100);
});

test("token budget, the business day ends, begins anew; what was under way is of the day before", async () => {
  const budget = replica();
  const late = await budget.reserve(1_000);
  now = new Date("2026-05-05T22:00:00Z");
  await budget.reserve(300);
  await late.settle(10);
  expect(await budget.read(signal)).toMatchObject({ day: "2026-05-06", used: 300, resetsAt: new Date("2026-05-06T22:00:00Z") });
  now = new Date("2026-05-05T21:59:59Z");
  expect(await budget.read(signal)).toMatchObject({ day: "2026-05-05", used: 10 });
});

test("token budget, no limit given, is none", () => {
  expect(createTokenBudget(world.state, { perDay: undefined, zone: "UTC", now: () => now })).toBeUndefined();
});
