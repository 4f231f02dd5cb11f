import { question as questionSchema } from "@flow-rag/contracts";
import { parse } from "@flow-rag/kernel";
import { answerQuestion, createEvidenceIndex } from "@flow-rag/rag";
import { createDeadLetterStore, createIndexStateStore, createRunFacts, openMongo } from "@flow-rag/stores";
import { openAddresses, type CommandContext } from "../deps.js";
import { readNow, readQuestions } from "./read-questions.js";

type Options = { question: string; topK: number; now?: string; json: boolean };

/** `flow-rag query`: the API's own answer, without the API. */
export async function query(context: CommandContext, { question, topK, now: nowText, json }: Options): Promise<void> {
  const { config, terminal, lifecycle, log, signal } = context;
  const asked = (text: string) => parse(questionSchema, { query: text, top_k: topK }, "question");
  if (question !== "-") asked(question); // a question that cannot be asked starts no service
  const now = readNow(nowText, config.business.zone);

  const { stateUri, chromaUrl } = await openAddresses(context, ["mongo", "chroma"]);
  const state = lifecycle.own("state", await openMongo(stateUri, "STATE_MONGO_URI"), (connection) => connection.close());
  const stateDb = state.db(config.state.db);
  const evidence = createEvidenceIndex({ states: createIndexStateStore(stateDb), chromaUrl, embedder: config.embedder, log });
  lifecycle.own("evidence", evidence, (resource) => resource.close());
  const deps = {
    runs: createRunFacts(stateDb),
    deadLetters: createDeadLetterStore(stateDb),
    evidence,
    source: config.source.name,
    zone: config.business.zone,
    now: () => now ?? new Date(),
    log,
  };
  for await (const text of readQuestions(question)) {
    const answer = await answerQuestion(deps, asked(text), signal);
    terminal.result(json ? JSON.stringify(answer) : answer.answer);
  }
}
