import type { Question, Run } from "@flow-rag/contracts";
import {
  createConversationStore,
  createDeadLetterStore,
  createQueryLogStore,
  createRunFacts,
  createRunStore,
  createSourceHealthStore,
} from "@flow-rag/stores";
import { sampleRun, type Harness } from "@flow-rag/testing";
import { randomUUID } from "node:crypto";
import { answerQuestion, type AnswerDeps, type Asker } from "../src/index.js";

export const signal = AbortSignal.timeout(120_000);
export const morning = new Date("2026-05-06T06:00:00Z");
const retentionMs = 30 * 86_400_000;

export const run = (id: number, fields: Partial<Run>): Run => sampleRun(String(id), fields);

/** Answers over the state of a harness. Nothing is found by meaning unless a part says so. */
export function createAsking(harness: Harness, parts: Partial<AnswerDeps> = {}) {
  const conversations = createConversationStore(harness.state, { retentionMs });
  const queryLog = createQueryLogStore(harness.state, { retentionMs });
  const deps: AnswerDeps = {
    runs: createRunFacts(harness.state),
    deadLetters: createDeadLetterStore(harness.state),
    health: createSourceHealthStore(harness.state),
    evidence: { search: async () => [], nearSignatures: async () => undefined },
    sources: ["flows"],
    conversations,
    queryLog,
    newId: randomUUID,
    zone: "Europe/Paris",
    now: () => morning,
    log: harness.log,
    ...parts,
  };
  return {
    deps,
    conversations,
    queryLog,
    store: async (rows: readonly Run[]) => await createRunStore(harness.state).upsert(rows),
    ask: async (query: string, { asker, ...rest }: Partial<Question> & { asker?: Asker } = {}) =>
      await answerQuestion(deps, { query, top_k: 8, ...rest }, signal, asker),
  };
}
