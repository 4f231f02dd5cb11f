import { createChatModel } from "@flow-rag/models";
import { createProducer, openRedis } from "@flow-rag/queue";
import { listChecks, runSelftest, type CheckResult } from "@flow-rag/rag";
import { openMongo } from "@flow-rag/stores";
import { openAddresses, type CommandContext } from "../deps.js";

/** `flow-rag doctor`: everything flow-rag needs, tried out. False when something is missing. */
export async function doctor(context: CommandContext, { json }: { json: boolean }): Promise<boolean> {
  const { config, lifecycle, log, terminal, signal } = context;
  const addresses = await openAddresses(context, ["redis", "mongo", "chroma"]);
  // What does not answer is a finding, not the end.
  const redis = await openRedis({ url: addresses.redisUrl, whenDown: "fail", mayBeDown: true, log });
  lifecycle.own("redis", redis, (client) => client.disconnect());
  const jobs = lifecycle.own("producer", createProducer({ redis, prefix: config.queue.prefix, log }), (resource) => resource.close());
  const state = lifecycle.own("state", await openMongo(addresses.stateUri, "STATE_MONGO_URI", { lazily: true }), (opened) =>
    opened.close(),
  );
  const chat = config.chat && lifecycle.own("chat model", createChatModel(config.chat), (model) => model.close());
  const checks = listChecks({
    sources: config.sources.map((source) => ({ ...source, uri: source.uri ?? addresses.mongoUri })),
    state,
    stateDb: config.state.db,
    redis,
    jobs,
    index: { url: addresses.chromaUrl, prefix: config.index.prefix },
    embedder: config.embedder,
    chat,
    slack: config.slack,
    smtpUrl: config.mail.smtpUrl,
    zone: config.business.zone,
    mayBeAlone: config.queue.url === undefined,
    log,
  });
  const show = (result: CheckResult) => describe(result, terminal.colors).forEach((line) => terminal.result(line));
  const found = await runSelftest(checks, { now: () => new Date(), ...(!json && { onResult: show }) }, signal);
  if (json) terminal.result(JSON.stringify(found));
  return found.status !== "fail";
}

const labels = { ok: "ok     ", warn: "warn   ", fail: "FAIL   ", skipped: "skipped" } as const;

function describe(
  { status, name, message, hint, ms }: CheckResult,
  { green, yellow, red, dim }: CommandContext["terminal"]["colors"],
): string[] {
  const paint = { ok: green, warn: yellow, fail: red, skipped: dim }[status];
  return [`${paint(labels[status])} ${name}: ${message} ${dim(`(${ms} ms)`)}`, ...(hint === undefined ? [] : [`        → ${hint}`])];
}
