import { question as questionSchema } from "@flow-rag/contracts";
import { AppError, parse, parseInstant } from "@flow-rag/kernel";
import { answerQuestion, createEvidenceIndex } from "@flow-rag/rag";
import { createDeadLetterStore, createIndexStateStore, createRunStore, openMongo } from "@flow-rag/stores";
import { openAddresses, type CommandContext } from "../deps.js";

type Options = { question: string; topK: number; now?: string; json: boolean };

/** `flow-rag query`: the API's own answer, without the API. */
export async function query(context: CommandContext, { question, topK, now: nowText, json }: Options): Promise<void> {
  const { config, terminal, lifecycle, log, signal } = context;
  const asked = parse(questionSchema, { query: question, top_k: topK }, "question");
  const now = nowText === undefined ? undefined : parseInstant(nowText, config.business.zone);
  if (nowText !== undefined && !now) throw new AppError("invalid_input", "--now: an instant such as 2026-05-06T08:00:00+02:00 is wanted");

  const { stateUri, chromaUrl } = await openAddresses(context, ["mongo", "chroma"]);
  const state = lifecycle.own("state", await openMongo(stateUri, "STATE_MONGO_URI"), (connection) => connection.close());
  const stateDb = state.db(config.state.db);
  const evidence = createEvidenceIndex({ states: createIndexStateStore(stateDb), chromaUrl, embedder: config.embedder, log });
  lifecycle.own("evidence", evidence, (resource) => resource.close());
  const deps = {
    runs: createRunStore(stateDb),
    deadLetters: createDeadLetterStore(stateDb),
    evidence,
    source: config.source.name,
    zone: config.business.zone,
    now: () => now ?? new Date(),
    log,
  };
  const answer = await answerQuestion(deps, asked, signal);
  terminal.result(json ? JSON.stringify(answer) : answer.answer);
}
