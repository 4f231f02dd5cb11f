import { createLogger } from "@flow-rag/kernel";
import { waitFor } from "@flow-rag/testing";
import { startTicks } from "./ticks.js";

const options = { name: "source.pull", expression: "* * * * * *", variable: "PULL_CRON", log: createLogger("test", "silent") };

test("startTicks, a tick fails, ticks again and names a minute", async () => {
  const slots: string[] = [];
  const ticks = startTicks(options, async (slot) => {
    slots.push(slot);
    if (slots.length === 1) throw new Error("redis is down");
  });
  await waitFor(async () => slots.length === 2 || undefined, "the second tick");
  await ticks.close();
  expect(slots[1]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/);
});

test("startTicks, a schedule of every night, says when the coming slot is", async () => {
  const ticks = startTicks({ ...options, expression: "40 3 * * *" }, async () => {});
  const next = ticks.next()?.getTime() ?? 0;
  expect([new Date(next).toISOString().slice(11, 16), next > Date.now(), next <= Date.now() + 24 * 3_600_000]).toEqual([
    "03:40",
    true,
    true,
  ]);
  await ticks.close();
});

test("startTicks, an expression that is none, names the variable", () => {
  expect(() => startTicks({ ...options, expression: "every day" }, async () => {})).toThrow(/PULL_CRON/);
});
