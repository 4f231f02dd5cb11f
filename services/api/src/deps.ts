import type { Runtime } from "@flow-rag/kernel";
import { answerQuestion, createEvidenceIndex, type AnswerDeps } from "@flow-rag/rag";
import {
  createConversationStore,
  createDeadLetterStore,
  createIndexStateStore,
  createQueryLogStore,
  createRunFacts,
  openMongo,
  pingVectorStore,
} from "@flow-rag/stores";
import { randomUUID } from "node:crypto";
import type { Config } from "./config.js";
import type { ApiDeps } from "./entry/http.js";

/** The only file of this service that constructs the outside world. Rejects with an AppError when a part of it is missing. */
export async function openDeps({ config, lifecycle, log }: Runtime<Config>): Promise<ApiDeps> {
  const state = lifecycle.own("state", await openMongo(config.state.uri, "STATE_MONGO_URI"), (connection) => connection.close());
  const stateDb = state.db(config.state.db);
  const runs = createRunFacts(stateDb);
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
  const deps: AnswerDeps = {
    runs,
    evidence,
    deadLetters: createDeadLetterStore(stateDb),
    sources: [config.source.name],
    conversations,
    queryLog,
    newId: randomUUID,
    zone: config.business.zone,
    now: () => new Date(),
    log,
  };
  return {
    answer: (question, signal) => answerQuestion(deps, question, signal),
    checks: {
      mongodb: async (signal) => void (await runs.latest(signal)),
      chroma: async (signal) => {
        if (!(await pingVectorStore(config.index.url, signal))) throw new Error("no answer");
      },
    },
  };
}
