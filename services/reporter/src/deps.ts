import type { DeliveryChannel } from "@flow-rag/contracts";
import type { Watched } from "@flow-rag/kernel";
import { createChatModel } from "@flow-rag/models";
import { createMailOutlet, createSlackOutlet, createWebhookOutlet, type Outlet } from "@flow-rag/outlets";
import { closeRedis, createPendingRecords, createQueueGate, openRedis } from "@flow-rag/queue";
import { createProse } from "@flow-rag/report";
import {
  createDeadLetterStore,
  createDeliveryStore,
  createReportStore,
  createRunFacts,
  createRunStream,
  createSignatureStore,
  createSourceHealthStore,
  createTokenBudget,
  openMongo,
} from "@flow-rag/stores";
import { createHeartbeat } from "./adapters/heartbeat.js";
import { createReportContent } from "./adapters/report-content.js";
import type { Config } from "./config.js";
import type { WriteContent } from "./domain/write-report.js";
import type { ReporterDeps } from "./serve.js";
import { isSlackAddress } from "@flow-rag/contracts";

/** The only file of this service that constructs the outside world. `write` computes and renders a report; the real way unless given. */
export async function openDeps({ config, lifecycle, log }: Watched<Config>, write?: WriteContent): Promise<ReporterDeps> {
  const state = lifecycle.own("state", await openMongo(config.state.uri, "STATE_MONGO_URI"), (connection) => connection.close());
  const db = state.db(config.state.db);
  const [reports, deliveries] = [createReportStore(db), createDeliveryStore(db)];
  await Promise.all([reports.ensureIndexes(), deliveries.ensureIndexes()]);
  const { url, prefix } = config.queue;
  const redis = lifecycle.own("redis for counts", await openRedis({ url, whenDown: "fail", log }), closeRedis);
  const gate = lifecycle.own("queue counts", createQueueGate({ redis, prefix, log }), (resource) => resource.close());
  const stores = {
    runs: createRunStream(db),
    facts: createRunFacts(db),
    signatures: createSignatureStore(db),
    deadLetters: createDeadLetterStore(db),
    health: createSourceHealthStore(db),
    reports,
  };
  const now = () => new Date();
  const budget = config.chat && createTokenBudget(db, { perDay: config.chat.dailyTokens, zone: config.business.zone, now });
  const chat = config.chat && lifecycle.own("language model", createChatModel(config.chat, budget), (model) => model.close());
  const prose = createProse({ chat, log });
  return {
    reports,
    deliveries,
    write: write ?? (await createReportContent({ config, stores, prose, pending: createPendingRecords(gate), log })),
    outlets: openOutlets(config),
    announce: createHeartbeat(config.delivery.heartbeatUrl, log),
    now,
  };
}

function openOutlets({ slack, mail, delivery: { timeoutMs } }: Config): Partial<Record<DeliveryChannel, Outlet>> {
  const isTrusted = (url: string) => isSlackAddress(url, slack.hosts);
  return {
    ...(slack.token !== undefined && { slack: createSlackOutlet({ token: slack.token, apiUrl: slack.apiUrl, timeoutMs, isTrusted }) }),
    ...(slack.webhookUrl !== undefined && { webhook: createWebhookOutlet({ url: slack.webhookUrl, timeoutMs }) }),
    ...(mail.smtpUrl !== undefined &&
      mail.from && {
        email: createMailOutlet({
          smtpUrl: mail.smtpUrl,
          from: mail.from,
          unsubscribe: mail.unsubscribe ?? `mailto:${mail.from.address}?subject=unsubscribe`,
          timeoutMs,
        }),
      }),
  };
}
