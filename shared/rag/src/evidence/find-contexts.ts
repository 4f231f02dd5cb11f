import type { Context, Question } from "@flow-rag/contracts";
import { AppError, type Logger } from "@flow-rag/kernel";
import type { FactFilter, FoundRun } from "@flow-rag/stores";
import type { Asker } from "../asker.js";
import { scopeOf } from "../facts/collect-facts.js";
import type { Facts } from "../facts/facts.js";
import type { Plan } from "../plan/plan.js";
import type { EvidenceIndex } from "./evidence-index.js";

/** The text that failures are ranked by; undefined when the figures say all. An error that nobody wrote so may be there in other words. */
export function soughtText({ operation, filters }: Plan, { matching }: Facts, query: string): string | undefined {
  if (operation === "similar") return filters.signatureText ?? query;
  if (filters.signatureText === null || operation === "missing" || operation === "status") return undefined;
  return operation === "explain" || matching === 0 ? filters.signatureText : undefined;
}

/** The plan's window and names without its text, which is what is ranked by. */
export const evidenceScope = (plan: Plan): FactFilter => ({
  ...scopeOf(plan, plan.window),
  errorText: undefined,
  ...(plan.operation === "explain" && { statuses: plan.filters.statuses }),
});

const nothing: { contexts: Context[]; degraded: boolean } = { contexts: [], degraded: false };

/** A filter on the records takes up to a second, so they are searched for a question that has none: "have we ever seen …". */
export async function findRuns(
  { evidence, log }: { readonly evidence: Pick<EvidenceIndex, "search">; readonly log: Logger },
  { question, plan, limit, asker }: { question: Question; plan: Plan; limit: number; asker: Asker },
  signal: AbortSignal,
): Promise<{ contexts: Context[]; degraded: boolean }> {
  const { pipelines, techs, environments } = plan.filters;
  const filtered = plan.window !== null || pipelines.length + techs.length + environments.length > 0 || question.filters !== undefined;
  if (plan.operation !== "similar" || filtered || asker.sources) return nothing;
  try {
    return {
      contexts: await evidence.search(plan.filters.signatureText ?? question.query, { limit, filter: {} }, signal),
      degraded: false,
    };
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    log.warn({ err: AppError.from(thrown) }, "no evidence: answering from the facts alone");
    return { contexts: [], degraded: true };
  }
}

/** The runs that the answer shows, then what was found by meaning, then the latest ones that were counted; each once. */
export function withRuns(
  { samples, listed = [], states = [], latest = [], nearest = [] }: Facts,
  found: readonly Context[],
  examples: readonly FoundRun[],
  limit: number,
): Context[] {
  const shown = [
    ...samples,
    ...listed,
    ...latest.flatMap(({ run }) => run ?? []),
    ...states.map(({ last }) => last),
    ...nearest.flatMap(({ examples: [latest] }) => latest ?? []),
  ];
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
