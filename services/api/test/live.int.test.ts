import { recordsEmbed, reportId, sourcePull } from "@flow-rag/contracts";
import { createProducer } from "@flow-rag/queue";
import { createReportStore } from "@flow-rag/stores";
import OpenAI from "openai";
import { run, signal, someRuns, startLiveApi, type LiveApi } from "./live-api.js";

let api: LiveApi;
beforeEach(async () => {
  api = await startLiveApi();
  await api.store(someRuns());
});
afterEach(async () => expect(await api.world.lifecycle.close()).toBe(true));

const client = (key = api.admin) => new OpenAI({ baseURL: `${api.base}/v1`, apiKey: key, maxRetries: 0 });
const question = "Combien d'échecs le 5 mai 2026 ?";

describe("the official openai client", () => {
  test("a question, is answered with usage", async () => {
    const completion = await client().chat.completions.create({ model: "flow-rag", messages: [{ role: "user", content: question }] });
    expect(completion.choices[0]?.message.content).toContain("5 échecs sur 25 exécutions");
    expect(completion.usage?.total_tokens).toBe((completion.usage?.prompt_tokens ?? 0) + (completion.usage?.completion_tokens ?? 0));
  });

  test("a streamed question, gives the same text in pieces, then usage", async () => {
    const messages = [{ role: "user" as const, content: question }];
    const whole = (await client().chat.completions.create({ model: "flow-rag", messages })).choices[0]?.message.content;
    const stream = await client().chat.completions.create({
      model: "flow-rag",
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    let pieces = 0;
    let tokens = 0;
    for await (const { choices, usage } of stream) {
      text += choices[0]?.delta.content ?? "";
      pieces += choices[0]?.delta.content ? 1 : 0;
      tokens = usage?.completion_tokens ?? tokens;
    }
    expect([text, pieces > 3, tokens > 0]).toEqual([whole, true, true]);
  });

  test("a history with assistant turns and parts, is continued", async () => {
    const completion = await client().chat.completions.create({
      model: "flow-rag",
      temperature: 0.2,
      messages: [
        { role: "system", content: "You are helpful." },
        { role: "user", content: question },
        { role: "assistant", content: "4 échecs" },
        { role: "user", content: [{ type: "text", text: "et sur Talend ?" }] },
      ],
    });
    expect(completion.choices[0]?.message.content).toMatch(/Talend/);
    expect(completion.choices[0]?.message.content).toMatch(/5 mai/);
  });

  test("the models, are one", async () => {
    const names: string[] = [];
    for await (const { id } of client().models.list()) names.push(id);
    expect([names, (await client().models.retrieve("flow-rag")).id]).toEqual([["flow-rag"], "flow-rag"]);
    await expect(client().models.retrieve("gpt-4")).rejects.toMatchObject({ status: 404 });
  });

  test("a wrong key, is an authentication error", async () => {
    await expect(client("frag_0000000000000000_x").models.list()).rejects.toMatchObject({ status: 401 });
  });
});

test("POST /query with Accept: text/event-stream, comes as plan, facts, evidence, tokens and done", async () => {
  const { text, headers } = await api.send("POST", "/query", { body: { query: question }, headers: { accept: "text/event-stream" } });
  const events = text.split("\n\n").flatMap((block) => {
    const [, event, data] = /^event: (\w+)\ndata: (.*)$/s.exec(block) ?? [];
    return event === undefined ? [] : [{ event, data: JSON.parse(data ?? "") as Record<string, unknown> }];
  });
  const order = events.map(({ event }) => event).filter((event, index, all) => event !== all[index - 1]);
  expect([headers.get("content-type"), order]).toEqual([
    "text/event-stream; charset=utf-8",
    ["plan", "facts", "evidence", "token", "done"],
  ]);
  const answer = events
    .filter(({ event }) => event === "token")
    .map(({ data }) => String(data["text"]))
    .join("");
  expect(answer).toBe((await api.send("POST", "/query", { body: { query: question } })).body["answer"]);
});

test("GET /runs, page by page, gives every run once, the newest first", async () => {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const { body } = await api.send("GET", `/runs?source=flows&limit=7${cursor === null ? "" : `&cursor=${cursor}`}`);
    ids.push(...(body["runs"] as { id: string }[]).map(({ id }) => id));
    cursor = body["next"] as string | null;
  } while (cursor !== null);
  expect([ids.length, new Set(ids).size, ids[0], ids.at(-1)]).toEqual([60, 60, "flows:59", "flows:0"]);
});

test("GET /runs, filters and wrong ones, narrows or is a 400", async () => {
  const count = async (query: string) => ((await api.send("GET", `/runs?limit=500&${query}`)).body["runs"] as unknown[]).length;
  expect(await count("source=flows&status=failed")).toBe(10);
  expect(await count("pipeline=crm_export,stock-agg&from=2026-05-05&to=2026-05-06")).toBe(16);
  expect(await count("error=DISK")).toBe(10);
  for (const wrong of [
    "cursor=x",
    "cursor=MX54fngx",
    "limit=0",
    "status=KO",
    "from=soon",
    "from=2026-02-30",
    "from=2026-05-06&to=2026-05-05",
    "a[$ne]=1",
    "pipeline[$ne]=x",
    "$where=1",
  ])
    expect([wrong, (await api.send("GET", `/runs?${wrong}`)).status]).toEqual([wrong, 400]);
});

test("POST /bi/query, metrics by dimensions, are the runs' own figures", async () => {
  const ask = async (body: object) => (await api.send("POST", "/bi/query", { body })).body;
  const filter = { sources: ["flows"] };
  expect(await ask({ metrics: ["runs", "failures", "failure_rate", "duration_p50", "duration_p95", "pipelines"], filter })).toEqual({
    rows: [{ runs: 60, failures: 10, failure_rate: 10 / 60, duration_p50: 30_000, duration_p95: 57_000, pipelines: 3 }],
    truncated: false,
    zone: "Europe/Paris",
    window: { from: null, to: null },
  });
  // 4 May 00:00 UTC is 02:00 in Paris: the first local day lacks its two first hours.
  expect((await ask({ metrics: ["runs", "failures"], dimensions: ["day"], filter }))["rows"]).toEqual([
    { day: "2026-05-04", runs: 22, failures: 4 },
    { day: "2026-05-05", runs: 24, failures: 4 },
    { day: "2026-05-06", runs: 14, failures: 2 },
  ]);
  const byTech = await ask({ metrics: ["duration_max"], dimensions: ["tech"], filter, order: { by: "duration_max" }, limit: 1 });
  expect([byTech["rows"], byTech["truncated"]]).toEqual([[{ tech: "dbt", duration_max: 60_000 }], true]);
  expect((await ask({ metrics: ["runs", "duration_avg", "last_run"], filter: { techs: ["none"] } }))["rows"]).toEqual([
    { runs: 0, duration_avg: null, last_run: null },
  ]);
  for (const body of [
    { metrics: [] },
    { metrics: ["runs"], dimensions: ["$where"] },
    { metrics: ["runs"], filter: { status: { ne: 1 } } },
    { metrics: ["runs"], order: { by: "tech" } },
  ])
    expect((await api.send("POST", "/bi/query", { body })).status).toBe(400);
});

test("GET /bi/export, CSV and NDJSON, hold every run, and no cell that a spreadsheet would run", async () => {
  const csv = await api.send("GET", "/bi/export?source=flows");
  const lines = csv.text.trimEnd().split("\r\n");
  expect([csv.headers.get("content-type"), lines.length, lines[0]?.startsWith("id,source,recordId,pipeline")]).toEqual([
    "text/csv; charset=utf-8",
    61,
    true,
  ]);
  expect(lines.filter((line) => line.includes("'=cmd|'")).length).toBe(10);
  expect(/(^|,)"?[=+@-]/m.test(csv.text)).toBe(false);
  const ndjson = await api.send("GET", "/bi/export?format=ndjson&source=flows&status=failed");
  expect(
    ndjson.text
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { status: string }).status),
  ).toEqual(Array(10).fill("failed"));
});

