import { request } from "node:http";
import { run, someRuns, startLiveApi, type LiveApi } from "./live-api.js";

let api: LiveApi;
beforeAll(async () => {
  api = await startLiveApi({ RATE_LIMIT_QUESTIONS: "0", RATE_LIMIT_READS: "0", RATE_LIMIT_JOBS: "0", PUSH_SOURCE: "others" });
  await api.store(someRuns());
});
afterAll(async () => expect(await api.world.lifecycle.close()).toBe(true));

const question = { query: "Combien d'échecs le 5 mai 2026 ?" };
const get = async (path: string) => (await api.send("GET", path)).status;
const post = async (path: string, body: unknown) => (await api.send("POST", path, { body })).status;

/** A request that fetch would not send. */
const raw = (method: string, path: string, headers: Record<string, string | string[]> = {}, body = "") =>
  new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const sent = request(api.base, { method, path, headers: { authorization: `Bearer ${api.admin}`, ...headers } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.once("error", reject);
    sent.end(body);
  });

test.each([
  ["/runs/%00", 404],
  ["/runs/%E0%A4%A", 400],
  ["/runs/..%2f..%2fetc%2fpasswd", 404],
  ["/assets/..%2f..%2fpackage.json", 400],
  ["/assets/docs.js%00.css", 400],
  ["/runs?error=%00", 200],
  ["/runs?error=a%00b%5B", 200],
  ["/runs?error=%CC%81", 200],
  ["/runs?pipeline=%00&tech=%EF%BF%BF", 200],
  ["/runs?limit=1&limit=2", 400],
  ["/runs?limit=1e1", 200],
  ["/runs?limit=Infinity", 400],
  ["/runs?from=0000-01-01&to=9999-12-31", 400],
  ["/runs?from=9999-12-31T23:59:59-18:00", 200],
  ["/runs?from=2026-05-05T24:00:00Z", 400],
  ["/runs?__proto__=1", 400],
  ["/runs?constructor[prototype]=1", 400],
  ["/signatures?from=0001-01-01", 400],
  ["/anomalies?day=0000-01-01", 400],
  ["/anomalies?day=9999-12-31", 400],
  ["/usage?to=0000-01-01", 400],
  ["/usage?from=9999-12-31&to=1971-01-01", 200],
  ["/reports/..%2F..%2Fx", 404],
  ["/conversations/..%2F..%2Fx", 400],
  ["/login?next=%2F%2Fevil.example", 400],
  ["/login?next=%2Fdocs%0D%0ASet-Cookie:a=b", 400],
  ["//evil.example/runs", 404],
  ["/runs;jsessionid=1", 404],
])("GET %s, is answered %i", async (path, status) => {
  expect((await raw("GET", path)).status).toBe(status);
});

test("methods that nobody uses, are refused with what is allowed", async () => {
  for (const method of ["TRACE", "PATCH", "PUT", "DELETE", "PROPFIND"]) {
    const { status, headers } = await raw(method, "/query");
    expect([method, status, headers["allow"]]).toEqual([method, 405, "POST, OPTIONS"]);
  }
});

test.each([
  ["text/plain", "application/json", 415],
  ["application/json; charset=utf-16", "{}", 400],
  ["application/json; charset=nonsense", "{}", 415],
  ["multipart/form-data; boundary=x", "--x--", 415],
  ["application/json, text/plain", "{}", 415],
  ["application/vnd.api+json", JSON.stringify(question), 200],
])("POST /query as %s, is answered as it should be", async (type, body, status) => {
  expect((await raw("POST", "/query", { "content-type": type }, body)).status).toBe(status);
});

test("POST /query, compressed or with two content types, is a 415 or reads the first", async () => {
  expect((await raw("POST", "/query", { "content-type": "application/json", "content-encoding": "gzip" }, "\u001f")).status).toBe(415);
  expect((await raw("POST", "/query", { "content-type": ["text/html", "application/json"] }, JSON.stringify(question))).status).toBe(415);
});

const long = (text: string) => text.repeat(Math.floor(2_000 / text.length));
test.each([
  ["lone surrogates", "échecs hier \ud800 \udfff"],
  ["nothing visible", "\u200b\u2060\u200b"],
  ["emoji alone", "🔥🔥🔥"],
  ["a text from right to left", "\u202eereih scehcé\u202c"],
  ["letters stacked with accents", `hier e${"\u0301".repeat(500)}checs`],
  ["one letter", long("a")],
  ["one digit", long("9")],
  ["many numbers", long("9 ")],
  ["many periods", long("du 1 au 2 mai et ")],
  ["many days", long("hier ")],
  ["many quotes", long("« \"'` ")],
  ["a pattern", "échecs hier contenant (a+)+$ [z-a] \\p{L}"],
  ["operators", 'échecs hier {"$where":"sleep(1000)"}'],
  ["NUL", "échecs\u0000hier"],
])("POST /query, a question of %s, is answered", async (_what, query) => {
  const { status, body } = await api.send("POST", "/query", { body: { query, debug: true } });
  expect([status, typeof body["answer"], status === 200 || body["kind"]]).toEqual([200, "string", true]);
});

