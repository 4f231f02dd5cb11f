import { recordsEmbed } from "@flow-rag/contracts";
import {
  AppError,
  breakerLevels,
  packageVersion,
  createBreaker,
  keepLooks,
  untilAborted,
  within,
  type BreakerState,
  type Watched,
} from "@flow-rag/kernel";
import { createChatModel } from "@flow-rag/models";
import { createPendingRecords, createProducer, createQueueGate, openQueueTelemetry, openRedis } from "@flow-rag/queue";
import {
  answerQuestion,
  createEvidenceIndex,
  createGapReader,
  currentDoubts,
  deleteConversation,
  listAskedQuestions,
  listConversations,
  readConversation,
  replayConversation,
  searchRuns,
  type AnswerDeps,
  type QuestionAnswer,
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
  createRunMirror,
  createRunStore,
  createSourceHealthStore,
  createRunStream,
  createSettledCursors,
  createSignatureJoins,
  createSignatureList,
  createSignatureStore,
  createTokenBudget,
  createUsageStore,
  mongoLate,
  openMongo,
} from "@flow-rag/stores";
import { randomUUID } from "node:crypto";
import { createMorningList } from "./adapters/morning-list.js";
import { openOperation } from "./adapters/operation.js";
import { openPushTarget } from "./adapters/push-target.js";
import { openQueueBoard } from "./adapters/queue-board.js";
import { createReach, reachableJobs } from "./adapters/reachable-jobs.js";
import { createSourceStates } from "./adapters/source-states.js";
import { createSignatureStates } from "./adapters/signature-states.js";
import { openTeamSettings } from "./adapters/team-settings.js";
import { watchAnswers, watchChat } from "./adapters/watch-answers.js";
import type { Config } from "./config.js";
import type { ApiDeps } from "./serve.js";

/** What an answer may take beside its wording. */
const aroundTheModelMs = 15_000;
const warmWithinMs = 120_000;
/** An answer does without evidence rather than wait for it. */
const evidenceWithinMs = 2_500;
const countWithinMs = 2_500;
/** What is known of a source beside its runs: every question tells it. */
const keptLooksMs = 1_000;

