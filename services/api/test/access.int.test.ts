import { signal, someRuns, startLiveApi, type LiveApi } from "./live-api.js";

let api: LiveApi;
beforeEach(async () => {
  api = await startLiveApi();
  await api.store(someRuns());
});
afterEach(async () => expect(await api.world.lifecycle.close()).toBe(true));

const question = "Combien d'échecs le 5 mai 2026 ?";

test("a key with sources, every way to read, knows nothing of the others", async () => {
  const key = await api.newKey(["query", "ingest"], ["flows"]);
  const answers = await Promise.all([
    api.send("GET", "/runs?limit=500", { key }),
    api.send("GET", "/runs/others%3Asecret-tenant", { key }),
    api.send("GET", "/signatures", { key }),
    api.send("GET", "/bi/databases", { key }),
    api.send("GET", "/bi/export", { key }),
    api.send("POST", "/bi/query", { key, body: { metrics: ["runs"], dimensions: ["source", "pipeline"] } }),
    api.send("POST", "/query", { key, body: { query: "quels échecs en mai 2026 ?", debug: true } }),
    api.send("POST", "/query", { key, body: { query: "échecs de payroll-private en mai 2026 ?" } }),
    api.send("POST", "/search", { key, body: { query: "other tenant" } }),
    api.send("GET", "/ingestion", { key }),
    api.send("GET", "/anomalies?day=2026-05-05", { key }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 404, 200, 200, 200, 200, 200, 200, 200, 200, 200]);
  // The question's own words may come back; nothing else of the other tenant may.
  for (const { text } of answers)
    expect(text.replaceAll("échecs de payroll-private", "").replaceAll(/«[^»]*»|"text":"[^"]*"|"question":"[^"]*"/g, "")).not.toMatch(
      /secret-tenant|Informatica|other tenant|sig-other/,
    );
  expect((await api.send("GET", "/runs?source=others", { key })).status).toBe(403);
  expect((await api.send("POST", "/bi/query", { key, body: { metrics: ["runs"], filter: { sources: ["others"] } } })).status).toBe(403);
  expect((await api.send("POST", "/ingestion", { key, body: { source: "others" } })).status).toBe(403);
  expect((await api.send("POST", "/ingestion/pause", { key })).status).toBe(403);
  expect(((await api.send("GET", "/runs?limit=500")).body["runs"] as unknown[]).length).toBe(61);
});

test("keys, made, rotated and revoked, are good exactly as long as they are", async () => {
  const { key, secret } = await api.keys.create({ name: "ops", scopes: ["query"], sources: null, expiresAt: null }, new Date());
  const status = async (given: string) => (await api.send("GET", "/v1/models", { key: given })).status;
  expect(await status(secret)).toBe(200);
  for (const wrong of [
    secret.slice(0, -1),
    `${secret}A`,
    secret.slice(0, -1) + (secret.endsWith("A") ? "B" : "A"),
    secret.toUpperCase(),
    secret.replace("frag_", ""),
  ])
    expect(await status(wrong)).toBe(401);
  const next = await api.keys.rotate(key.id, { until: new Date(Date.now() + 60_000), now: new Date() }, signal);
  expect([await status(secret), await status(next.secret), next.key.owner]).toEqual([200, 200, key.owner]);
  expect(await api.keys.revoke(key.id, new Date())).toBe(true);
  expect([await status(secret), await status(next.secret)]).toEqual([401, 200]);
  const short = await api.keys.create({ name: "short", scopes: ["query"], sources: null, expiresAt: new Date(Date.now() - 1) }, new Date());
  expect(await status(short.secret)).toBe(401);
  expect(JSON.stringify(await api.world.state.collection("api_keys").find().toArray())).not.toContain(secret.split("_")[2]);
});

test("a session, from the form to the end of its key, is good exactly as long", async () => {
  const secret = await api.newKey(["query"]);
  const form = await fetch(`${api.base}/login`, {
    method: "POST",
    redirect: "manual",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ key: secret, next: "/docs" }),
  });
  const cookie = (form.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const status = async () => (await fetch(`${api.base}/v1/models`, { headers: { cookie } })).status;
  expect([form.status, await status()]).toEqual([303, 200]);
  expect(JSON.stringify(await api.world.state.collection("sessions").find().toArray())).not.toContain(cookie.split("=")[1]);
  await fetch(`${api.base}/logout`, { method: "POST", redirect: "manual", headers: { cookie, origin: api.base } });
  expect(await status()).toBe(401);
});

test("GET /usage, after some requests, counts them by key", async () => {
  const key = await api.newKey(["query"]);
  await api.send("POST", "/query", { key, body: { query: question } });
  await api.send("POST", "/query", { key, body: {} });
  const { body } = await api.send("GET", "/usage", { key });
  expect(body["usage"]).toEqual([expect.objectContaining({ requests: 2, errors: 1, questions: 1 })]);
  await api.send("GET", "/v1/models");
  expect(((await api.send("GET", "/usage")).body["usage"] as unknown[]).length).toBe(2);
});

test("conversations, of two keys, are apart", async () => {
  const [mine, yours] = [await api.newKey(["query"]), await api.newKey(["query"])];
  await api.send("POST", "/query", { key: mine, body: { query: question, conversation_id: "c1" } });
  const { body } = await api.send("GET", "/conversations", { key: mine });
  expect(body["conversations"]).toEqual([expect.objectContaining({ id: "c1", turns: 1 })]);
  expect((await api.send("GET", "/conversations/c1", { key: yours })).status).toBe(404);
  expect((await api.send("DELETE", "/conversations/c1", { key: yours })).status).toBe(404);
  expect((await api.send("DELETE", "/conversations/c1", { key: mine })).status).toBe(200);
});
