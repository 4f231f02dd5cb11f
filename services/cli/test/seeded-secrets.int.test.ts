import { reportWrite } from "@flow-rag/contracts";
import { freePort } from "@flow-rag/kernel";
import { createProducer } from "@flow-rag/queue";
import { createDeliveryStore, createKeyStore } from "@flow-rag/stores";
import { createHarness, draftOf, startChatServer, waitFor, type ChatRequest, type ChatServer, type Harness } from "@flow-rag/testing";
import { once } from "node:events";
import type { ChildProcess } from "node:child_process";
import { startMailServer, type MailServer } from "../../reporter/test/mail-server.js";
import { startSlackServer, type SlackServer } from "../../reporter/test/slack-server.js";
import { environmentOf, flowRag, killRunning, startServiceOf } from "./command-line.js";
import { configured, decodeMail, leaked, leaks, secretNames, secrets } from "./seeded-secrets.js";

jest.setTimeout(300_000);

const signal = new AbortController().signal;
let world: Harness;
let slack: SlackServer;
let mail: MailServer;
let chat: ChatServer;
beforeEach(async () => {
  world = await createHarness();
  slack = await startSlackServer();
  mail = await startMailServer({ login: { user: "relay", password: configured.smtp } });
  chat = await startChatServer();
});
afterEach(async () => {
  killRunning();
  await Promise.all([slack.close(), mail.close(), chat.close()]);
  expect(await world.lifecycle.close()).toBe(true);
});

/** A failed run for each secret, which is in every field that a record may carry text in, known or not. */
const records = () =>
  secretNames.map((name, index) => {
    const text = leaks[name];
    return {
      _id: `run-${index}`,
      pipeline_name: `load ${text}`,
      tech: `Spark ${text}`,
      status: index % 4 === 3 ? `KO ${text}` : "KO",
      error_message: `step failed: ${text}`,
      environment: `prod ${text}`,
      owner: `team ${text}`,
      run_id: `ref ${text}`,
      timestamp: new Date(Date.now() - (index + 1) * 600_000),
      tags: [text],
      metadata: { note: text, connection: { dsn: leaks.dsn } },
    };
  });

/** A record that is set aside: what is kept of it, and why, is a sink too. */
const unreadable = { _id: "run-bad", pipeline_name: { name: leaks.dsn }, status: "KO", error_message: leaks.mail, timestamp: leaks.jwt };

