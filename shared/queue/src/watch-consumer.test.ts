import { sourcePull } from "@flow-rag/contracts";
import type { Consumer } from "./consumer.js";
import { watchConsumer } from "./watch-consumer.js";

test("watchConsumer, Redis hangs and nobody sets a limit, says by itself that the consumer waits", async () => {
  const consumer = { contract: sourcePull, trouble: () => undefined, activity: () => ({ lastActivity: 0, running: [], concurrency: 1 }) };
  const check = watchConsumer(consumer as unknown as Consumer, { peek: () => new Promise(() => {}) }, { graceMs: 1_000, now: () => 5_000 });
  expect(await check(new AbortController().signal)).toMatchObject({
    status: "waiting",
    reason: expect.stringContaining("Redis") as string,
  });
});
