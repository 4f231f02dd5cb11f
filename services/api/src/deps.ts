import type { Watched } from "@flow-rag/kernel";
import { createProducer, openQueueTelemetry, openRedis } from "@flow-rag/queue";
import { answerQuestion, createEvidenceIndex, type AnswerDeps } from "@flow-rag/rag";
import {
  createConversationStore,
  createDeadLetterStore,
  createIndexStateStore,
  createKeyStore,
  createQueryLogStore,
  createRunFacts,
  createUsageStore,
  openMongo,
  pingVectorStore,
} from "@flow-rag/stores";
import { randomUUID } from "node:crypto";
import { openQueueBoard } from "./adapters/queue-board.js";
import type { Config } from "./config.js";
import type { ApiDeps } from "./serve.js";

/** The only file of this service that constructs the outside world. Rejects with an AppError when a part of it is missing. */
export async function openDeps({ config, lifecycle, log, tracing }: Watched<Config>): Promise<ApiDeps> {
  const state = lifecycle.own("state", await openMongo(config.state.uri, "STATE_MONGO_URI"), (connection) => connection.close());
  const stateDb = state.db(config.state.db);
  // Questions are answered without Redis: it may come and go, also while we start.
  const redis = lifecycle.own("redis", await openRedis({ url: config.queue.url, whenDown: "fail", mayBeDown: true, log }), (client) => {
    client.disconnect();
  });
  const queues = { redis, prefix: config.queue.prefix, log, telemetry: await openQueueTelemetry(tracing) };
  const producer = lifecycle.own("producer", createProducer(queues), (resource) => resource.close());
  const sources = config.sources.map(({ name }) => name);
  const board = openQueueBoard({ ...queues, producer, sources, zone: config.business.zone });
  lifecycle.own("queue board", board, (resource) => resource.close());
  const usage = lifecycle.own("usage", createUsageStore(stateDb), (store) => store.close());
  const runs = createRunFacts(stateDb);
  const evidence = createEvidenceIndex({
    states: createIndexStateStore(stateDb),
    chromaUrl: config.index.url,
    embedder: config.embedder,
    log,
  });
  lifecycle.own("evidence", evidence, (resource) => resource.close());
  const now = () => new Date();
  const conversations = createConversationStore(stateDb, config.retention.conversations);
  const queryLog = createQueryLogStore(stateDb, config.retention.queryLog);
  await Promise.all([conversations.ensureIndexes(), queryLog.ensureIndexes()]);
  const deps: AnswerDeps = {
    runs,
    evidence,
    deadLetters: createDeadLetterStore(stateDb),
    sources: config.sources.map(({ name }) => name),
    conversations,
    queryLog,
    newId: randomUUID,
    zone: config.business.zone,
    now,
    log,
  };
  return {
    keys: createKeyStore(stateDb),
    count: (keyId, counters) => usage.count(keyId, now(), counters),
    redis: async ([command = "", ...args]) => await redis.call(command, ...args),
    now,
    version: "0.1.0",
    mounts: [board.mount],
    answer: (question, signal) => answerQuestion(deps, question, signal),
    checks: {
      mongodb: async (signal) => void (await runs.latest(signal)),
      chroma: async (signal) => {
        if (!(await pingVectorStore(config.index.url, signal))) throw new Error("no answer");
      },
    },
  };
}
