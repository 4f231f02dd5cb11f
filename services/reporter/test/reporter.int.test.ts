import { reportWrite, type Run } from "@flow-rag/contracts";
import { DateTime } from "@flow-rag/kernel";
import { createProducer } from "@flow-rag/queue";
import { createDeliveryStore, createReportStore, createRunStore } from "@flow-rag/stores";
import { waitFor } from "@flow-rag/testing";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { reporterEnv, startReporter, stopReporter } from "./reporters.js";
import { freshWorld } from "./world.js";

jest.setTimeout(120_000);

const signal = new AbortController().signal;
const hourMs = 3_600_000;
const world = freshWorld();

const everywhere = () => ({
  ...reporterEnv(world()),
  DELIVERY_TIMEOUT: "10s",
  SLACK_BOT_TOKEN: "xoxb-test",
  SLACK_CHANNELS: "C0TEST",
  MAIL_TO: "anna@example.org",
  BUSINESS_TZ: "UTC",
});
const ended = (count: number) =>
  waitFor(
    async () => {
      const deliveries = await createDeliveryStore(world().state).list(10, signal);
      return deliveries.length === count && deliveries.every(({ endedAt }) => endedAt !== null) ? deliveries : undefined;
    },
    "the end of the deliveries",
    60_000,
  );
const today = () => DateTime.now().setZone("UTC").toFormat("yyyy-MM-dd");

async function ask(date: string, due = DateTime.now()): Promise<void> {
  const jobs = createProducer({ redis: world().redis, prefix: world().queuePrefix, log: world().log });
  await jobs.send(reportWrite, { kind: "daily", date, zone: "UTC", dueAt: due.toJSDate().toISOString() });
  await jobs.close();
}

const run = (index: number): Run => ({
  source: "flows",
  recordId: String(index),
  pipeline: "commandes-quotidien",
  tech: "Spark",
  status: index % 5 === 0 ? "failed" : "success",
  rawStatus: "x",
  ts: new Date(Date.now() - index * hourMs),
  durationMs: 60_000,
  error: index % 5 === 0 ? "disk full <!channel>" : null,
  environment: null,
  owner: null,
  runRef: null,
  recordsProcessed: null,
  signature: index % 5 === 0 ? "sig-a" : null,
  contentHash: "h",
  fingerprint: "f",
  indexedAt: new Date(),
});

test("the reporter, its time came a minute ago while it was down, writes from the runs, archives, sends and tells the watchdog", async () => {
  let beats = 0;
  const watchdog = createServer((_request, response) => void ((beats += 1), response.end())).listen(0, "127.0.0.1");
  world().lifecycle.own("watchdog", watchdog, (server) => server.close());
  await once(watchdog, "listening");
  await createRunStore(world().state).upsert(Array.from({ length: 48 }, (_, index) => run(index + 1)));
  await createReportStore(world().state).knownSince("daily", new Date(0), signal);
  const due = DateTime.now().setZone("UTC").minus({ minutes: 1 });
  const reporter = await startReporter(
    {
      ...everywhere(),
      REPORT_CRON: `${due.minute} ${due.hour} * * *`,
      REPORT_HEARTBEAT_URL: `http://127.0.0.1:${(watchdog.address() as AddressInfo).port}/ping`,
    },
    "real",
  );
  const deliveries = await ended(2);
  expect(deliveries.map(({ channel, state }) => `${channel} ${state}`).sort()).toEqual(["email sent", "slack sent"]);

  const [main] = world().slack.posts;
  expect(main?.text).toMatch(/échec/);
  expect(main?.fields["blocks"]).not.toContain("<!channel>");
  expect(world().slack.posts.filter(({ thread }) => thread === undefined)).toHaveLength(1);
  expect(world().mail.mails).toHaveLength(1);
  const archived = await createReportStore(world().state).read(`daily-${due.toFormat("yyyy-MM-dd")}-utc`, signal);
  expect(archived).toMatchObject({ isFirst: true, isLate: false, report: { version: 1, kind: "daily" } });
  expect(archived?.to.toISOString()).toBe(due.startOf("minute").toUTC().toISO());
  expect(archived?.parts[0]?.rendered.email.html).toContain("commandes-quotidien");
  await waitFor(async () => (beats > 0 ? true : undefined), "the heartbeat");
  expect(await stopReporter(reporter)).toEqual([0, null]);
  expect(beats).toBe(1);
});

