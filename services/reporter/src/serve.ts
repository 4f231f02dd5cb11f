import { reportDeliver, reportWrite } from "@flow-rag/contracts";
import { DateTime, type Watched } from "@flow-rag/kernel";
import { closeRedis, createProducer, openQueueTelemetry, openRedis, startConsumer, startOps } from "@flow-rag/queue";
import type { DeliveryStore, ReportStore } from "@flow-rag/stores";
import type { Config } from "./config.js";
import type { DeliverReportDeps } from "./domain/deliver-report.js";
import type { DeliverySettings } from "./domain/delivery-targets.js";
import type { DueReport, Schedule } from "./domain/due-report.js";
import { lookForWork } from "./domain/look-for-work.js";
import type { WriteReportDeps } from "./domain/write-report.js";
import { handleReportDeliver } from "./entry/report-deliver.consumer.js";
import { handleReportWrite } from "./entry/report-write.consumer.js";
import { readCron, startTicks } from "./entry/report-ticks.js";

export type ReporterDeps = Pick<WriteReportDeps, "write" | "announce" | "now"> &
  Pick<DeliverReportDeps, "outlets"> & { readonly reports: ReportStore; readonly deliveries: DeliveryStore };

const variables = { daily: "REPORT_CRON", weekly: "DIGEST_CRON" } as const;
const kinds = ["daily", "weekly"] as const;
/** Slack shows a message it has accepted within that time: 5 s of 15 s. */
const settleShare = 1 / 3; // of the time it gets to answer
const atOnce = 2;

/** Binds entries to deps and starts taking work: first the queues, then the clock, then a first look at what was missed. */
export async function serve(runtime: Watched<Config>, deps: ReporterDeps): Promise<void> {
  const { config, lifecycle, log, metrics, tracing } = runtime;
  const { url, prefix, lockMs } = config.queue;
  const schedules = readSchedules(config);
  warnOfNightHours(schedules, log);
  const { catchUpMs } = config.schedule;
  const settings = settingsOf(config);
  const telemetry = await openQueueTelemetry(tracing);
  const redis = lifecycle.own("redis", await openRedis({ url, whenDown: "wait", log, prefix }), closeRedis);
  const producer = lifecycle.own("producer", createProducer({ redis, prefix, log, telemetry }), (resource) => resource.close());

  const sendReport = ({ dueAt, ...due }: DueReport) => producer.send(reportWrite, { ...due, dueAt: dueAt.toISOString() });
  const sendDeliveries = (ids: readonly string[]) =>
    producer.sendAll(
      reportDeliver,
      ids.map((delivery) => ({ delivery })),
    );
  const stop = new AbortController();
  const attemptMs = 2 * config.delivery.timeoutMs; // connecting and sending each have the time-out
  const options = { redis, prefix, lockMs, log, metrics, telemetry };
  const writing = { ...deps, settings, catchUpMs, leaseMs: 2 * lockMs, enqueue: sendDeliveries };
  const delivering: DeliverReportDeps = {
    ...deps,
    attemptMs,
    settleMs: settleShare * config.delivery.timeoutMs,
    giveUpMs: catchUpMs,
    stopping: stop.signal,
    onEnded: (channel, outcome) => metrics.deliveries.add({ channel, outcome }),
  };
  const consumers = [
    startConsumer(reportWrite, handleReportWrite(writing), { ...options, concurrency: 1 }),
    startConsumer(reportDeliver, handleReportDeliver(delivering), { ...options, concurrency: atOnce }),
  ];
  for (const consumer of consumers) lifecycle.own("consumer", consumer, (resource) => resource.close());
  lifecycle.own("deliveries under way", stop, (controller) => controller.abort());
  await Promise.all(consumers.map((consumer) => consumer.ready()));

  const look = async () => await lookForWork({ ...deps, sendReport, sendDeliveries, catchUpMs }, schedules, AbortSignal.timeout(60_000));
  const clocks = [
    ...schedules.map(({ kind, zone }) => ({ name: `${kind} report`, expression: config.schedule[kind], zone })),
    // What a tick missed: a time the clocks skipped, one that passed while no reporter ran, a delivery that waits.
    { name: "look for work", expression: "* * * * *", zone: "UTC" },
  ];
  for (const { name, ...clock } of clocks) {
    const onMissed = () => metrics.cronMissed.add({ task: name });
    lifecycle.own(name, startTicks({ ...clock, name, log, onMissed }, look), (ticks) => ticks.close());
  }
  await look();

  metrics.onScrape([metrics.reportLastSuccess], async (signal) => {
    const at = await deps.deliveries.lastSent(signal);
    if (at) metrics.reportLastSuccess.set({}, at.getTime() / 1_000);
  });
  await startOps(runtime, { redis, consumers, dependencies: { state: (signal) => deps.deliveries.lastSent(signal) } });
}

const readSchedules = ({ schedule, business: { zone } }: Config): Schedule[] =>
  kinds.filter((kind) => schedule[kind] !== "off").map((kind) => ({ kind, zone, fields: readCron(schedule[kind], variables[kind]) }));

const settingsOf = ({ slack, mail }: Config): DeliverySettings => ({
  slack: slack.token !== undefined ? "token" : slack.webhookUrl !== undefined ? "webhook" : null,
  slackChannels: slack.channels,
  email: mail.smtpUrl !== undefined,
  recipients: mail.to,
});

/** At these hours the clocks change: a report then comes an hour early or late on two nights a year. */
function warnOfNightHours(schedules: readonly Schedule[], log: Watched<Config>["log"]): void {
  for (const { kind, fields, zone } of schedules) {
    const isChanging = DateTime.local(2026, 1, 15, { zone }).offset !== DateTime.local(2026, 7, 15, { zone }).offset;
    const hour = Math.min(...fields.hour);
    if (isChanging && hour >= 1 && hour <= 3)
      log.warn({ variable: variables[kind], hour, zone }, "at this hour the clocks change twice a year");
  }
}
