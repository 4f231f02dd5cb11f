import type { RenderedReport, ReportRoute } from "@flow-rag/contracts";
import { composeDocument } from "./compose-document.js";
import { drawCharts, rasterise, type DrawingProblem } from "./draw-charts.js";
import type { ReportDocument } from "./document.js";
import { renderHtml } from "./render-html.js";
import { renderSlack, type ReportLink } from "./render-slack.js";
import { renderText, type Picture } from "./render-text.js";
import type { Report } from "./report.js";

export type RenderOptions = {
  /** Pages that a reader can go on with; buttons in Slack. */
  readonly links?: readonly ReportLink[] | undefined;
  readonly onProblem?: ((problem: DrawingProblem, error?: unknown) => void) | undefined;
};

/**
 * What a route is sent: the Slack message and its thread, the e-mail, the pictures. The same report always gives the same texts.
 * Pictures that cannot be drawn are left out and told to `onProblem`.
 */
export async function renderReport(report: Report, route: Pick<ReportRoute, "name">, options: RenderOptions = {}): Promise<RenderedReport> {
  const document = composeDocument(report, route.name);
  const charts = await rasterise(drawCharts(report, route.name), options.onProblem ?? (() => undefined));
  return {
    slack: renderSlack(document, options.links),
    email: renderEmail(document, charts),
    charts,
  };
}

/** Gmail shows no more than 102 kB. */
const mostBytes = 95_000;

/** Both texts show the same rows: as many as fit. An e-mail has no thread, so what the main message shortens is here in full. */
export function renderEmail(short: ReportDocument, pictures: readonly Picture[]): RenderedReport["email"] {
  const main = short.main.map((section) => (section.kind === "rows" ? { ...section, most: Infinity } : section));
  const document = { ...short, main };
  for (let most = 512; ; most = Math.floor(most / 2)) {
    const html = renderHtml(document, pictures, most);
    if (most === 0 || Buffer.byteLength(html) <= mostBytes) {
      return { subject: document.subject, text: renderText(document, pictures, most), html };
    }
  }
}