/** The only file of this service that constructs the outside world. Rejects with an AppError when a part of it is missing. */
export async function openDeps({ config, lifecycle, log, tracing, metrics }: Watched<Config>): Promise<ApiDeps> {
  const zone = config.business.zone;
  const now = () => new Date();
  const version = packageVersion(new URL("../package.json", import.meta.url));
  const sources = config.sources.map(({ name }) => name);

  const readSettings = await openTeamSettings(config.report);
  const state = lifecycle.own("state", await openMongo(config.state.uri, "STATE_MONGO_URI"), (connection) => connection.close());
  const stateDb = state.db(config.state.db);
  // Questions are answered without Redis: it may come and go, also while we start.
  const redis = await openRedis({ url: config.queue.url, whenDown: "fail", mayBeDown: true, log, prefix: config.queue.prefix });
  lifecycle.own("redis", redis, (client) => client.disconnect());
  const connection = { redis, prefix: config.queue.prefix, telemetry: await openQueueTelemetry(tracing) };
  const producer = lifecycle.own("producer", createProducer({ ...connection, log }), (resource) => resource.close());
  const gate = lifecycle.own("queue gate", createQueueGate({ ...connection, log }), (resource) => resource.close());
  const breakers: Record<string, BreakerState> = {};
  const setBreaker = (dep: string, now: BreakerState) => {
    breakers[dep] = now;
    metrics.breakerState.set({ dep }, breakerLevels[now]);
  };
  for (const dep of ["chroma", "redis"]) setBreaker(dep, "closed");
  const reach = createReach(redis, (now) => setBreaker("redis", now));
  const queues = reachableJobs(reach, producer, gate);
  const board = openQueueBoard({ ...connection, log });
  lifecycle.own("queue board", board, (resource) => resource.close());
  const usage = lifecycle.own("usage", createUsageStore(stateDb), (store) => store.close());

  const push = config.push && (await openPushTarget(config.push, lifecycle));
  const budget = config.chat && createTokenBudget(stateDb, { perDay: config.chat.dailyTokens, zone, now });
  const chat =
    config.chat && lifecycle.own("chat model", watchChat(createChatModel(config.chat, budget), metrics), (model) => model.close());
  const facts = createRunFacts(stateDb);
  const capacity = config.runsMemoryBytes;
  const mirror =
    capacity > 0
      ? createRunMirror(stateDb, { facts, capacity, zone, log, onSize: (runs) => metrics.runsInMemory.set({}, runs) })
      : undefined;
  if (mirror) {
    lifecycle.own("runs in memory", mirror, (resource) => resource.close());
    // The service does not wait: until they are there the database answers, and it tries again by itself.
    mirror.refresh().catch((error: unknown) => log.warn({ err: AppError.from(error) }, "the runs cannot be read into memory yet"));
  }
  const deadLetters = createDeadLetterStore(stateDb);
  const setAside = keepLooks(keptLooksMs, (source: string) =>
    within(countWithinMs, (signal) => deadLetters.count(source, signal), [], mongoLate),
  );
  const sourceHealth = createSourceHealthStore(stateDb);
  const health = keepLooks(keptLooksMs, (source: string) =>
    within(countWithinMs, (signal) => sourceHealth.read(source, signal), [], mongoLate),
  );
  const evidence = createEvidenceIndex({
    states: createIndexStateStore(stateDb),
    joins: createSignatureJoins(stateDb),
    chromaUrl: config.index.url,
    embedder: config.embedder,
    log,
    // One question in five seconds tries: evidence is back that soon after a long silence too.
    breaker: createBreaker("Chroma", { failures: 3, maxPauseMs: 5_000, onState: (now) => setBreaker("chroma", now) }),
    answerWithinMs: evidenceWithinMs,
  });
  lifecycle.own("evidence", evidence, (resource) => resource.close());
  // Loading it takes seconds, which no question should wait for. Readiness waits, and no longer where it cannot be had.
  let warming = true;
  within(warmWithinMs, (signal) => evidence.warm(signal))
    .catch((error: unknown) => log.warn({ err: AppError.from(error) }, "the embedder cannot be loaded yet"))
    .finally(() => (warming = false));
  const conversations = createConversationStore(stateDb, config.retention.conversations);
  const queryLog = createQueryLogStore(stateDb, config.retention.queryLog);
  await Promise.all([conversations.ensureIndexes(), queryLog.ensureIndexes()]);
  const answers: AnswerDeps = {
    runs: mirror ?? facts,
    evidence,
    deadLetters: { count: (source, signal) => untilAborted(signal, setAside(source)) },
    health: { read: (source, signal) => untilAborted(signal, health(source)) },
    sources,
    conversations,
    queryLog,
    pending: createPendingRecords(queues.gate),
    gaps: createGapReader(),
    newId: randomUUID,
    zone,
    chat,
    now,
    log,
  };

  const { marker, isIdle } = queues.jobs;
  const cursors = createSettledCursors(createCursorStore(stateDb), { marker, isIdle: () => isIdle(recordsEmbed) });
  const sourceStates = createSourceStates({
    cursors,
    runs: createRunStore(stateDb),
    facts,
    deadLetters,
    health: createSourceHealthStore(stateDb),
  });
  const operation = openOperation({
    isWarming: () => warming,
    queues: { ...connection, log },
    selftest: {
      sources: config.sources,
      state,
      stateDb: config.state.db,
      redis,
      jobs: producer,
      index: config.index,
      embedder: config.embedder,
      chat,
      slack: config.slack,
      smtpUrl: config.mail.smtpUrl,
      zone,
      mayBeAlone: false,
      log,
    },
    sourceStates,
    doubts: (names, signal) => currentDoubts(answers, { sources: names, zone, now: now() }, signal),
    budget,
    breakers: () => breakers,
    metrics,
    version,
    graceMs: config.ops.graceMs,
    now,
    log,
  });
  lifecycle.own("operation", operation, (resource) => resource.close());

  return {
    now,
    version,
    mounts: [board.mount],
    zone,
    sources,
    publicUrl: config.http.publicUrl,
    maxWaiting: config.queue.maxWaiting,
    keys: createKeyStore(stateDb),
    usage,
    budget,
    count: (keyId, counters) => usage.count(keyId, now(), counters),
    redis: async ([command = "", ...args]) => await reach(() => redis.call(command, ...args)),
    questionWithinMs: config.chat && aroundTheModelMs + 1.25 * config.chat.totalMs,
    answer: watchAnswers<Parameters<ApiDeps["answer"]>, QuestionAnswer>(
      (question, signal, asker, onStage) => answerQuestion({ ...answers, ...(onStage && { onStage }) }, question, signal, asker),
      metrics,
    ),
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
    asked: (request, signal) => listAskedQuestions({ queryLog, now }, request, signal),
    runs: createRunList(stateDb),
    signatures: createSignatureStates(createSignatureList(stateDb), readSettings, now),
    metrics: createRunMetrics(stateDb),
    reports: createReportStore(stateDb),
    morning: createMorningList({ runs: createRunStream(stateDb), signatures: createSignatureStore(stateDb), zone, readSettings, now }),
    ...queues,
    push,
    sourceStates,
    operation: operation.operation,
  };
}
