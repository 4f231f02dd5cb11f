import type { Evaluate } from "@flow-rag/testing";
import { readFileSync } from "node:fs";
import { planQuestion } from "../src/index.js";
import { readCatalogues } from "./catalogues.js";
import { briefPlan, judgePlan } from "./judge-plan.js";
import { readPlanCases, type PlanCase } from "./read-plan-cases.js";

const spellings: Record<string, (text: string) => string> = {
  "as written": (text) => text,
  "no accents": (text) => (/\bdès\b/.test(text) ? text : text.normalize("NFD").replace(/\p{Mn}/gu, "")),
  "curly apostrophes": (text) => text.replaceAll("'", "’"),
  "no question mark": (text) => text.replace(/ ?\?$/, ""),
  capitals: (text) => (/["«:]|\d[hjm]\b|[a-z][A-Z]/.test(text) ? text : text.toUpperCase()),
};

/** Every question of plan-questions.txt in several spellings: its plan must be the one that was worked out by hand. `--show` prints all plans. */
export const evaluate: Evaluate = async (args) => {
  const skipped: string[] = [];
  const catalogues = readCatalogues(skipped);
  const file = args.find((each) => each.endsWith(".txt"));
  const cases = readPlanCases(readFileSync(file ?? new URL("plan-questions.txt", import.meta.url), "utf8"));
  const failures: string[] = [];
  let asked = 0;
  const table = Object.entries(spellings).map(([spelling, change]) => {
    const wrong = cases.filter((each) => {
      const catalogue = catalogues.get(each.catalogue);
      if (!catalogue) return false;
      asked += 1;
      const question = change(each.question);
      const plan = planQuestion(question, { now: each.now, zone: each.zone, catalogue });
      const faults = judgePlan(plan, each);
      if (args.includes("--show") && spelling === "as written") console.error(`${question}\n    ${briefPlan(plan, each.zone)}`);
      if (faults.length > 0)
        failures.push(`${spelling}: ${question} => ${expectationOf(each)}\n  ${faults.join(" / ")}\n  ${briefPlan(plan, each.zone)}`);
      return faults.length > 0;
    });
    return { spelling, questions: cases.length, wrong: wrong.length };
  });
  for (const failure of failures.slice(0, args.includes("--all") ? undefined : 40)) console.error(failure);
  return {
    table,
    summary: { questions: cases.length, plans: asked, wrong: failures.length },
    passed: failures.length === 0,
    ...(skipped.length > 0 && { skipped: `${skipped.join(", ")}: not in ../shared/data/runs` }),
  };
};

const expectationOf = ({ window, operations, details }: PlanCase): string =>
  [window, operations.join("|"), ...[...details].map(([key, value]) => (value === "" ? key : `${key}=${value}`))].join(" ; ");
