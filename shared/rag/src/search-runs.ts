import type { Context, QuestionFilters, SearchAnswer, SearchHit, SearchRequest } from "@flow-rag/contracts";
import { AppError, redact } from "@flow-rag/kernel";
import type { RunFacts, VectorFilter } from "@flow-rag/stores";
import type { AnswerDeps } from "./answer-question.js";
import { limitsOf, resolveFilters } from "./apply-filters.js";
import { anyone, type Asker } from "./asker.js";
import { errorOfPipeline, spreadHits } from "./evidence/spread-hits.js";

/** Looked at for each place, so that one failure that occurred often does not fill them all. */
const lookedAtEach = 10;
const lookedAtMost = 200;

/**
 * Indexed runs by meaning, each error of a pipeline once. A filter makes it slower (up to a second on hundreds of thousands of runs): it searches runs, not signatures.
 * @throws AppError `invalid_input` for a filter's name that does not occur; the signal's reason once it has aborted.
 */
export async function searchRuns(
  deps: Pick<AnswerDeps, "runs" | "evidence" | "now" | "log">,
  { query: asIs, limit, similarity_threshold: threshold, filters: asked }: SearchRequest,
  signal: AbortSignal,
  asker: Asker = anyone,
): Promise<SearchAnswer> {
  const query = redact(asIs);
  const started = performance.now();
  const runs = (await deps.runs.snapshot(signal)).limitedTo({ sources: asker.sources });
  const filters = asked ? resolveFilters(asked, await runs.catalogue(signal)) : {};
  const search = performance.now();
  const wide = Math.max(limit, Math.min(limit * lookedAtEach, lookedAtMost));
  const asking = deps.evidence.search(query, { limit: wide, filter: vectorFilterOf(filters, asker) }, signal);
  const { found, lost } = await asking.then(
    (contexts) => ({ found: contexts, lost: undefined }),
    (thrown: unknown) => {
      if (signal.aborted) throw thrown;
      const err = AppError.from(thrown);
      deps.log.warn({ err }, "no search: the index does not answer");
      return { found: [], lost: err };
    },
  );
  const near = found.filter(({ score }) => threshold === undefined || score >= threshold);
  const hits = await withCounts(spreadHits(near, limit), { runs, filters }, signal);
  const end = performance.now();
  return {
    hits,
    timestamp: deps.now().toISOString(),
    filters,
    degraded: lost !== undefined,
    ...(lost && { reason: reasonOf(lost) }),
    timings: { search: round(end - search), total: round(end - started) },
  };
}

/** What a caller may read of it: a failure of our own may name internals. */
const reasonOf = ({ message, policy: { status } }: AppError): string => (status === 500 ? "the index cannot be searched" : message);

async function withCounts(
  hits: readonly Context[],
  { runs, filters }: { runs: RunFacts; filters: QuestionFilters },
  signal: AbortSignal,
): Promise<SearchHit[]> {
  const signatures = [...new Set(hits.flatMap(({ meta }) => meta.signature ?? []))];
  const { from, to } = vectorFilterOf(filters, {});
  const cells = signatures.length === 0 ? [] : await runs.cells({ ...limitsOf(filters), from, to, signatures }, signal);
  const counts = new Map<string, number>();
  for (const { signature, pipeline, count } of cells) {
    const key = JSON.stringify([signature, pipeline]);
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return hits.map((hit) => ({ ...hit, alike: hit.meta.signature === null ? null : (counts.get(errorOfPipeline(hit)) ?? 0) }));
}

const round = (ms: number): number => Math.round(ms * 10) / 10;

const vectorFilterOf = (
  { from, to, pipelines, techs, environments, statuses }: QuestionFilters,
  { sources }: Pick<Asker, "sources">,
): VectorFilter => ({
  ...(pipelines && { pipelines }),
  ...(techs && { techs }),
  ...(environments && { environments }),
  ...(statuses && { statuses }),
  ...(sources && { sources }),
  ...(from !== undefined && { from: new Date(from) }),
  ...(to !== undefined && { to: new Date(to) }),
});
