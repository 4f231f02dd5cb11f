import type { Context, Language, Question } from "@flow-rag/contracts";
import { AppError, type Logger } from "@flow-rag/kernel";
import type { DeadLetterStore, RunFacts, FoundRun, VectorFilter } from "@flow-rag/stores";
import type { EvidenceIndex } from "./evidence-index.js";
import { collectFacts, scopeOf } from "./facts/collect-facts.js";
import type { Facts } from "./facts/facts.js";
import type { Plan } from "./plan/plan.js";
import { planQuestion } from "./plan/plan-question.js";
import { wordAnswer } from "./wording/word-answer.js";

export type AnswerDeps = {
  runs: RunFacts;
  deadLetters: Pick<DeadLetterStore, "count">;
  evidence: Pick<EvidenceIndex, "search">;
  source: string;
  /** Business time zone: what "yesterday" means. */
  zone: string;
  now: () => Date;
  log: Logger;
};

/** Answer to POST /query. Instants are ISO 8601, UTC, once it is JSON. */
export type QuestionAnswer = {
  answer: string;
  contexts: Context[];
  timestamp: string;
  language: Language;
  /** How the question was understood. */
  plan: Plan & { zone: string };
  /** Computed from the runs; null when the question could not be understood or asks for no figure. */
  facts: Facts | null;
  /** What `[n]` in the answer points to. */
  citations: { n: number; id: string }[];
  /** What the answer could rest on: the instant of the latest run, and the records set aside because they could not be understood. */
  coverage: { dataUntil: string | null; complete: boolean; setAside: number };
  wording: { by: "template" };
  /** Milliseconds. */
  timings: { plan: number; facts: number; evidence: number; total: number };
  /** True when no evidence could be looked up: the counts are exact all the same. */
  degraded: boolean;
};

/**
 * Plans a question, computes its facts, finds its evidence and words the answer.
 * Without the vector store the facts are answered alone and `degraded` says so.
 * @throws AppError `upstream_unavailable` when the runs cannot be read; the signal's reason once it has aborted.
 */
export async function answerQuestion(deps: AnswerDeps, { query, top_k: limit }: Question, signal: AbortSignal): Promise<QuestionAnswer> {
  const started = performance.now();
  const now = deps.now();
  const catalogue = await deps.runs.catalogue(signal);
  const plan = planQuestion(query, { now, zone: deps.zone, catalogue });
  const planned = performance.now();
  const answerable = plan.operation !== "help" && !isBlocked(plan);
  let evidenceMs = 0;
  const [facts, evidence, examples, setAside] = await Promise.all([
    answerable ? collectFacts(plan, { runs: deps.runs, zone: deps.zone, now, signal }) : undefined,
    answerable && needsEvidence(plan)
      ? findEvidence(deps, query, plan, limit, signal).finally(() => (evidenceMs = performance.now() - planned))
      : { contexts: [], degraded: false },
    answerable && plan.operation !== "missing" && !plan.without
      ? deps.runs.latestRuns({ ...scopeOf(plan, plan.window), statuses: plan.filters.statuses }, limit, signal)
      : [],
    deps.deadLetters.count(deps.source, signal),
  ]);
  const contexts = facts ? withRuns(facts, evidence.contexts, examples, limit) : evidence.contexts;
  const answer = wordAnswer({ plan, facts, contexts, catalogue, zone: deps.zone, now, setAside });
  const end = performance.now();
  const until = facts?.dataUntil ?? null;
  return {
    answer,
    contexts,
    timestamp: now.toISOString(),
    language: plan.language,
    plan: { ...plan, zone: deps.zone },
    facts: facts ?? null,
    citations: [...new Set([...answer.matchAll(/\[(\d+)\]/g)].map(([, number]) => Number(number)))].flatMap((n) => {
      const context = contexts[n - 1];
      return context ? [{ n, id: context.meta.id }] : [];
    }),
    coverage: { dataUntil: until?.toISOString() ?? null, complete: until !== null && until >= (plan.window?.to ?? now), setAside },
    wording: { by: "template" },
    timings: { plan: round(planned - started), facts: round(end - planned), evidence: round(evidenceMs), total: round(end - started) },
    degraded: evidence.degraded,
  };
}

const round = (ms: number): number => Math.round(ms * 10) / 10;

/** A time that was not understood, or a name that is not in the data and nothing of its kind that is: any figure would answer another question. */
function isBlocked({ unresolved, filters }: Plan): boolean {
  return unresolved.some(({ kind }) => {
    if (kind === "time") return true;
    if (kind === "tech") return filters.techs.length === 0;
    if (kind === "environment") return filters.environments.length === 0;
    return (kind === "pipeline" || kind === "name") && filters.pipelines.length + filters.techs.length + filters.environments.length === 0;
  });
}

/** Figures have their examples from the runs themselves; only a question about meaning needs the nearest records. */
const needsEvidence = ({ operation, filters }: Plan): boolean =>
  operation === "similar" || (operation === "explain" && filters.signatureText !== null);

async function findEvidence(
  deps: AnswerDeps,
  query: string,
  plan: Plan,
  limit: number,
  signal: AbortSignal,
): Promise<{ contexts: Context[]; degraded: boolean }> {
  const { filters, window } = plan;
  const filter: VectorFilter = {
    techs: [...filters.techs],
    pipelines: [...filters.pipelines],
    ...(filters.statuses.length > 0 && { statuses: [...filters.statuses] }),
    ...(window?.from && { from: window.from, to: window.to }),
  };
  try {
    return { contexts: await deps.evidence.search(filters.signatureText ?? query, { limit, filter }, signal), degraded: false };
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    deps.log.warn({ err: AppError.from(thrown) }, "no evidence: answering from the facts alone");
    return { contexts: [], degraded: true };
  }
}

/** The runs that the answer shows, then what was found by meaning, then the latest ones that were counted; each once. */
function withRuns(
  { samples, listed = [], states = [] }: Facts,
  found: readonly Context[],
  examples: readonly FoundRun[],
  limit: number,
): Context[] {
  const shown = [...samples, ...listed, ...states.map(({ last }) => last)];
  const contexts = new Map<string, Context>();
  for (const run of shown) if (!contexts.has(run.id)) contexts.set(run.id, toContext(run));
  for (const context of found) if (!contexts.has(context.meta.id)) contexts.set(context.meta.id, context);
  for (const run of examples) if (!contexts.has(run.id)) contexts.set(run.id, toContext(run));
  return [...contexts.values()].slice(0, limit);
}

const toContext = (run: FoundRun): Context => ({
  content: `${run.pipeline} · ${run.tech} · ${run.status} · ${run.ts.toISOString()}${run.error ? `\n${run.error}` : ""}`,
  meta: {
    id: run.id,
    source: run.id.slice(0, run.id.indexOf(":")),
    pipeline: run.pipeline,
    tech: run.tech,
    status: run.status,
    ts: run.ts.toISOString(),
    durationMs: run.durationMs,
    signature: run.signature,
    environment: run.environment,
  },
  score: 1,
});
