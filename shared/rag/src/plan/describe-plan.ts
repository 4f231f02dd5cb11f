import type { RunStatus } from "@flow-rag/contracts";
import { createFormat } from "../number-format.js";
import { boundNamed } from "../wording/word-bound.js";
import { code, comparedWith, quote, runsNamed, typeset, upperFirst } from "../wording/words.js";
import type { Plan } from "./plan.js";
import type { GroupBy } from "./group-words.js";

const groups: Record<Plan["language"], Record<GroupBy, string>> = {
  fr: {
    pipeline: "par pipeline",
    tech: "par techno",
    environment: "par environnement",
    signature: "par erreur",
    status: "par statut",
    hour: "par heure",
    day: "par jour",
    week: "par semaine",
    month: "par mois",
  },
  en: {
    pipeline: "by pipeline",
    tech: "by techno",
    environment: "by environment",
    signature: "by error",
    status: "by status",
    hour: "by hour",
    day: "by day",
    week: "by week",
    month: "by month",
  },
};

/** What a plan asks for, as a question in words: `Échecs par techno, \`Spark\`, avant-hier (lun. 4 mai)`. */
export function describePlan(plan: Plan, zone: string): string {
  const { operation, language, filters, window, compareWindow, groupBy } = plan;
  const french = language === "fr";
  const format = createFormat(language, zone);
  const ungrouped = operation === "missing" || operation === "explain" || (operation === "first" && groupBy === null) || plan.only !== null;
  const by = groupBy && !ungrouped ? ` ${groups[language][groupBy]}` : "";
  const names = [...filters.pipelines, ...filters.techs, ...filters.environments].map(code);
  const leftOut = filters.excluded ? [...filters.excluded.pipelines, ...filters.excluded.techs, ...filters.excluded.environments] : [];
  const longer = filters.minDurationMs === null ? [] : [`> ${format.duration(filters.minDurationMs)}`];
  const shorter = filters.maxDurationMs === null ? [] : [`< ${format.duration(filters.maxDurationMs)}`];
  const versus = compareWindow ? ` ${comparedWith(language, compareWindow.label)}` : "";
  const parts = [
    subject(plan) + by,
    ...names,
    ...(leftOut.length > 0 ? [`${french ? "hors" : "without"} ${leftOut.map(code).join(", ")}`] : []),
    ...(filters.signatureText === null ? [] : [quote(language, filters.signatureText)]),
    ...(plan.bound ? [boundNamed(language, plan.bound, filters.statuses)] : []),
    ...longer,
    ...shorter,
    ...(window ? [window.label + versus] : []),
  ];
  return typeset(language, upperFirst(parts.join(", ")));
}

function subject({ operation, language, filters, limit, measure, without, only }: Plan): string {
  const french = language === "fr";
  const runs = (count = 2) => statusesNamed(language, filters.statuses, count);
  if (only === "new") return french ? "erreurs jamais vues auparavant" : "errors never seen before";
  if (only === "latest") return french ? `dernier passage (${runs(1)})` : `last run (${runs(1)})`;
  if (without) return `${french ? "sans" : "without"} ${runs(french ? 0 : 1)}`;
  switch (operation) {
    case "list":
      return runs();
    case "count":
      return french ? `nombre de ${runs()}`.replace(/de (?=[aeiouéê])/, "d’") : `number of ${runs()}`;
    case "rate":
      return french ? `taux de ${runs(1)}`.replace(/de (?=[aeiouéê])/, "d’") : `rate of ${runs()}`;
    case "top":
      return `top ${limit ?? 5} (${runs()})`;
    case "compare":
      return french ? `comparaison (${runs()})` : `comparison (${runs()})`;
    case "trend":
      return french ? `évolution (${runs()})` : `trend (${runs()})`;
    case "last":
      return french ? `le plus récent (${runs(1)})` : `the latest (${runs(1)})`;
    case "first":
      return french ? `le premier (${runs(1)})` : `the first (${runs(1)})`;
    case "duration":
      return measureNamed(measure, french);
    case "missing":
      return french ? "pipelines sans exécution" : "pipelines without a run";
    case "status":
      return french ? "bilan" : "summary";
    case "explain":
      return french ? `causes (${runs()})` : `causes (${runs()})`;
    case "similar":
      return french ? "erreurs semblables" : "similar errors";
    case "help":
      return french ? "aide" : "help";
  }
}

const statusesNamed = (language: Plan["language"], statuses: readonly RunStatus[], count: number): string =>
  statuses.length > 1
    ? statuses.map((status) => runsNamed(language, [status], count)).join(language === "fr" ? " ou " : " or ")
    : runsNamed(language, statuses, count);

function measureNamed(measure: Plan["measure"], french: boolean): string {
  if (measure === "slowest") return french ? "exécutions les plus longues" : "longest runs";
  if (measure === "fastest") return french ? "exécutions les plus courtes" : "shortest runs";
  if (measure === "p95") return french ? "p95 des durées" : "p95 duration";
  if (measure === "average") return french ? "durée moyenne" : "average duration";
  return french ? "durée médiane" : "median duration";
}
