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

test("startTicks, an expression that is none, names the variable", () => {
  expect(() => startTicks({ ...options, expression: "every day" }, async () => {})).toThrow(/PULL_CRON/);
});
