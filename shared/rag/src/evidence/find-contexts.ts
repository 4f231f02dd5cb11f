import type { Context, Question } from "@flow-rag/contracts";
import { AppError, type Logger } from "@flow-rag/kernel";
import type { FactFilter, FoundRun } from "@flow-rag/stores";
import type { Asker } from "../asker.js";
import { scopeOf } from "../facts/collect-facts.js";
import type { Facts } from "../facts/facts.js";
import type { Plan } from "../plan/plan.js";
import type { EvidenceIndex } from "./evidence-index.js";
import { byScore, errorOfPipeline, lookedAt, spreadHits } from "./spread-hits.js";

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
    const found = await evidence.search(plan.filters.signatureText ?? question.query, { limit: lookedAt(limit), filter: {} }, signal);
    return { contexts: spreadHits(byScore(found), limit), degraded: false };
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    log.warn({ err: AppError.from(thrown) }, "no evidence: answering from the facts alone");
    return { contexts: [], degraded: true };
  }
}

/** What there is beside the runs that the answer shows. */
type Further = {
  /** The latest runs of the kinds of failure that the answer calls the nearest, in each pipeline. */
  readonly near: readonly FoundRun[];
  /** Found by meaning. */
  readonly found: readonly Context[];
  /** The latest that were counted. */
  readonly counted: readonly FoundRun[];
};

/**
 * The runs that the answer shows, each once; then what is nearest in meaning, then the latest ones that were counted: of these one of each error
 * of a pipeline, different errors first, or one failure that came often would take all places. Where the
 * answer names kinds of failure nothing else is there: what it counts and what is shown agree.
 */
export function withRuns(
  { samples, listed = [], states = [], latest = [], nearest = [] }: Facts,
  { near, found, counted }: Further,
  limit: number,
): Context[] {
  const told = [
    ...samples,
    ...listed,
    ...latest.flatMap(({ run }) => run ?? []),
    ...states.map(({ last }) => last),
    ...nearest.flatMap(({ examples: [latest] }) => latest ?? []),
  ].map(toContext);
  const shown = [...new Map(told.map((context) => [context.meta.id, context])).values()];
  const errors = new Set(shown.map(errorOfPipeline));
  const isNew = (context: Context): boolean => !errors.has(errorOfPipeline(context));
  const kinds = nearest.map(({ signature }) => signature);
  const ofNear = near.map(toContext).sort((a, b) => kinds.indexOf(a.meta.signature ?? "") - kinds.indexOf(b.meta.signature ?? ""));
  const isMeant = ({ meta }: Context): boolean => kinds.length === 0 || (meta.signature !== null && kinds.includes(meta.signature));
  const further = [...ofNear, ...found, ...counted.map(toContext)].filter((context) => isNew(context) && isMeant(context));
  return [...shown, ...spreadHits(further, Math.max(0, limit - shown.length))].slice(0, limit);
}

/** A counted run as a context; its text is short and its cosine unknown. */
export const toContext = (run: FoundRun): Context => ({
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