test("seeded secrets, in records, questions and configuration, reach no queue, index, state, model, log, Slack, mail, answer or metric", async () => {
  const sinks = new Map<string, string>();
  const put = (sink: string, text: string) => sinks.set(sink, (sinks.get(sink) ?? "") + text + "\n");
  const redisUrl = new URL(world.redisUrl);
  redisUrl.password = configured.redis; // a server without one takes any
  const ports = { api: await freePort(), producer: await freePort(), worker: await freePort(), reporter: await freePort() };
  const env: NodeJS.ProcessEnv = {
    ...environmentOf(world),
    REDIS_URL: redisUrl.href,
    LOG_LEVEL: "debug",
    BUSINESS_TZ: "UTC",
    LITELLM_API_BASE: chat.baseUrl,
    LITELLM_API_KEY: configured.llmKey,
    SLACK_API_URL: slack.apiUrl,
    SLACK_HOSTS: "127.0.0.1",
    SLACK_BOT_TOKEN: configured.slackToken,
    SLACK_CHANNELS: "C0TEST",
    SMTP_URL: mail.url,
    MAIL_FROM: "flow-rag <report@flow-rag.invalid>",
    MAIL_TO: "ops@flow-rag.invalid",
    REPORT_CRON: "off",
    DIGEST_CRON: "off",
    API_PORT: String(ports.api),
  };
  const children: ChildProcess[] = [];
  const start = async (name: keyof typeof ports) =>
    void children.push(await startServiceOf(name, { ...env, METRICS_PORT: String(ports[name]) }, (said) => put(`log of ${name}`, said)));
  let modelSays: (messages: ChatRequest["messages"]) => string = draftOf;
  chat.reply(({ messages }) => ({ text: modelSays(messages) || "…" }));

  await world.source.collection<{ _id: string }>("flow_monitoring").insertMany([...records(), unreadable] as never[]);
  await start("producer");
  await start("api");
  const { secret: key } = await createKeyStore(world.state).create(
    { name: "all", scopes: ["query", "ingest", "admin", "metrics"], sources: null, expiresAt: null },
    new Date(),
  );
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`http://127.0.0.1:${ports.api}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { "content-type": "application/json" }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    put("HTTP answers", `${response.status} ${JSON.stringify([...response.headers])} ${text}`);
    return { status: response.status, text };
  };
  // The queue, while everything waits in it and once it is done.
  await call("POST", "/ingestion", { mode: "backfill", wait: 10 });
  const dump = async () => put("queue", JSON.stringify(await dumpRedis(world)));
  await waitFor(
    async () => ((await world.redis.llen(`${world.queuePrefix}:records.embed:wait`)) > 0 ? true : undefined),
    "a batch",
    20_000,
  );
  await dump();
  await start("worker");
  const runs = world.state.collection("runs");
  await waitFor(async () => ((await runs.countDocuments()) === secretNames.length ? true : undefined), "the runs", 60_000);
  await call("GET", "/admin/queues/api/queues?activeQueue=records.embed&status=completed");
  // Questions that hold secrets themselves, answered by a model that repeats whatever it reads.
  const all = Object.values(leaks).join(" ");
  const questions = [
    "Quelles technos ont échoué aujourd’hui ?",
    "dernières erreurs ces 24 dernières heures",
    ...Object.values(leaks).map((text) => `échecs ces 24 dernières heures avec ${text}`),
  ];
  for (const [index, query] of questions.entries()) {
    modelSays = index % 2 === 0 ? draftOf : (messages) => messages.map(({ content }) => content).join("\n");
    await call("POST", "/query", { query, conversation_id: "s1", debug: true });
  }
  modelSays = draftOf;
  await call("POST", "/query", { query: questions[1] }, { accept: "text/event-stream" });
  await call("POST", "/search", { query: all.slice(0, 1_900) });
  await call("POST", "/v1/chat/completions", {
    messages: [{ role: "user", content: `échecs de ce jour ${all.slice(0, 1_500)}` }],
    stream: true,
  });
  await call("POST", "/query", { [all]: 1 });
  await call("POST", "/bi/query", { metrics: [all] });
  await call("GET", `/runs?pipeline=${encodeURIComponent(leaks.dsn)}`);
  await call("GET", `/${encodeURIComponent(leaks.mail)}?token=${secrets.github}`);
  await call("GET", "/conversations");
  for (const path of [
    "/conversations/s1",
    "/runs?limit=100",
    "/runs/flows%3Arun-0",
    "/signatures",
    "/anomalies",
    "/bi/export?format=csv",
    "/bi/export?format=ndjson",
    "/bi/databases",
    "/usage",
    "/status",
    "/ingestion",
    "/health",
    "/ready",
    "/openapi.json",
  ])
    await call("GET", path);
  await call("POST", "/bi/query", { metrics: ["runs"], dimensions: ["pipeline", "tech"] });
  await call("POST", "/admin/selftest");
  // The morning report, to Slack and by mail.
  await start("reporter");
  const jobs = createProducer({ redis: world.redis, prefix: world.queuePrefix, log: world.log });
  const dueAt = new Date().toISOString();
  await jobs.send(reportWrite, { kind: "daily", date: dueAt.slice(0, 10), zone: "UTC", dueAt });
  await jobs.close();
  await waitFor(
    async () => {
      const deliveries = await createDeliveryStore(world.state).list(10, signal);
      return deliveries.length === 2 && deliveries.every(({ state }) => state === "sent") ? true : undefined;
    },
    "the deliveries",
    90_000,
  );
  const reports = JSON.parse((await call("GET", "/reports")).text) as { reports: { id: string }[] };
  for (const path of ["", ".json"]) await call("GET", `/reports/${reports.reports[0]?.id}${path}`);
  for (const path of ["", "?route=default"])
    await call("GET", `/reports/${reports.reports[0]?.id}${path}`, undefined, { accept: "text/html" });
  // What operators see in a terminal, and a service that cannot start.
  for (const args of [["dead-letters", "list"], ["doctor"], ["query", questions[1] ?? ""]]) {
    const { stdout, stderr } = await flowRag(args, env, { cwd: "." });
    put("terminal", stdout + stderr);
  }
  const broken = { ...env, MONGO_URI: `mongodb://reader:${secrets.dsn}@127.0.0.1:1/?serverSelectionTimeoutMS=500`, API_PORT: "x" };
  await expect(startServiceOf("api", broken, (said) => put("log of api", said))).rejects.toThrow("did not start");
  await expect(startServiceOf("worker", broken, (said) => put("log of worker", said))).rejects.toThrow("did not start");
  for (const [name, port] of Object.entries(ports)) {
    const url = `http://127.0.0.1:${port}/metrics`;
    put("metrics", await (await fetch(url, { headers: { authorization: `Bearer ${key}` } })).text());
    if (name !== "api") put("metrics", await (await fetch(url.replace("/metrics", "/health"))).text());
  }
  await dump();
  for (const collection of await world.state.collections()) put("state", JSON.stringify(await collection.find().toArray()));
  put("index", await dumpChroma(world));
  put("LLM requests", JSON.stringify(chat.requests.map(({ messages }) => messages)));
  put("Slack", JSON.stringify([slack.posts, slack.uploads]));
  put("mail", mail.mails.map(({ raw }) => raw + decodeMail(raw)).join("\n"));
  for (const child of children.reverse()) {
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  }
  // Each sink was really written to: a placeholder stands where a secret was.
  for (const sink of ["index", "state", "LLM requests", "Slack", "mail", "HTTP answers", "terminal"])
    expect([
      sink,
      /<(?:CREDENTIALS|TOKEN|EMAIL|IBAN|KEY|SECRET)_\d+>|&lt;(?:CREDENTIALS|TOKEN|EMAIL)_\d+&gt;/.test(sinks.get(sink) ?? ""),
    ]).toEqual([sink, true]);
  expect(sinks.get("queue")).toMatch(/run-0.*run-9/s);
  expect(sinks.get("metrics")).toMatch(/flowrag_redactions_total\{type="EMAIL"\} [1-9]/);
  for (const name of Object.keys(ports)) expect(sinks.get(`log of ${name}`)).toContain('"msg":"ready"');
  const ownKey = key.split("_")[2] ?? "";
  const found = [...sinks].map(([sink, text]) => [sink, [...leaked(text), ...(text.includes(ownKey) ? ["API key"] : [])]] as const);
  expect(found).toEqual(found.map(([sink]) => [sink, []]));
});

