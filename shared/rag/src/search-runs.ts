import type { SearchAnswer, SearchRequest } from "@flow-rag/contracts";
import { AppError, redact } from "@flow-rag/kernel";
import type { VectorFilter } from "@flow-rag/stores";
import type { AnswerDeps } from "./answer-question.js";
import { resolveFilters } from "./apply-filters.js";
import { anyone, type Asker } from "./asker.js";
import type { QuestionFilters } from "@flow-rag/contracts";

/**
 * Indexed runs by meaning. A filter makes it slower (up to a second on hundreds of thousands of runs): it searches runs, not signatures.
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
  let lost: AppError | undefined;
  const found = await deps.evidence.search(query, { limit, filter: vectorFilterOf(filters, asker) }, signal).catch((thrown: unknown) => {
    if (signal.aborted) throw thrown;
    lost = AppError.from(thrown);
    deps.log.warn({ err: lost }, "no search: the index does not answer");
    return [];
  });
  const end = performance.now();
  return {
    hits: found.filter(({ score }) => threshold === undefined || score >= threshold),
    timestamp: deps.now().toISOString(),
    filters,
    degraded: lost !== undefined,
    ...(lost && { reason: reasonOf(lost) }),
    timings: { search: round(end - search), total: round(end - started) },
  };
}

/** What a caller may read of it: a failure of our own may name internals. */
const reasonOf = ({ message, policy: { status } }: AppError): string => (status === 500 ? "the index cannot be searched" : message);

const round = (ms: number): number => Math.round(ms * 10) / 10;

const vectorFilterOf = ({ from, to, pipelines, techs, environments, statuses }: QuestionFilters, { sources }: Asker): VectorFilter => ({
  ...(pipelines && { pipelines }),
  ...(techs && { techs }),
  ...(environments && { environments }),
  ...(statuses && { statuses }),
  ...(sources && { sources }),
  ...(from !== undefined && { from: new Date(from) }),
  ...(to !== undefined && { to: new Date(to) }),
});
