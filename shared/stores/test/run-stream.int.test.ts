import { createHarness, sampleRun as run, type Harness } from "@flow-rag/testing";
import { createRunStore, createRunStream } from "../src/index.js";

const signal = new AbortController().signal;
let world: Harness;
beforeEach(async () => (world = await createHarness()));
afterEach(async () => expect(await world.lifecycle.close()).toBe(true));

test("run stream, attempts that their source calls one run, have one key, and a run without a name has none", async () => {
  await createRunStore(world.state).upsert([
    run("a1", { runRef: "scheduled__2026-05-05" }),
    run("a2", { runRef: "scheduled__2026-05-05" }),
    run("b", { runRef: "scheduled__2026-05-06" }),
    run("c"),
  ]);
  const keys = new Map<string, number | undefined>();
  const range = { from: new Date("2026-05-01"), to: new Date("2026-05-10") };
  for await (const { id, runKey } of createRunStream(world.state).between(range, signal)) keys.set(id, runKey);
  const [first, second, other] = ["a1", "a2", "b"].map((id) => keys.get(`flows:${id}`));
  expect(first).toBeGreaterThan(0);
  expect(second).toBe(first);
  expect(other).not.toBe(first);
  expect([keys.size, keys.get("flows:c")]).toEqual([4, undefined]);
});
