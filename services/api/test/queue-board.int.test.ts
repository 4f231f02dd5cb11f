import { queueContracts, recordsEmbed } from "@flow-rag/contracts";
import { createProducer } from "@flow-rag/queue";
import { createHarness, type Harness } from "@flow-rag/testing";
import { openQueueBoard } from "../src/adapters/queue-board.js";
import { serve } from "../src/serve.js";
import { fakeDeps, fakeKeys, httpSettings } from "./fake-api.js";

const admin = "admin-key";
const reader = "reader-key";
const limited = "limited-key";
let world: Harness;
let base: string;
beforeEach(async () => {
  world = await createHarness();
  const { redis, queuePrefix: prefix, log, lifecycle } = world;
  const board = openQueueBoard({ redis, prefix, log });
  lifecycle.own("board", board, (resource) => resource.close());
  const keys = fakeKeys({ [admin]: ["admin"], [reader]: ["query"], [limited]: ["admin"] }, { [limited]: ["flows"] });
  const port = await serve({ config: { http: httpSettings }, lifecycle, log }, { ...fakeDeps(), keys, mounts: [board.mount] });
  base = `http://127.0.0.1:${port}/admin/queues`;
});
afterEach(async () => expect(await world.lifecycle.close()).toBe(true));

const as = (key: string) => ({ authorization: `Bearer ${key}` });

test.each(["", "/", "/api/queues", "/api/redis/stats", "/queue/source.pull", "/static/js/x.js", "/api/queues/source.pull/add"])(
  "/admin/queues%s, without a key or without the scope, is refused",
  async (path) => {
    const without = await fetch(base + path, { redirect: "manual" });
    const other = await fetch(base + path, { headers: as(reader) });
    expect([without.status, other.status]).toEqual([401, 403]);
  },
);

test("/admin/queues, a browser without a session, is sent to the form and gets the page with one", async () => {
  const headers = { accept: "text/html" };
  expect((await fetch(`${base}/`, { headers, redirect: "manual" })).headers.get("location")).toMatch(/^\/login\?next=/);
  const page = await fetch(`${base}/`, { headers: { ...headers, cookie: `flow_rag_session=${admin}` } });
  const policy = page.headers.get("content-security-policy") ?? "";
  expect([page.status, policy.includes("script-src 'self';"), policy.includes("base-uri 'self'")]).toEqual([200, true, true]);
  expect(await page.text()).toContain('<base href="/admin/queues/" />');
});

/** Every deed that Bull Board has, also for queues that it would let be changed. */
const deeds: readonly [method: string, path: string][] = [
  ["POST", "add"],
  ["PUT", "empty"],
  ["PUT", "obliterate"],
  ["PUT", "pause"],
  ["PUT", "resume"],
  ["PUT", "promote"],
  ["PUT", "concurrency"],
  ["PUT", "rate-limit"],
  ["DELETE", "rate-limit"],
  ["PUT", "retry/failed"],
  ["PUT", "clean/completed"],
  ["PUT", "1/retry"],
  ["PUT", "1/clean"],
  ["PATCH", "1/update-data"],
];

test("/admin/queues, every deed on every queue, is refused and nothing changes", async () => {
  for (const { name } of queueContracts)
    for (const [method, path] of deeds) {
      const response = await fetch(`${base}/api/queues/${name}/${path}`, { method, headers: as(admin) });
      expect([name, method, path, response.status]).toEqual([name, method, path, 405]);
    }
  const pausing = await fetch(`${base}/api/queues/pause`, { method: "PUT", headers: as(admin) });
  expect(pausing.status).toBe(405);
  const listed = (await (await fetch(`${base}/api/queues`, { headers: as(admin) })).json()) as {
    queues: { name: string; readOnlyMode: boolean; isPaused: boolean }[];
  };
  expect(listed.queues.map(({ name, readOnlyMode, isPaused }) => [name, readOnlyMode, isPaused])).toEqual(
    queueContracts.map(({ name }) => [name, true, false]),
  );
});

test.each(["", "/", "/api/queues", "/api/redis/stats", "/queue/source.pull", "/static/js/x.js"])(
  "/admin/queues%s, a key that is limited to some sources, is refused with the reason",
  async (path) => {
    const response = await fetch(base + path, { headers: as(limited) });
    expect([response.status, await response.text()]).toEqual([
      403,
      expect.stringContaining("jobs of all sources, and the key is for flows only"),
    ]);
  },
);

test("/admin/queues, a secret has got into a job, is not shown", async () => {
  const { redis, queuePrefix: prefix, log, lifecycle } = world;
  const producer = lifecycle.own("other producer", createProducer({ redis, prefix, log }), (resource) => resource.close());
  const recordId = "postgres://etl:hunter2hunter@db/prod";
  await producer.send(recordsEmbed, { source: "flows", records: [{ recordId, contentHash: "h" }] });
  const shown = await (await fetch(`${base}/api/queues?activeQueue=records.embed`, { headers: as(admin) })).text();
  expect(shown).toContain("<CREDENTIALS_1>");
  expect(shown).not.toContain("hunter2");
});
