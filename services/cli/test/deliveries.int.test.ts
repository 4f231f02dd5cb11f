import { reportDeliver, type Delivery, type DeliveryState } from "@flow-rag/contracts";
import { createProducer } from "@flow-rag/queue";
import { createDeliveryStore } from "@flow-rag/stores";
import { createHarness, type Harness } from "@flow-rag/testing";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentOf, flowRag, killRunning, type Ended } from "./command-line.js";

jest.setTimeout(120_000);

const at = new Date("2026-05-06T05:30:00Z");
const signal = new AbortController().signal;
let world: Harness;
let dir: string;

const delivery = (target: string, state: DeliveryState): Delivery => ({
  id: `daily-2026-05-06-${target.toLowerCase()}`,
  reportId: "daily-2026-05-06-europe-paris",
  route: "default",
  channel: "slack",
  target,
  state,
  parts: [{ name: "main", state, startedAt: at, receipt: null, reason: null }],
  attempts: 1,
  reason: state === "sent" ? null : "no answer",
  createdAt: at,
  requestedAt: at,
  dueAt: at,
  endedAt: state === "pending" ? null : at,
});
beforeAll(async () => {
  world = await createHarness();
  dir = await mkdtemp(join(tmpdir(), "flow-rag-cli-"));
  await createDeliveryStore(world.state).add([
    delivery("C1", "sent"),
    delivery("C2", "unknown"),
    delivery("C3", "failed"),
    delivery("C4", "pending"),
  ]);
});
afterAll(async () => {
  killRunning();
  expect(await world.lifecycle.close()).toBe(true);
  await rm(dir, { recursive: true });
});
const run = (...args: string[]): Promise<Ended> => flowRag(args, environmentOf(world), { cwd: dir });

test("flow-rag report deliveries, one of each, shows them and says what to do about the unknown one", async () => {
  const { code, stdout, stderr } = await run("report", "deliveries");
  expect(code).toBe(0);
  expect(stdout.split("\n")[1]).toBe(
    "daily-2026-05-06-c2 unknown · slack C2 · route default · 1 attempts · 2026-05-06T05:30:00.000Z · no answer",
  );
  expect(stderr).toContain("1 pending, 1 sent, 1 failed, 1 unknown");
  expect(stderr).toContain("flow-rag report resend ID --yes");
});

test("flow-rag report deliveries, by state as JSON, gives them and all counts", async () => {
  const { stdout } = await run("report", "deliveries", "--state", "unknown", "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    counts: { pending: 1, sending: 0, sent: 1, failed: 1, unknown: 1 },
    deliveries: [{ id: "daily-2026-05-06-c2", target: "C2", state: "unknown", endedAt: "2026-05-06T05:30:00.000Z" }],
  });
});

test.each([
  ["that was sent", "daily-2026-05-06-c1", "was sent on 2026-05-06", 2],
  ["that is pending", "daily-2026-05-06-c4", "goes on with it by itself", 2],
  ["that is unknown, without a yes", "daily-2026-05-06-c2", "it may have arrived already", 2],
  ["that is none", "daily-2026-05-06-c9", "there is no delivery", 1],
])("flow-rag report resend, one %s, is refused and says why", async (_situation, id, message, code) => {
  const ended = await run("report", "resend", id);
  expect([ended.code, ended.stdout, ended.stderr]).toEqual([code, "", expect.stringContaining(message)]);
});

test.each([["c2"], ["c3"]])("flow-rag report resend --yes, %s, is pending again and asked for", async (name) => {
  const id = `daily-2026-05-06-${name}`;
  const ended = await run("report", "resend", id, "--yes", "--json");
  expect([ended.code, JSON.parse(ended.stdout)]).toEqual([0, { id, state: "pending", reporters: 0 }]);
  expect(ended.stderr).toContain("no reporter is running");
  const stored = await createDeliveryStore(world.state).read(id, signal);
  expect(stored).toMatchObject({ state: "pending", endedAt: null, reason: null, parts: [{ name: "main", state: "pending" }] });
  const jobs = createProducer({ redis: world.redis, prefix: world.queuePrefix, log: world.log });
  expect((await jobs.outcome(reportDeliver, id)).state).toBe("waiting");
  await jobs.close();
});
