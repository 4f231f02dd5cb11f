import { queueContracts, recordsEmbed, sourcePull } from "@flow-rag/contracts";
import { createProducer } from "@flow-rag/queue";
import { createHarness, type Harness } from "@flow-rag/testing";
import { openQueueBoard } from "../src/adapters/queue-board.js";
import { serve } from "../src/serve.js";
import { fakeDeps, fakeKeys, httpSettings } from "./fake-api.js";

const admin = "admin-key";
const reader = "reader-key";
let world: Harness;
let base: string;
beforeEach(async () => {
  world = await createHarness();
  const { redis, queuePrefix: prefix, log, lifecycle } = world;
  const producer = lifecycle.own("producer", createProducer({ redis, prefix, log }), (resource) => resource.close());
  const board = openQueueBoard({ redis, prefix, log, producer, sources: ["flows"], zone: "Europe/Paris" });
  lifecycle.own("board", board, (resource) => resource.close());
  const keys = fakeKeys({ [admin]: ["admin"], [reader]: ["query"] });
  const port = await serve({ config: { http: httpSettings }, lifecycle, log }, { ...fakeDeps(), keys, mounts: [board.mount] });
  base = `http://127.0.0.1:${port}/admin/queues`;
});
afterEach(async () => expect(await world.lifecycle.close()).toBe(true));

const as = (key: string) => ({ authorization: `Bearer ${key}` });
const add = (queue: string, data: unknown, headers: Record<string, string> = as(admin)) =>
  fetch(`${base}/api/queues/${queue}/add`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ name: "x", data, options: { jobId: "mine", attempts: 99 } }),
  });
const filled = { source: "flows", mode: "selected", filter: { from: "2026-05-01", to: "2026-05-08" }, dryRun: true };

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

test("Add job on source.pull, the form as it was given, makes one job under the contract's own key and retries", async () => {
  const response = await add(sourcePull.name, filled);
  const { job } = (await response.json()) as { job: { id: string; name: string; data: object; opts: object } };
  expect([response.status, job.name, job.id]).toEqual([200, sourcePull.name, expect.stringMatching(/^flows~manual-/)]);
  expect(job.data).toMatchObject({ mode: "selected", dryRun: true, filter: { from: "2026-04-30T22:00:00.000Z" } });
  expect(job.opts).toMatchObject({ attempts: sourcePull.attempts });
});

test("Add job on source.pull, data outside the contract, is refused and names the field", async () => {
  const response = await add(sourcePull.name, { source: "flows", filter: { from: "soon" } });
  expect([response.status, await response.text()]).toEqual([400, expect.stringContaining("filter.from")]);
});

test("Add job on source.pull, a page of another site sends it with the session, is refused", async () => {
  const cookie = { cookie: `flow_rag_session=${admin}` };
  expect((await add(sourcePull.name, filled, { ...cookie, "sec-fetch-site": "cross-site" })).status).toBe(403);
  expect((await add(sourcePull.name, filled, { ...cookie, origin: "https://evil.example" })).status).toBe(403);
  expect((await add(sourcePull.name, filled, { ...cookie, "sec-fetch-site": "same-origin" })).status).toBe(200);
});

test("/admin/queues, every queue but source.pull, can be looked at and not be changed", async () => {
  const change = (path: string) => fetch(`${base}/api/queues/${path}`, { method: "PUT", headers: as(admin) });
  for (const { name } of queueContracts.filter((contract) => contract.name !== sourcePull.name)) {
    const statuses = [
      (await add(name, {})).status,
      (await change(`${name}/empty`)).status,
      (await change(`${name}/retry/completed`)).status,
      (await change(`${name}/1/retry`)).status,
    ];
    expect([name, ...statuses]).toEqual([name, 405, 405, 405, 405]);
  }
  const listed = (await (await fetch(`${base}/api/queues`, { headers: as(admin) })).json()) as { queues: { name: string }[] };
  expect(listed.queues.map(({ name }) => name)).toEqual(queueContracts.map(({ name }) => name));
});

test("/admin/queues, a secret has got into a job, is not shown", async () => {
  const { redis, queuePrefix: prefix, log, lifecycle } = world;
  const producer = lifecycle.own("other producer", createProducer({ redis, prefix, log }), (resource) => resource.close());
  const recordId = "postgres://etl:hunter2hunter@db/prod";
  await producer.send(recordsEmbed, { source: "flows", records: [{ recordId, contentHash: "h" }] });
  const shown = await (await fetch(`${base}/api/queues?activeQueue=records.embed`, { headers: as(admin) })).text();
  expect(shown).toContain("<CREDENTIALS_1>");
  expect(shown).not.toContain("hunter2");
});
