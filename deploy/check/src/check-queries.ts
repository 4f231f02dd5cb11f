import { parser } from "@prometheus-io/lezer-promql";
import { parse } from "yaml";
import { z } from "zod";
import { problem, problemsOf, type Problem } from "./problem.js";

/** Names of the metrics that flow-rag's processes export, each with its labels. */
export type ExportedMetrics = ReadonlyMap<string, ReadonlySet<string>>;

const dashboard = z.looseObject({
  // A choice of the reader's: a cluster's Grafana knows its Prometheus by another name than ours.
  templating: z.looseObject({ list: z.array(z.looseObject({ name: z.literal("datasource"), type: z.literal("datasource") })).length(1) }),
  panels: z.array(
    z.looseObject({
      title: z.string(),
      datasource: z.looseObject({ uid: z.literal("${datasource}") }).optional(),
      targets: z.array(z.looseObject({ expr: z.string() })).default([]),
    }),
  ),
});
const rules = z.looseObject({
  groups: z.array(
    z.looseObject({
      rules: z.array(
        z.looseObject({ alert: z.string(), expr: z.string(), annotations: z.looseObject({ summary: z.string(), runbook: z.string() }) }),
      ),
    }),
  ),
});

/** Labels that Prometheus adds itself. */
const added = new Set(["job", "instance", "le"]);

/** One PromQL expression: its syntax, and that every metric and label in it is really exported. */
function checkQuery(where: string, expression: string, exported: ExportedMetrics): Problem[] {
  const problems: Problem[] = [];
  const tree = parser.parse(expression);
  const labels: string[] = [];
  const metrics: string[] = [];
  tree.iterate({
    enter: ({ name, from, to, type }) => {
      const text = expression.slice(from, to);
      if (type.isError) problems.push(problem(where, `not PromQL near "${expression.slice(Math.max(0, from - 10), to + 10)}"`));
      if (name === "Identifier") metrics.push(text);
      if (name === "LabelName") labels.push(text);
    },
  });
  const known = metrics.map((metric) =>
    metric === "up" ? added : (exported.get(metric) ?? exported.get(metric.replace(/_(bucket|sum|count)$/, ""))),
  );
  metrics.forEach((metric, index) => {
    if (!known[index]) problems.push(problem(where, `${metric} is not exported`));
  });
  for (const label of labels)
    if (!added.has(label) && known.every((own) => own && !own.has(label)))
      problems.push(problem(where, `${metrics.join(", ")}: no label ${label}`));
  return problems;
}

/** A Grafana dashboard: every panel's queries. */
export function checkDashboard(text: string, exported: ExportedMetrics): Problem[] {
  const read = dashboard.safeParse(JSON.parse(text));
  if (!read.success) return problemsOf(read.error);
  return read.data.panels.flatMap(({ title, targets }) => targets.flatMap(({ expr }) => checkQuery(title, expr, exported)));
}

/** A Prometheus rule file: every alert's expression, and the section of the guide that it sends the reader to. */
export function checkAlerts(text: string, { exported, guide }: { exported: ExportedMetrics; guide: string }): Problem[] {
  const read = rules.safeParse(parse(text));
  if (!read.success) return problemsOf(read.error);
  const headings = new Set([...guide.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading.toLowerCase()));
  return read.data.groups.flatMap((group) =>
    group.rules.flatMap(({ alert, expr, annotations: { runbook } }) => [
      ...checkQuery(alert, expr, exported),
      ...(headings.has(runbook.replace(/^docs\/OPERATIONS\.md: /, "").toLowerCase())
        ? []
        : [problem(alert, `the guide has no section "${runbook}"`)]),
    ]),
  );
}
