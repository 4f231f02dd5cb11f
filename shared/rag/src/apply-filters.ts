import type { QuestionFilters } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import type { RunLimits } from "@flow-rag/stores";
import { foldText } from "./fold-text.js";
import { editDistance } from "./plan/edit-distance.js";
import type { Plan, PlanWindow } from "./plan/plan.js";
import type { Catalogue } from "./plan/names.js";
import { windowLabel } from "./window-label.js";

const nearShown = 3;

/**
 * The filters with names as the data spell them.
 * @throws AppError `invalid_input` for a name that does not occur; it names the field, and names like it.
 */
export function resolveFilters(filters: QuestionFilters | undefined, catalogue: Catalogue): QuestionFilters {
  if (!filters) return {};
  const resolved = (field: "pipelines" | "techs" | "environments") => {
    const wanted = filters[field];
    return (
      wanted && {
        [field]: [...new Set(wanted.flatMap((name, index) => namedIn(catalogue[field] ?? [], name, `filters.${field}.${index}`)))],
      }
    );
  };
  return { ...filters, ...resolved("pipelines"), ...resolved("techs"), ...resolved("environments") };
}

/** The name that is written so, else all that differ from it in case and accents only, as in the text of a question. */
function namedIn(known: readonly string[], name: string, place: string): string[] {
  const folded = foldText(name).trim();
  const same = known.filter((each) => each.normalize("NFC").trim() === name.normalize("NFC").trim());
  if (same.length > 0) return same;
  const alike = known.filter((each) => foldText(each).trim() === folded);
  if (alike.length > 0) return alike;
  const near = known
    .map((each) => ({ each, distance: editDistance(foldText(each), folded, 8) }))
    .filter(({ each, distance }) => distance <= Math.max(2, folded.length * 0.4) || foldText(each).includes(folded))
    .sort((a, b) => a.distance - b.distance || (a.each < b.each ? -1 : 1))
    .slice(0, nearShown)
    .map(({ each }) => `"${each}"`);
  const hint = near.length > 0 ? `close to it: ${near.join(", ")}` : "leave it out, or take one that occurs";
  throw new AppError("invalid_input", `invalid request: ${place}: no such name in the data; ${hint}`);
}

/** What the filters restrict beside the window. */
export const limitsOf = ({ pipelines, techs, environments, statuses }: QuestionFilters): RunLimits => ({
  pipelines,
  techs,
  environments,
  statuses,
});

/**
 * The plan within the filters' window: it takes the place of a default, and narrows a period that the question names.
 * @throws AppError `invalid_input` when the two have nothing in common: any figure would answer another question.
 */
export function withinWindow(plan: Plan, { from, to }: QuestionFilters, { zone, now }: { zone: string; now: Date }): Plan {
  if ((from === undefined && to === undefined) || plan.operation === "help") return plan;
  const limit = { from: from === undefined ? null : new Date(from), to: to === undefined ? now : new Date(to) };
  const label = (window: Omit<PlanWindow, "label">): PlanWindow => ({ ...window, label: windowLabel(plan.language, window, zone, now) });
  const asked = plan.window;
  if (!asked?.stated) return { ...plan, window: label({ ...limit, name: "span", stated: true }) };
  const start = !asked.from || (limit.from && limit.from > asked.from) ? limit.from : asked.from;
  const end = to !== undefined && limit.to < asked.to ? limit.to : asked.to;
  if (start && start >= end) {
    throw new AppError(
      "invalid_input",
      "invalid request: filters: from and to leave nothing of the period that the question names; widen them, or leave the period out of the question",
    );
  }
  const same = start?.getTime() === asked.from?.getTime() && end.getTime() === asked.to.getTime();
  return same ? plan : { ...plan, window: label({ from: start, to: end, name: "span", stated: true }) };
}
