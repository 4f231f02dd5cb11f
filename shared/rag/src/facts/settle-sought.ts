import type { RunFacts } from "@flow-rag/stores";
import { identifiersIn } from "../plan/identifiers.js";
import type { Plan } from "../plan/plan.js";
import { scopeOf } from "./collect-facts.js";

/** Unknown names of one question that are looked for in errors: each is a pass over them. */
const lookedAt = 3;

/**
 * A plan with what only the records tell: a name that is none of the data and stands in error texts, such as a user, a host or a file, is
 * the text that is sought, and so is a quoted name where the question speaks of texts. Where a quoted name is meant as a name, how many runs
 * of the period hold it in their error too.
 */
export async function settleSought(plan: Plan, runs: RunFacts, signal: AbortSignal): Promise<Plan> {
  const isInErrors = async (text: string): Promise<boolean> => (await runs.latestRuns({ errorText: text }, 1, signal)).length > 0;
  const quoted = await settleQuoted(plan, isInErrors, runs, signal);
  if (quoted.filters.signatureText !== null) return quoted;
  const unknown = quoted.unresolved.filter(({ kind, text }) => isLookedFor(kind) && isSpelt(text));
  const assumed = quoted.assumed.filter(({ text }) => isSpelt(text));
  let settled = quoted;
  for (const { text } of [...unknown, ...assumed].slice(0, lookedAt)) if (await isInErrors(text)) settled = seeking(settled, text);
  return settled;
}

const isSpelt = (text: string): boolean => identifiersIn(text).length > 0;
const isLookedFor = (kind: string): boolean => kind === "name" || kind === "pipeline";

async function settleQuoted(
  plan: Plan,
  isInErrors: (text: string) => Promise<boolean>,
  runs: RunFacts,
  signal: AbortSignal,
): Promise<Plan> {
  const { quotedName: quoted, filters } = plan;
  if (!quoted || plan.operation === "help") return plan;
  const { text, kind, names } = quoted;
  if (filters.signatureText === text) {
    if (await isInErrors(text)) return plan;
    const key = filterOf[kind];
    return { ...plan, filters: { ...filters, signatureText: null, [key]: [...new Set([...filters[key], ...names])] } };
  }
  if (filters.signatureText !== null) return plan;
  const { from, to } = scopeOf(plan, plan.window);
  const cells = await runs.cells({ from, to, errorText: text }, signal);
  const holding = cells.reduce((sum, { count }) => sum + count, 0);
  return holding === 0 ? plan : { ...plan, alsoInErrors: { text, runs: holding } };
}

const filterOf = { pipeline: "pipelines", tech: "techs", environment: "environments" } as const;

/** The plan with the text sought that was taken for a name. A state has no errors: what is asked then is which runs had it. */
function seeking(plan: Plan, text: string): Plan {
  const { filters, operation, unresolved } = plan;
  // One text is sought: what else stands in errors is told to be left out.
  if (filters.signatureText !== null)
    return { ...plan, unresolved: unresolved.map((each) => (each.text === text ? { kind: "word", text, near: [] } : each)) };
  const assumed = plan.assumed.find((each) => each.text === text);
  const without = (list: readonly string[]) => (assumed ? list.filter((name) => name !== assumed.name) : list);
  const stateless = operation === "status" || operation === "help" || operation === "missing";
  return {
    ...plan,
    ...(stateless && { operation: "list", groupBy: "pipeline", only: null }),
    filters: {
      ...filters,
      pipelines: without(filters.pipelines),
      techs: without(filters.techs),
      environments: without(filters.environments),
      signatureText: text,
    },
    unresolved: unresolved.filter((each) => each.text !== text),
    assumed: plan.assumed.filter((each) => each.text !== text),
  };
}