test("GET /signatures, an error that was last seen months ago, says that it is quiet", async () => {
  const { body } = await api.send("GET", "/signatures?source=flows");
  expect(body["signatures"]).toMatchObject([{ id: "sig-disk", count: 10, state: "quiet", regressedOn: null }]);
});

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

test("POST /ingestion, no consumer, is under way, counted and refused when too much waits", async () => {
  const first = await api.send("POST", "/ingestion", { body: { from: "2026-05-01", to: "2026-05-02", dry_run: true } });
  expect([first.status, first.body["state"], first.headers.get("location")]).toEqual([
    202,
    "waiting",
    `/ingestion/${encodeURIComponent(String(first.body["id"]))}`,
  ]);
  expect((await api.send("GET", first.headers.get("location") ?? "")).body["state"]).toBe("waiting");
  expect((await api.send("GET", "/ingestion/flows~unknown")).status).toBe(404);
  const waiting = await api.send("GET", "/ingestion");
  expect(waiting.body).toMatchObject({ paused: false, queues: { "source.pull": { unfinished: 1 } } });
  expect((await api.send("POST", "/ingestion/pause")).body).toMatchObject({ paused: true });
  expect((await api.send("POST", "/ingestion/resume")).body).toMatchObject({ paused: false });
  expect((await api.send("POST", "/ingest_mongo", { body: { mode: "live", from: "2026-05-01" } })).status).toBe(400);
  expect((await api.send("POST", "/ingest_mongo", { body: { source: "nowhere" } })).status).toBe(400);
  const jobs = createProducer({ redis: api.world.redis, prefix: api.world.queuePrefix, log: api.world.log });
  await jobs.sendAll(
    sourcePull,
    Array.from({ length: 1_000 }, (_, index) => ({ source: "flows", slot: `s${index}` })),
  );
  const full = await api.send("POST", "/ingestion", { body: {} });
  expect([full.status, full.headers.get("retry-after")]).toEqual([429, "30"]);
  await jobs.close();
});

