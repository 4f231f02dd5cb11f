import type { ReportChart } from "@flow-rag/contracts";
import { drawFailures, type Drawing } from "./draw-failures.js";
import { drawHeatMap } from "./draw-heat-map.js";
import { partFor, type Report } from "./report.js";
import { fontFamily } from "./svg.js";
import { createVoice } from "./voice.js";

const altLength = 2_000; // Slack's limit

/** The pictures of a route's part as SVG; none when nothing failed on their days, or when there is no data. */
export function drawCharts(report: Report, route: string): Drawing[] {
  const part = partFor(report, route);
  if (part.verdict !== "eventful" || part.worst.length === 0) return [];
  const voice = createVoice(report.language, report.zone);
  return [drawFailures(part.days, voice), drawHeatMap(part.worst, part.days, voice)].map((drawing) => ({
    ...drawing,
    alt: [...drawing.alt].length > altLength ? `${[...drawing.alt].slice(0, altLength - 1).join("")}…` : drawing.alt,
  }));
}

/** Why pictures could not be drawn; the report is complete without them. */
export type DrawingProblem = "no font" | "failed";
const scale = 2;

/** SVG to PNG at twice its size. Nothing when the system has no font, since unlabelled pictures say nothing, or when drawing fails. */
export async function rasterise(
  drawings: readonly Drawing[],
  onProblem: (problem: DrawingProblem, error?: unknown) => void,
): Promise<ReportChart[]> {
  if (drawings.length === 0) return [];
  try {
    const { default: sharp } = await import("sharp"); // a native library: where it does not load, reports go without pictures
    const toPng = (svg: string): Promise<Buffer> =>
      sharp(Buffer.from(svg), { density: 72 * scale })
        .png({ compressionLevel: 9, palette: true })
        .toBuffer();
    if (!(await hasFonts(toPng))) {
      onProblem("no font");
      return [];
    }
    return await Promise.all(drawings.map(async ({ name, alt, svg }) => ({ name, alt, png: new Uint8Array(await toPng(svg)) })));
  } catch (error) {
    onProblem("failed", error);
    return [];
  }
}

/** Without fonts every character is drawn as the same empty box, or not at all. */
async function hasFonts(toPng: (svg: string) => Promise<Buffer>): Promise<boolean> {
  const draw = (text: string) =>
    toPng(
      `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30" font-family="${fontFamily}"><text x="2" y="22">${text}</text></svg>`,
    );
  const [thin, wide] = await Promise.all([draw("ill"), draw("ÉMW")]);
  return !thin.equals(wide);
}
