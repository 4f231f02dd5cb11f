import type { Runtime } from "@flow-rag/kernel";
import { createProducer, createQueueGate, openRedis } from "@flow-rag/queue";
import {
  answerQuestion,
  createEvidenceIndex,
  deleteConversation,
  listConversations,
  readConversation,
  replayConversation,
  searchRuns,
  type AnswerDeps,
} from "@flow-rag/rag";
import {
  createConversationStore,
  createCursorStore,
  createDeadLetterStore,
  createIndexStateStore,
  createKeyStore,
  createQueryLogStore,
  createReportStore,
  createRunFacts,
  createRunList,
  createRunMetrics,
  createRunStore,
  createRunStream,
  createSignatureList,
  createUsageStore,
  openMongo,
  pingVectorStore,
} from "@flow-rag/stores";
import { randomUUID } from "node:crypto";
import { createMorningList } from "./adapters/morning-list.js";
import { createPendingRecords } from "./adapters/pending-records.js";
import { openPushTarget } from "./adapters/push-target.js";
import { reachableJobs } from "./adapters/reachable-jobs.js";
import { createSourceStates } from "./adapters/source-states.js";
import type { Config } from "./config.js";
import type { ApiDeps } from "./serve.js";

/** The only file of this service that constructs the outside world. Rejects with an AppError when a part of it is missing. */
export async function openDeps({ config, lifecycle, log }: Runtime<Config>): Promise<ApiDeps> {
  const zone = config.business.zone;
  const now = () => new Date();
  const sources = config.sources.map(({ name }) => name);

  const state = lifecycle.own("state", await openMongo(config.state.uri, "STATE_MONGO_URI"), (connection) => connection.close());
  const stateDb = state.db(config.state.db);
  // Questions are answered without Redis: it may come and go, also while we start.
  const redis = await openRedis({ url: config.queue.url, whenDown: "fail", mayBeDown: true, log });
  lifecycle.own("redis", redis, (client) => client.disconnect());
  const connection = { redis, prefix: config.queue.prefix };
  const producer = lifecycle.own("producer", createProducer({ ...connection, log }), (resource) => resource.close());
  const gate = lifecycle.own("queue gate", createQueueGate({ ...connection, log }), (resource) => resource.close());
  const queues = reachableJobs(redis, producer, gate);
  const usage = lifecycle.own("usage", createUsageStore(stateDb), (store) => store.close());

  const push = config.push && (await openPushTarget(config.push, lifecycle));
  const runFacts = createRunFacts(stateDb);
  const deadLetters = createDeadLetterStore(stateDb);
  const evidence = createEvidenceIndex({
    states: createIndexStateStore(stateDb),
    chromaUrl: config.index.url,
    embedder: config.embedder,
    log,
  });
  lifecycle.own("evidence", evidence, (resource) => resource.close());
  const conversations = createConversationStore(stateDb, config.retention.conversations);
  const queryLog = createQueryLogStore(stateDb, config.retention.queryLog);
  await Promise.all([conversations.ensureIndexes(), queryLog.ensureIndexes()]);
  const answers: AnswerDeps = {
    runs: runFacts,
    evidence,
    deadLetters,
    sources,
    conversations,
    queryLog,
    pending: createPendingRecords(queues.gate),
    newId: randomUUID,
    zone,
    now,
    log,
  };

  return {
    now,
    version: "0.1.0",
    zone,
    sources,
    maxWaiting: config.queue.maxWaiting,
    keys: createKeyStore(stateDb),
    usage,
    count: (keyId, counters) => usage.count(keyId, now(), counters),
    redis: async ([command = "", ...args]) => await redis.call(command, ...args),
    answer: (question, signal, asker) => answerQuestion(answers, question, signal, asker),
    search: (request, signal, asker) => searchRuns(answers, request, signal, asker),
    chat: (texts, signal, asker) => {
      const replayed = { ...answers, conversations: replayConversation(answers, texts.slice(0, -1), asker.sources) };
      return answerQuestion(replayed, { query: texts.at(-1) ?? "", top_k: 8, conversation_id: "chat" }, signal, asker);
    },
    conversations: {
      list: (limit, asker, signal) => listConversations({ conversations, now }, { limit }, asker, signal),
      read: (id, asker, signal) => readConversation({ conversations, now }, id, asker, signal),
      remove: (id, asker) => deleteConversation({ conversations }, id, asker),
    },
    runs: createRunList(stateDb),
    signatures: createSignatureList(stateDb),
    metrics: createRunMetrics(stateDb),
    reports: createReportStore(stateDb),
    morning: createMorningList({ runs: createRunStream(stateDb), zone }),
    ...queues,
    push,
    sourceStates: createSourceStates({ cursors: createCursorStore(stateDb), runs: createRunStore(stateDb), deadLetters }),
    checks: {
      mongodb: async (signal) => void (await runFacts.latest(signal)),
      chroma: async (signal) => {
        if (!(await pingVectorStore(config.index.url, signal))) throw new Error("no answer");
      },
    },
  };
}