test("an answer, records wait to be indexed, says how many", async () => {
  const jobs = createProducer({ redis: api.world.redis, prefix: api.world.queuePrefix, log: api.world.log });
  await jobs.send(recordsEmbed, {
    source: "flows",
    records: [
      { recordId: "a", contentHash: "1" },
      { recordId: "b", contentHash: "1" },
    ],
  });
  const { body } = await api.send("POST", "/query", { body: { query: question } });
  expect(body["coverage"]).toMatchObject({ pending: 2, complete: false });
  await jobs.close();
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

test("GET /anomalies, a day of the data, lists its failures", async () => {
  const { status, body } = await api.send("GET", "/anomalies?day=2026-05-05");
  expect([status, body["date"], (body["failures"] as unknown[]).length]).toEqual([200, "2026-05-05", 5]);
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

test("GET /runs/{id}, an id with any characters, is found", async () => {
  await api.store([run("a/b c?é%")]);
  expect((await api.send("GET", `/runs/${encodeURIComponent("flows:a/b c?é%")}`)).body["recordId"]).toBe("a/b c?é%");
});

test("POST /v1/logs, records of an exporter, are in the source's collection and on their way, and a second time the same", async () => {
  const pushing = await startLiveApi({ PUSH_SOURCE: "others" });
  const logRecord = { timeUnixNano: "1778025600000000000", severityNumber: 17, body: { stringValue: "disk full" }, traceId: "t1" };
  const body = {
    resourceLogs: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: "orders-daily" } }] },
        scopeLogs: [{ scope: { name: "x" }, logRecords: [logRecord, { body: { stringValue: "no time" } }] }],
      },
    ],
  };
  const answers = [await pushing.send("POST", "/v1/logs", { body }), await pushing.send("POST", "/v1/logs", { body })];
  expect(answers.map(({ status, body: said }) => [status, said])).toEqual(
    Array(2).fill([200, { partialSuccess: { rejectedLogRecords: "1", errorMessage: expect.any(String) as string } }]),
  );
  const documents = await pushing.world.source.collection("flow_monitoring").find().toArray();
  expect(documents).toEqual([
    expect.objectContaining({ pipeline_name: "orders-daily", status: "failed", error_message: "disk full", run_id: "t1" }),
  ]);
  expect((await pushing.send("GET", "/ingestion")).body["queues"]).toMatchObject({ "source.pull": { unfinished: 2 } });
  expect((await pushing.send("POST", "/v1/logs", { body, key: await pushing.newKey(["ingest"], ["flows"]) })).status).toBe(403);
  expect((await api.send("POST", "/v1/logs", { body })).status).toBe(409);
  expect(await pushing.world.lifecycle.close()).toBe(true);
});

test("reports, one that was written, are listed, read and shown without whom they went to", async () => {
  const reports = createReportStore(api.world.state);
  const window = {
    kind: "daily",
    date: "2026-05-05",
    zone: "Europe/Paris",
    from: new Date(0),
    to: new Date(1),
    dueAt: new Date(1),
    isFirst: true,
    isLate: false,
  } as const;
  const claimed = await reports.claim(window, { leaseUntil: new Date(Date.now() + 60_000), now: new Date() }, signal);
  const rendered = {
    slack: { message: { text: "t", blocks: [] }, thread: [] },
    email: { subject: "s", text: "t", html: '<p style="color:red">3 échecs</p><img src="cid:runs.png"><script>alert(1)</script>' },
    charts: [{ name: "runs.png", alt: "runs", png: new Uint8Array([137, 80, 78, 71]) }],
  };
  const parts = [{ route: { name: "ops", slack: ["C123"], email: ["ops@example.com"] }, rendered }];
  await reports.finish(reportId(window), claimed.state === "claimed" ? claimed.holder : "", { report: { failures: 3 }, parts }, new Date());
  const list = await api.send("GET", "/reports?kind=daily");
  expect(list.body["reports"]).toEqual([
    expect.objectContaining({ id: reportId(window), routes: ["ops"], from: "1970-01-01T00:00:00.000Z" }),
  ]);
  const figures = await api.send("GET", `/reports/${reportId(window)}.json`);
  expect(figures.body["report"]).toEqual({ failures: 3 });
  const page = await api.send("GET", `/reports/${reportId(window)}`);
  expect([page.status, page.headers.get("content-type"), page.text.includes("data:image/png;base64,iVBORw==")]).toEqual([
    200,
    "text/html; charset=utf-8",
    true,
  ]);
  expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'.*sandbox$/);
  expect([list.text, figures.text, page.text].some((text) => /C123|ops@example/.test(text))).toBe(false);
  for (const path of ["/reports/none", "/reports/none.json", `/reports/${reportId(window)}?route=none`])
    expect((await api.send("GET", path)).status).toBe(404);
  expect((await api.send("GET", "/reports", { key: await api.newKey(["query"], ["flows"]) })).status).toBe(403);
});
