import { createLogger } from "@flow-rag/kernel";
import type { Producer } from "@flow-rag/queue";
import { waitFor } from "@flow-rag/testing";
import { startSourcePull } from "./source-pull.cron.js";

const log = createLogger("test", "silent");
const options = { source: "flows", mode: "changes", expression: "* * * * * *", log } as const;

test("startSourcePull, a tick fails, ticks again and asks for a minute", async () => {
  const sent: unknown[] = [];
  const send: Producer["send"] = async (_contract, payload) => {
    sent.push(payload);
    if (sent.length === 1) throw new Error("redis is down");
    return "id";
  };
  const cron = startSourcePull(options, { send });
  await waitFor(async () => sent.length === 2 || undefined, "the second tick");
  await cron.close();
  expect(sent[1]).toEqual({ source: "flows", mode: "changes", slot: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/) as string });
});

test("startSourcePull, an expression that is none, names the variable", () => {
  const start = () => startSourcePull({ ...options, expression: "every day" }, { send: async () => "id" });
  expect(start).toThrow(/PULL_CRON/);
});