test("the reporter, SIGTERM while Slack keeps it waiting, drains, and the next one finds the message instead of repeating it", async () => {
  const env = { ...everywhere(), MAIL_TO: "", DELIVERY_TIMEOUT: "2s" };
  world().slack.fail("C0TEST", ["hang-after"]);
  const first = await startReporter(env);
  const posted = world().slack.nextPost();
  await ask(today());
  await posted;
  expect(await stopReporter(first)).toEqual([0, null]);
  const second = await startReporter(env);
  expect(await ended(1)).toMatchObject([{ state: "sent", parts: [{ name: "main", receipt: { ts: world().slack.posts[0]?.ts } }, {}, {}] }]);
  expect(world().slack.posts.filter(({ thread }) => thread === undefined)).toHaveLength(1);
  expect(world().slack.uploads).toMatchObject([{ shared: true, thread: world().slack.posts[0]?.ts }]);
  expect(await stopReporter(second)).toEqual([0, null]);
});

test("the reporter, runs that come after the report of their time, names them in the next one and once", async () => {
  const runs = createRunStore(world().state);
  const reports = createReportStore(world().state);
  const came = (index: number, at: Date): Run => ({ ...run(index), indexedAt: at, firstIndexedAt: at, statusSince: at });
  const told = async (days: number) => {
    const date = DateTime.now().setZone("UTC").plus({ days }).toFormat("yyyy-MM-dd");
    await ask(date, DateTime.now().plus({ seconds: days + 1 }));
    const written = await waitFor(() => reports.read(`daily-${date}-utc`, signal), `the report of ${date}`, 60_000);
    return written as typeof written & { report: { all: { figures: { runs: number }; late: unknown } } };
  };
  await runs.upsert(Array.from({ length: 20 }, (_, index) => came(index + 1, new Date(Date.now() - hourMs / 2))));
  const reporter = await startReporter({ ...everywhere(), MAIL_TO: "" }, "real");
  expect((await told(0)).report.all).toMatchObject({ figures: { runs: 20 }, late: null });
  await runs.upsert(
    [came(30, new Date()), came(31, new Date()), came(1, new Date(Date.now() - hourMs / 2))].map((one, index) =>
      index < 2 ? { ...one, ts: new Date(Date.now() - 2 * hourMs) } : one,
    ),
  );
  const next = await told(1);
  expect(next.report.all.late).toMatchObject({
    runs: 2,
    failures: 1,
    pipelines: [{ pipeline: "commandes-quotidien", runs: 2, failures: 1 }],
  });
  expect(next.parts[0]?.rendered.email.text).toContain("ARRIVÉS APRÈS COUP");
  expect(JSON.stringify(next.parts[0]?.rendered.slack)).toContain("Arrivés après coup");
  expect((await told(2)).report.all.late).toMatchObject({ runs: 0, failures: 0, pipelines: [] });
  expect(await stopReporter(reporter)).toEqual([0, null]);
});

test("the reporter, nothing set up for sending, archives the report", async () => {
  const { SMTP_URL: _none, MAIL_FROM: _nobody, ...env } = reporterEnv(world());
  const reporter = await startReporter(env);
  await ask(today());
  const [written] = await waitFor(
    async () => {
      const reports = await createReportStore(world().state).list(2, signal);
      return reports.length > 0 ? reports : undefined;
    },
    "the report",
    30_000,
  );
  expect(written).toMatchObject({ id: `daily-${today()}-utc`, isFirst: true });
  expect(await createDeliveryStore(world().state).list(10, signal)).toEqual([]);
  expect(await stopReporter(reporter)).toEqual([0, null]);
});

test("the reporter, eight at once, write and send one report", async () => {
  const reporters = await Promise.all(Array.from({ length: 8 }, () => startReporter({ ...everywhere(), MAIL_TO: "" })));
  await ask(today());
  expect(await ended(1)).toMatchObject([{ state: "sent", attempts: 1 }]);
  expect(world().slack.posts.filter(({ thread }) => thread === undefined)).toHaveLength(1);
  expect(await Promise.all(reporters.map(stopReporter))).toEqual(reporters.map(() => [0, null]));
});
