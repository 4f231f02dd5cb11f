import { conversationId, question as questionSchema, type Language } from "@flow-rag/contracts";
import { AppError, parse } from "@flow-rag/kernel";
import { answerQuestion, createEvidenceIndex, type AnswerDeps } from "@flow-rag/rag";
import {
  createConversationStore,
  createDeadLetterStore,
  createIndexStateStore,
  createSignatureJoins,
  createQueryLogStore,
  createRunFacts,
  createSourceHealthStore,
  openMongo,
} from "@flow-rag/stores";
import { randomUUID } from "node:crypto";
import { openLanguageModel } from "../adapters/language-model.js";
import { openAddresses, type CommandContext } from "../deps.js";
import { withEvidence } from "../domain/with-evidence.js";
import { readNow, readQuestions } from "./read-questions.js";

type Options = { question: string; topK: number; now?: string; conversation?: string; lang?: Language; json: boolean };

/** `flow-rag query`: the API's own answer, without the API. Resolves to false when one of the questions could not be answered. */
export async function query(context: CommandContext, { question, now: nowText, json, ...options }: Options): Promise<boolean> {
  const { config, terminal, signal } = context;
  const asked = (text: string) => parse(questionSchema, requestOf(text, options), "question");
  if (options.conversation !== undefined) parse(conversationId, options.conversation, "--conversation");
  if (question !== "-") asked(question); // a question that cannot be asked starts no service
  const now = readNow(nowText, config.business.zone);
  const deps = await openAnswers(context, () => now ?? new Date());
  if (question !== "-") {
    const answer = await answerQuestion(deps, asked(question), signal);
    terminal.result(json ? JSON.stringify(answer) : withEvidence(answer));
    return true;
  }
  let failed = 0;
  for await (const text of readQuestions(question)) {
    try {
      const answer = await answerQuestion(deps, asked(text), signal);
      terminal.result(json ? JSON.stringify({ question: text, ...answer }) : withEvidence(answer));
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      const { kind, message } = AppError.from(thrown); // the other lines are answered all the same
      failed += 1;
      terminal.result(json ? JSON.stringify({ question: text, error: { kind, message } }) : `${kind}: ${message}`);
    }
  }
  return failed === 0;
}

const requestOf = (text: string, { topK, conversation, lang }: Pick<Options, "topK" | "conversation" | "lang">) => ({
  query: text,
  top_k: topK,
  ...(conversation !== undefined && { conversation_id: conversation }),
  ...(lang && { language: lang }),
});

async function openAnswers(context: CommandContext, now: () => Date): Promise<AnswerDeps> {
  const { config, lifecycle, log } = context;
  const { stateUri, chromaUrl } = await openAddresses(context, ["mongo", "chroma"]);
  const state = lifecycle.own("state", await openMongo(stateUri, "STATE_MONGO_URI"), (connection) => connection.close());
  const stateDb = state.db(config.state.db);
  const [states, joins] = [createIndexStateStore(stateDb), createSignatureJoins(stateDb)];
  const evidence = createEvidenceIndex({ states, joins, chromaUrl, embedder: config.embedder, log });
  lifecycle.own("evidence", evidence, (resource) => resource.close());
  const chat = openLanguageModel(context, stateDb);
  const conversations = createConversationStore(stateDb, config.retention.conversations);
  const queryLog = createQueryLogStore(stateDb, config.retention.queryLog);
  await Promise.all([conversations.ensureIndexes(), queryLog.ensureIndexes()]);
  return {
    runs: createRunFacts(stateDb),
    deadLetters: createDeadLetterStore(stateDb),
    health: createSourceHealthStore(stateDb),
    evidence,
    sources: config.sources.map(({ name }) => name),
    conversations,
    queryLog,
    newId: randomUUID,
    zone: config.business.zone,
    chat,
    now,
    log,
  };
}
