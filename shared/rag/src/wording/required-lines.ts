import type { Facts } from "../facts/facts.js";
import type { Plan } from "../plan/plan.js";
import type { Required } from "../verify/grounds.js";

type Given = { readonly plan: Plan; readonly facts: Facts; readonly lines: readonly string[] };
const isItem = (line: string): boolean => /^(?:•|\d+\.) /.test(line);
const items = (lines: readonly string[]): Required[] => lines.filter(isItem).map((line) => ({ line, figures: "none" }));

/** The first lines of a ranking, all of them where a number was asked for; else what is listed may be told in part. */
const asMany = ({ plan, lines }: Given): Required[] => items(lines).slice(0, plan.limit ?? 1);

/** Both sides: of two periods what was asked for, of names each of them. */
function bothSides({ plan, facts, lines }: Given): Required[] {
  const sided = lines.filter((line) => isItem(line) && /\d (?:contre|against) \d/.test(line));
  if (!facts.compare) return items(lines).slice(0, namedIn(plan));
  const [runs, failures, asked] = sided;
  const main = plan.filters.statuses[0] === undefined || plan.filters.statuses[0] === "failed" ? failures : asked;
  const silent = facts.runs === 0 || facts.compare.runs === 0;
  return [...(main === undefined ? [] : [main]), ...(silent && runs !== undefined ? [runs] : [])].map((line) => ({ line, figures: "all" }));
}
const namedIn = ({ filters }: Plan): number => Math.max(filters.pipelines.length, filters.techs.length, filters.environments.length, 2);

/** How each of the pipelines stands, and how many runs there were in the window: none is an answer. */
function stateAndWindow({ facts, lines }: Given): Required[] {
  const states = facts.states?.length ?? 0;
  return states === 0
    ? []
    : lines.filter((line) => !isItem(line)).map((line, index) => ({ line, figures: index < states ? "none" : "first" }));
}

const nothingMore = (): Required[] => [];
/** What an answer of each kind must hold beyond its first figure. */
const requiredBy: Record<Plan["operation"], (given: Given) => Required[]> = {
  top: asMany,
  last: asMany,
  first: asMany,
  duration: ({ plan, facts, lines }) => (plan.limit === null ? [] : asMany({ plan, facts, lines })),
  compare: bothSides,
  status: stateAndWindow,
  list: nothingMore,
  count: nothingMore,
  rate: nothingMore,
  trend: nothingMore,
  missing: nothingMore,
  explain: nothingMore,
  similar: nothingMore,
  help: nothingMore,
};

/** Lines of a template that a text about these facts has to tell in its own way. */
export const requiredLines = (plan: Plan, facts: Facts | undefined, template: string): Required[] =>
  facts === undefined || template === "" ? [] : requiredBy[plan.operation]({ plan, facts, lines: template.split("\n") });
