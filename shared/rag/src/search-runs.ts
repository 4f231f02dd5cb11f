import type { Context, QuestionFilters, SearchAnswer, SearchHit, SearchRequest } from "@flow-rag/contracts";
import { AppError, redact } from "@flow-rag/kernel";
import type { RunFacts, VectorFilter } from "@flow-rag/stores";
import type { AnswerDeps } from "./answer-question.js";
import { limitsOf, resolveFilters } from "./apply-filters.js";
import { anyone, type Asker } from "./asker.js";
import { toContext } from "./evidence/find-contexts.js";
import { rankKinds } from "./evidence/rank-kinds.js";
import { joinViews, rankTexts } from "./evidence/rank-texts.js";
import { byScore, errorOfPipeline, firstOf, lookedAt, spreadHits } from "./evidence/spread-hits.js";

/** Kinds of failure whose runs are looked at beside the runs that are nearest themselves. */
const kindsAtMost = 20;

/**
 * Indexed runs by meaning, each error of a pipeline once: those whose text is near, and the latest of the kinds of failure that are, ranked
 * together by words and vectors. A filter makes it slower (up to a second on hundreds of thousands of runs): it searches runs, not signatures.
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
  const asking = findNear(deps, query, { limit, runs, filters, asker }, signal);
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

type Within = { limit: number; runs: RunFacts; filters: QuestionFilters; asker: Asker };

/** What may be shown, the best first. A run that only its kind brought here has the cosine of its error. */
async function findNear(
  deps: Pick<AnswerDeps, "evidence" | "log">,
  query: string,
  { limit, runs, filters, asker }: Within,
  signal: AbortSignal,
): Promise<Context[]> {
  const filter = vectorFilterOf(filters, asker);
  const scope = { ...limitsOf(filters), from: filter.from, to: filter.to };
  const [found, kinds] = await Promise.all([
    deps.evidence.search(query, { limit: lookedAt(limit), filter }, signal),
    runs.errorKinds(scope, signal),
  ]);
  const hits = firstOf(byScore(found), errorOfPipeline);
  const { ranked, near } = await rankKinds(deps, query, kinds, signal);
  if (!near || ranked.length === 0) return hits;
  const signatures = ranked.slice(0, kindsAtMost).map(({ id }) => id);
  const ofErrors = joinViews(near.views);
  const withTexts = [...(await runs.latestOfTexts({ ...scope, signatures }, signal))].sort((a, b) => b.ts.getTime() - a.ts.getTime());
  const ofKinds = firstOf(withTexts.map(toContext), errorOfPipeline).map((context) => ({
    ...context,
    score: Number((ofErrors.get(context.meta.signature ?? "") ?? 0).toFixed(4)),
  }));
  const all = byScore(firstOf([...hits, ...ofKinds], errorOfPipeline));
  const order = rankTexts(
    query,
    all.map(({ meta, content }) => ({ id: meta.id, text: content })),
    { cosines: new Map(all.map(({ meta, score }) => [meta.id, score])), mixture: near.mixture },
  );
  const places = new Map(order.map(({ id }, place) => [id, place]));
  // What has no common term and is not near stays where its cosine puts it, behind the rest.
  return all.sort((a, b) => (places.get(a.meta.id) ?? all.length) - (places.get(b.meta.id) ?? all.length));
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
