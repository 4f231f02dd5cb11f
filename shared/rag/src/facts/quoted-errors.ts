import type { Cell, FactFilter, FoundRun, RunFacts } from "@flow-rag/stores";
import type { GroupBy } from "../plan/group-words.js";
import type { Plan } from "../plan/plan.js";
import { latestFirst, textOf } from "../evidence/common-error.js";
import type { FactGroup, GroupQuote } from "./facts.js";
import { signatureCounts } from "./summarise.js";

type Counted = { readonly groups: readonly FactGroup[]; readonly cells: readonly Cell[]; readonly asked: FactFilter };

const shownAtMost = 8;
/** Operations that quote no error of a group. */
const unquoted: ReadonlySet<Plan["operation"]> = new Set<Plan["operation"]>(["help", "missing", "duration", "trend"]);

/**
 * The errors that an answer quotes. Errors that differ in a user, a host or a table have one signature: what is quoted for a group is what all
 * of its counted runs say, and what is cited is a run of the group and of the pipeline that is named first.
 */
export async function quotedErrors(
  plan: Plan,
  { groups, cells, asked }: Counted,
  { runs, signal }: { readonly runs: Pick<RunFacts, "latestOfTexts">; readonly signal: AbortSignal },
): Promise<GroupQuote[]> {
  if (unquoted.has(plan.operation) || (plan.operation === "last" && plan.groupBy !== null)) return [];
  const shown = groups.slice(0, plan.limit ?? shownAtMost).flatMap(topOf);
  const wanted = shown.length > 0 ? shown : mostFrequent(cells);
  if (wanted.length === 0) return [];
  const statuses = shown.length > 0 ? asked.statuses : (["failed"] as const);
  const signatures = [...new Set(wanted.map(({ signature }) => signature))];
  const latest = await runs.latestOfTexts({ ...asked, statuses, signatures }, signal);
  return wanted.flatMap(({ key, signature, order }) => {
    const own = latest.filter((run) => run.signature === signature && isOfGroup(run, shown.length > 0 ? plan.groupBy : null, key));
    return toQuote(key, signature, own, order);
  });
}

type Wanted = { readonly key: string; readonly signature: string; readonly order: readonly string[] };

const topOf = ({ key, signatures: [top], pipelines }: FactGroup): Wanted[] =>
  top?.signature ? [{ key, signature: top.signature, order: pipelines.map(({ pipeline }) => pipeline) }] : [];

/** Without groups: the error that most of the failures have. */
function mostFrequent(cells: readonly Cell[]): Wanted[] {
  const [top] = signatureCounts(cells.filter(({ status }) => status === "failed"));
  return top?.signature ? [{ key: "", signature: top.signature, order: top.pipelines }] : [];
}

const isOfGroup = (run: FoundRun, by: GroupBy | null, key: string): boolean =>
  (by !== "pipeline" || run.pipeline === key) &&
  (by !== "tech" || run.tech === key) &&
  (by !== "environment" || (run.environment ?? "") === key) &&
  (by !== "status" || run.status === key);

/** What is quoted of runs of one error, of which the pipelines are named in this order. None when no run is there or none has a text. */
function toQuote(key: string, signature: string, runs: readonly FoundRun[], order: readonly string[]): GroupQuote[] {
  const byPipeline = latestFirst(runs.filter(({ error }) => error !== null && error.trim() !== ""));
  const pipelines = [...new Set(byPipeline.map(({ pipeline }) => pipeline))].sort();
  const first = order.find((name) => pipelines.includes(name)) ?? pipelines[0];
  const example = byPipeline.find(({ pipeline }) => pipeline === first);
  if (!example) return [];
  return [{ key, signature, text: textOf(byPipeline, example), pipelines, example }];
}

/** What is quoted for a group of an answer. */
export const quoteFor = (quotes: readonly GroupQuote[], { key }: FactGroup, signature: string): GroupQuote | undefined =>
  quotes.find((quote) => quote.key === key && quote.signature === signature);