test("POST /bi/query, odd zones and breakdowns, are figures or a 400", async () => {
  const ask = (body: object) => post("/bi/query", { metrics: ["runs"], dimensions: ["day"], ...body });
  for (const zone of ["+01:00", "Etc/GMT+5", "UTC", "europe/paris"])
    expect([zone, [200, 400].includes(await ask({ zone }))]).toEqual([zone, true]);
  for (const zone of ["", "Mars/Olympus", "../etc", "posix/UTC\u0000"]) expect([zone, await ask({ zone })]).toEqual([zone, 400]);
  expect(await ask({ dimensions: ["day", "day"] })).toBe(400);
  expect(await ask({ filter: { error: "\u0000(" } })).toBe(200);
  expect(await ask({ filter: { min_duration: 5, max_duration: 1 } })).toBeLessThan(500);
});

test("GET /runs, a cursor that was changed, is of one's own runs or refused", async () => {
  const cursorOf = (text: string) => Buffer.from(text).toString("base64url");
  const key = await api.newKey(["query"], ["flows"]);
  const page = async (cursor: string) => await api.send("GET", `/runs?limit=500&cursor=${cursor}`, { key });
  const ahead = await page(cursorOf("1~999999999999999~others:secret-tenant"));
  expect([ahead.status, ahead.text.includes("secret-tenant")]).toEqual([200, false]);
  for (const wrong of ["1~1", "1~x~y", "2~1~a", "1~9999999999999999~a", `1~1~${"a".repeat(1_200)}`, '1~1~{"$gt":""}'].map(cursorOf)) {
    const { status } = await page(wrong);
    expect([wrong, status === 400 || status === 200]).toEqual([wrong, true]);
  }
  for (const wrong of ["%00", "a", "..", "MX4xfmE=", "%F0%9F%94%A5"]) expect([wrong, (await page(wrong)).status]).toEqual([wrong, 400]);
});

test("POST /v1/logs, times and values beyond measure, are rejected one by one", async () => {
  const send = (logRecord: object) =>
    api.send("POST", "/v1/logs", {
      body: {
        resourceLogs: [{ scopeLogs: [{ logRecords: [{ attributes: [{ key: "pipeline", value: { stringValue: "a" } }], ...logRecord }] }] }],
      },
    });
  // A time to come is a record like any other: ingestion marks it.
  const answers = new Map<string | number, string | number | undefined>([
    ["99999999999999999999", undefined],
    ["0", "1"],
    [1e300, "1"],
  ]);
  for (const [timeUnixNano, expected] of answers) {
    const { status, body } = await send({ timeUnixNano });
    const rejected = (body["partialSuccess"] as { rejectedLogRecords?: string } | undefined)?.rejectedLogRecords;
    expect([timeUnixNano, status === 200 ? rejected : status]).toEqual([timeUnixNano, expected]);
  }
  expect((await send({ timeUnixNano: -1 })).status).toBe(400);
  expect(
    (
      await send({
        timeUnixNano: "1778025600000000000",
        attributes: [
          { key: "pipeline", value: { stringValue: "a\u0000.$b" } },
          { key: "__proto__", value: { stringValue: "x" } },
        ],
      })
    ).status,
  ).toBe(200);
});

test("conversations, an id of another key and one that is no id, give nothing away", async () => {
  const [mine, yours] = [await api.newKey(["query"]), await api.newKey(["query"])];
  await api.send("POST", "/query", { key: mine, body: { ...question, conversation_id: "shared" } });
  const other = await api.send("POST", "/query", { key: yours, body: { query: "et sur Talend ?", conversation_id: "shared" } });
  expect([other.status, other.body["continued"]]).toEqual([200, false]);
  for (const conversation_id of ["", "a b", "../x", "a\u0000", "x".repeat(200), { $ne: "" }])
    expect([conversation_id, await post("/query", { ...question, conversation_id })]).toEqual([conversation_id, 400]);
});

test("a page that a browser opens without a session, whatever its address, leads to the form", async () => {
  const open = async (path: string) => {
    const response = await fetch(`${api.base}${path}`, { headers: { accept: "text/html" }, redirect: "manual" });
    const next = response.headers.get("location") ?? "";
    return [response.status, next, (await fetch(`${api.base}${next}`)).status];
  };
  expect(await open("/admin/queues/queue/source.pull?status=failed")).toEqual([303, expect.stringMatching(/^\/login\?next=%2Fadmin/), 200]);
  expect(await open("/admin/queues/?q=a:b'\"<script>")).toEqual([303, "/login", 200]);
  expect(await open(`/admin/queues/?q=${"a".repeat(400)}`)).toEqual([303, "/login", 200]);
});

test("an id with line breaks and markup, comes back as text alone", async () => {
  await api.store([run("a\r\nSet-Cookie: x=1\r\n\r\n<script>alert(1)</script>")]);
  const { status, headers, text } = await api.send(
    "GET",
    `/runs/${encodeURIComponent("flows:a\r\nSet-Cookie: x=1\r\n\r\n<script>alert(1)</script>")}`,
  );
  expect([status, headers.get("set-cookie"), headers.get("content-type"), text.includes("\\r\\nSet-Cookie")]).toEqual([
    200,
    null,
    "application/json; charset=utf-8",
    true,
  ]);
  expect(await get("/health")).toBe(200);
});
