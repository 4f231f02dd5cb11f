import type { RenderedReport, ReportRoute, ReportSight } from "@flow-rag/contracts";
import { buildReport, type ReportDeps, type ReportInput } from "./build-report.js";
import { renderReport, type RenderOptions } from "./render-report.js";
import type { Report } from "./report.js";

export type ContentInput = ReportInput & RenderOptions;

/** A report, computed and rendered once for each route that it is sent to. `report` is plain JSON. */
export async function writeContent(
  deps: ReportDeps,
  input: ContentInput,
  signal: AbortSignal,
): Promise<{ report: Report; routes: { route: ReportRoute; rendered: RenderedReport }[]; sight: ReportSight }> {
  const { report, sight } = await buildReport(deps, input, signal);
  const routes: { route: ReportRoute; rendered: RenderedReport }[] = [];
  for (const { name, slack, email, isDefault } of input.routes) {
    // A default route has nothing to say when every pipeline is another route's.
    if (isDefault && report.all.verdict !== "no_data" && report.parts[name]?.isEmpty) continue;
    routes.push({ route: { name, slack, email }, rendered: await renderReport(report, { name }, input) });
  }
  return { report, routes, sight };
}
