import type { Context, Language, Question, RunStatus } from "@flow-rag/contracts";
import { AppError, type Logger } from "@flow-rag/kernel";
import type { DeadLetterStore, RunStore, VectorFilter } from "@flow-rag/stores";
import { collectFacts } from "./collect-facts.js";
import type { EvidenceIndex } from "./evidence-index.js";
import { planQuestion, type Plan } from "./plan-question.js";
import { wordAnswer } from "./word-answer.js";

export type AnswerDeps = {
  runs: Pick<RunStore, "catalogue" | "countByStatus" | "group" | "latest">;
  deadLetters: Pick<DeadLetterStore, "count">;
  evidence: Pick<EvidenceIndex, "search">;
  source: string;
  /** Business time zone: what "yesterday" means. */
  zone: string;
  now: () => Date;
  log: Logger;
};

/** Answer to POST /query. Instants are ISO 8601, UTC. */
export type QuestionAnswer = {
  answer: string;
  contexts: Context[];
  timestamp: string;
  language: Language;
  /** How the question was understood. */
  plan: {
    operation: Plan["operation"];
    window: { from: string; to: string; zone: string; stated: boolean } | null;
    status: RunStatus | null;
    techs: readonly string[];
    pipelines: readonly string[];
    groupBy: Plan["groupBy"];
    unresolved: readonly string[];
  };
  /** Computed from the runs; null when the question asks for no count. */
  facts: {
    runs: number;
    matching: number;
    byStatus: Partial<Record<RunStatus, number>>;
    groups: { tech: string; pipeline: string; signature: string | null; count: number; first: string; last: string; sampleId: string }[];
  } | null;
  /** What the answer could rest on: the instant of the latest run, and the records set aside because they could not be understood. */
  coverage: { dataUntil: string | null; setAside: number };
  /** True when no evidence could be looked up: the counts are exact all the same. */
  degraded: boolean;
};

/**
 * Plans a question, computes its facts, finds its evidence and words the answer.
 * Without the vector store the facts are answered alone and `degraded` says so.
 * @throws AppError `upstream_unavailable` when the runs cannot be read; the signal's reason once it has aborted.
 */
export async function answerQuestion(deps: AnswerDeps, { query, top_k: limit }: Question, signal: AbortSignal): Promise<QuestionAnswer> {
  const now = deps.now();
  const plan = planQuestion(query, { now, zone: deps.zone, catalogue: await deps.runs.catalogue(signal) });
  const understood = plan.unresolved.length === 0;
  const [facts, evidence, setAside, latest] = await Promise.all([
    understood && plan.operation === "facts" ? collectFacts(deps.runs, plan, signal) : undefined,
    understood ? findEvidence(deps, query, plan, limit, signal) : { contexts: [], degraded: false },
    deps.deadLetters.count(deps.source, signal),
    deps.runs.latest(signal),
  ]);
  const { language, operation, window, status, techs, pipelines, groupBy, unresolved } = plan;
  return {
    answer: wordAnswer({ plan, facts, contexts: evidence.contexts, zone: deps.zone }),
    contexts: evidence.contexts,
    timestamp: now.toISOString(),
    language,
    plan: {
      operation,
      window: window ? { from: window.from.toISOString(), to: window.to.toISOString(), zone: deps.zone, stated: window.stated } : null,
      status: status ?? null,
      techs,
      pipelines,
      groupBy,
      unresolved,
    },
    facts: facts
      ? {
          runs: facts.runs,
          matching: facts.matching,
          byStatus: facts.byStatus,
          groups: facts.groups.map(({ sample, first, last, ...group }) => ({
            ...group,
            first: first.toISOString(),
            last: last.toISOString(),
            sampleId: sample.id,
          })),
        }
      : null,
    coverage: { dataUntil: latest?.toISOString() ?? null, setAside },
    degraded: evidence.degraded,
  };
}

async function findEvidence(
  deps: AnswerDeps,
  query: string,
  plan: Plan,
  limit: number,
  signal: AbortSignal,
): Promise<{ contexts: Context[]; degraded: boolean }> {
  const filter: VectorFilter = {
    techs: plan.techs,
    pipelines: plan.pipelines,
    ...(plan.status && { statuses: [plan.status] }),
    ...(plan.window && { from: plan.window.from, to: plan.window.to }),
  };
  try {
    return { contexts: await deps.evidence.search(query, { limit, filter }, signal), degraded: false };
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    deps.log.warn({ err: AppError.from(thrown) }, "no evidence: answering from the facts alone");
    return { contexts: [], degraded: true };
  }
}
