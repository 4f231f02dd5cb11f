import type { Cell, FactFilter, FoundRun, RunFacts } from "@flow-rag/stores";
import type { GroupBy } from "../plan/group-words.js";
import type { Plan } from "../plan/plan.js";
import type { FactGroup } from "./facts.js";
import { signatureCounts } from "./summarise.js";

type Counted = { readonly groups: readonly FactGroup[]; readonly cells: readonly Cell[]; readonly asked: FactFilter };

const shownAtMost = 8;
/** Operations that quote no error of a group. */
const unquoted: ReadonlySet<Plan["operation"]> = new Set<Plan["operation"]>(["help", "missing", "duration", "trend"]);

/**
 * The latest runs whose errors an answer quotes. Errors that differ in a user, a host or a table have one signature: what is quoted for a
 * group is of a run of that group, and of a pipeline that is named beside it.
 */
export async function samplesOf(
  plan: Plan,
  { groups, cells, asked }: Counted,
  { runs, signal }: { readonly runs: Pick<RunFacts, "latestRuns">; readonly signal: AbortSignal },
): Promise<FoundRun[]> {
  if (unquoted.has(plan.operation) || (plan.operation === "last" && plan.groupBy !== null)) return [];
  const ofGroups = groups.slice(0, shownAtMost).flatMap((group) => filterOf(plan.groupBy, group, asked));
  const filters = ofGroups.length > 0 ? ofGroups : mostFrequent(cells, asked);
  const found = await Promise.all(filters.map(async (filter) => await runs.latestRuns(filter, 1, signal)));
  return [...new Map(found.flat().map((run) => [run.id, run])).values()];
}

function filterOf(by: GroupBy | null, { key, signatures: [top], pipelines }: FactGroup, asked: FactFilter): FactFilter[] {
  if (!top?.signature) return [];
  const having = new Set(top.pipelines);
  const named = pipelines.find(({ pipeline }) => having.has(pipeline))?.pipeline;
  return [
    {
      ...asked,
      signatures: [top.signature],
      ...(named !== undefined && { pipelines: [named] }),
      ...(by === "tech" && { techs: [key] }),
      ...(by === "environment" && key !== "" && { environments: [key] }),
    },
  ];
}

/** Without groups: the error that most of the failures have, as the pipeline that has it first by name has it. */
function mostFrequent(cells: readonly Cell[], asked: FactFilter): FactFilter[] {
  const [top] = signatureCounts(cells.filter(({ status }) => status === "failed"));
  return top?.signature ? [{ ...asked, statuses: ["failed"], signatures: [top.signature], pipelines: top.pipelines.slice(0, 1) }] : [];
}

/** The run that is quoted for a group of an answer. */
export function sampleFor(
  samples: readonly FoundRun[],
  by: GroupBy | null,
  { key, pipelines }: FactGroup,
  signature: string,
): FoundRun | undefined {
  const named = new Set(pipelines.map(({ pipeline }) => pipeline));
  return samples.find(
    (run) =>
      run.signature === signature &&
      named.has(run.pipeline) &&
      (by !== "tech" || run.tech === key) &&
      (by !== "environment" || (run.environment ?? "") === key),
  );
}
