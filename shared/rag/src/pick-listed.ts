import { collectFacts } from "./facts/collect-facts.js";
import type { Facts } from "./facts/facts.js";
import type { Plan } from "./plan/plan.js";
import { readOrdinal } from "./plan/read-ordinal.js";
import { byShare } from "./wording/word-groups.js";
import { linesShown } from "./wording/word-heads.js";

type Context = Parameters<typeof collectFacts>[1];

/**
 * The plan of "le deuxième ?" or "and the second one?": the question before, about the one name of its answer that is meant. Undefined for
 * any other text, and after an answer that lists no names; a place that the list does not have is left unresolved.
 */
export async function planPicked(previous: Plan | undefined, text: string, context: Context): Promise<Plan | undefined> {
  const ordinal = previous && readOrdinal(text);
  if (!previous || !ordinal || previous.operation === "help") return undefined;
  // "le dernier ?" after failures is the latest of them, and no place of a list.
  if (ordinal.place === "last" && !ranked.has(previous.operation)) return undefined;
  const list = previous.among ?? namesListed(previous, await collectFacts(previous, context));
  if (list.names.length === 0) return undefined;
  const name = ordinal.place === "last" ? list.names.at(-1) : list.names[ordinal.place - 1];
  if (name === undefined) return { ...previous, unresolved: [{ kind: "word", text: ordinal.text, near: [] }], assumed: [] };
  const { operation } = previous;
  const kept = operation === "rate" || operation === "duration" || operation === "trend" || operation === "explain";
  const now = kept ? operation : operation === "missing" || operation === "last" || operation === "first" ? "status" : "list";
  const asked = ordinal.why ? "explain" : now;
  const { filters } = previous;
  return {
    ...previous,
    operation: asked,
    window: asked === "status" ? null : previous.window,
    compareWindow: null,
    filters: {
      ...filters,
      pipelines: list.kind === "pipeline" ? [name] : filters.pipelines,
      techs: list.kind === "tech" ? [name] : filters.techs,
      environments: list.kind === "environment" ? [name] : filters.environments,
      statuses: asked === "status" ? [] : asked === "explain" ? ["failed"] : previous.without ? [] : filters.statuses,
    },
    groupBy: asked === "list" ? "pipeline" : asked === "explain" ? "signature" : null,
    limit: null,
    measure: asked === "duration" ? (previous.measure ?? "median") : null,
    without: false,
    only: null,
    bound: null,
    unresolved: [],
    assumed: [],
    among: list,
  };
}

const ranked: ReadonlySet<Plan["operation"]> = new Set<Plan["operation"]>(["top", "rate", "duration", "missing"]);

/** The names that an answer lists, in its order. */
function namesListed(plan: Plan, facts: Facts): NonNullable<Plan["among"]> {
  const most = plan.limit ?? linesShown;
  const of = (kind: NonNullable<Plan["among"]>["kind"], names: readonly string[]) => ({ kind, names: [...new Set(names)].slice(0, most) });
  if (facts.missing) {
    const { expected, absent } = facts.missing;
    return of(
      "pipeline",
      [...expected, ...absent].map(({ pipeline }) => pipeline),
    );
  }
  if (facts.listed)
    return of(
      "pipeline",
      facts.listed.map(({ pipeline }) => pipeline),
    );
  if (plan.operation === "status") return of("pipeline", failing(facts));
  const kind = plan.groupBy ?? (plan.operation === "compare" ? "pipeline" : null);
  if (kind !== "pipeline" && kind !== "tech" && kind !== "environment") return of("pipeline", []);
  if (facts.latest)
    return of(
      kind,
      facts.latest.map(({ key }) => key),
    );
  if (facts.durations)
    return of(
      kind,
      facts.durations.map(({ key }) => key),
    );
  const groups = plan.operation === "rate" ? byShare(facts.groups, plan) : facts.groups;
  return of(
    kind,
    groups.map(({ key }) => key),
  );
}

const failing = ({ groups }: Facts): string[] =>
  groups
    .filter(({ byStatus }) => (byStatus.failed ?? 0) > 0)
    .sort((a, b) => (b.byStatus.failed ?? 0) - (a.byStatus.failed ?? 0) || (a.key < b.key ? -1 : 1))
    .map(({ key }) => key);
