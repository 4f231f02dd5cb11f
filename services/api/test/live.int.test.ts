import { reportId } from "@flow-rag/contracts";
import { createReportStore } from "@flow-rag/stores";
import { run, signal, someRuns, startLiveApi, type LiveApi } from "./live-api.js";

let api: LiveApi;
beforeEach(async () => {
  api = await startLiveApi();
  await api.store(someRuns());
});
afterEach(async () => expect(await api.world.lifecycle.close()).toBe(true));

const question = "Combien d'échecs le 5 mai 2026 ?";

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
  const bytes = async (query: string) => {
    const response = await fetch(`${api.base}/bi/export?source=flows${query}`, { headers: { authorization: `Bearer ${api.admin}` } });
    return Buffer.from(await response.arrayBuffer())
      .subarray(0, 5)
      .toString("latin1");
  };
  expect([await bytes(""), await bytes("&bom=false")]).toEqual(["\xef\xbb\xbfid", "id,so"]);
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

test("GET /anomalies, a day of the data, lists its failures", async () => {
  const { status, body } = await api.send("GET", "/anomalies?day=2026-05-05");
  expect([status, body["date"], (body["failures"] as unknown[]).length]).toEqual([200, "2026-05-05", 5]);
});

test("GET /runs/{id}, an id with any characters, is found", async () => {
  await api.store([run("a/b c?é%")]);
  expect((await api.send("GET", `/runs/${encodeURIComponent("flows:a/b c?é%")}`)).body["recordId"]).toBe("a/b c?é%");
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