test("leaked, a text with each secret as it stands, names it", () => {
  for (const name of secretNames) expect(leaked(`… ${leaks[name]} …`)).toContain(name);
  expect(leaked(encodeURIComponent(leaks.mail))).toEqual(["mail"]);
  expect(leaked(leaks.mail.replace("example", "exam=\r\nple"))).toEqual(["mail"]);
});

/** Everything under the world's prefix, whatever its type. */
async function dumpRedis({ redis, queuePrefix }: Harness): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const keys of redis.scanStream({ match: `${queuePrefix}:*` })) {
    for (const key of keys as string[]) {
      const read = {
        string: () => redis.get(key),
        hash: () => redis.hgetall(key),
        list: () => redis.lrange(key, 0, -1),
        set: () => redis.smembers(key),
        zset: () => redis.zrange(key, "0", "-1"),
        stream: () => redis.xrange(key, "-", "+"),
      }[await redis.type(key)];
      found.push([key, await read?.()]);
    }
  }
  return found;
}

/** Documents and metadata of the world's collections. Source: Chroma's HTTP API, version 2. */
async function dumpChroma({ chromaUrl, indexPrefix }: Harness): Promise<string> {
  const base = `${chromaUrl}/api/v2/tenants/default_tenant/databases/default_database/collections`;
  const collections = (await (await fetch(`${base}?limit=1000`)).json()) as { id: string; name: string }[];
  const own = collections.filter(({ name }) => name.startsWith(indexPrefix));
  const texts = own.map(async ({ id }) => {
    const body = JSON.stringify({ include: ["documents", "metadatas"] });
    return await (await fetch(`${base}/${id}/get`, { method: "POST", headers: { "content-type": "application/json" }, body })).text();
  });
  return (await Promise.all(texts)).join("\n");
}
