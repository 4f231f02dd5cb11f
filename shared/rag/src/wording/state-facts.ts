import type { RunStatus } from "@flow-rag/contracts";
import type { FactGroup, Facts } from "../facts/facts.js";
import { rateOf } from "../facts/rate.js";
import { matchingText, type Voice } from "./voice.js";
import { code, groupNamed, inertName, runsNamed, typeset } from "./words.js";

const groupsStated = 60;

/** What the facts say beyond the template's lines, one subject a sentence: what a text may say as well. */
export function stateFacts(voice: Voice, facts: Facts): string[] {
  const { plan, format, french, language } = voice;
  const counted = (status: RunStatus, count: number) => `${format.number(count)} ${runsNamed(language, [status], count)}.`;
  const statements = Object.entries(facts.byStatus).map(([status, count]) => counted(status as RunStatus, count));
  for (const status of ["failed", "success"] as const) {
    const count = facts.byStatus[status] ?? 0;
    if (count === 0 && facts.runs > 0) statements.push(counted(status, 0));
    const name = status === "failed" ? (french ? "Taux d’échec" : "Failure rate") : french ? "Taux de succès" : "Success rate";
    const { part, of } = rateOf(facts, [status]);
    if (of > 0) statements.push(`${name}${french ? " :" : ":"} ${format.share(part, of)}.`);
  }
  if (plan.groupBy && facts.groupCount > 0)
    statements.push(`${format.number(facts.groupCount)} ${groupNamed(language, plan.groupBy, facts.groupCount)}.`);
  const named = plan.groupBy === "pipeline" || plan.groupBy === "tech" || plan.groupBy === "environment";
  if (named) for (const group of facts.groups.slice(0, groupsStated)) statements.push(...stateGroup(voice, group));
  return statements.map((statement) => typeset(language, statement));
}

function stateGroup(voice: Voice, group: FactGroup): string[] {
  const { plan, format, french, language } = voice;
  if (group.key === "") return [];
  const colon = french ? " :" : ":";
  const statements = [`${code(group.key)}${colon} ${matchingText(voice, group.count, group.runs)}.`];
  if (plan.groupBy === "pipeline") statements.push(...group.techs.map((tech) => `${code(group.key)} (${inertName(tech)}).`));
  else
    statements.push(
      `${code(group.key)}${colon} ${format.number(group.pipelines.length)} ${groupNamed(language, "pipeline", group.pipelines.length)}.`,
    );
  return statements;
}
