import { cleanLine } from "@flow-rag/kernel";
import { dayText, type Drawing } from "./draw-failures.js";
import type { DayFigures, PipelineDays } from "./report.js";
import { faint, fitLines, ink, svgPicture, svgRect, svgText, width } from "./svg.js";
import type { Voice } from "./voice.js";

const names = 190;
const right = 10;
const top = 52;
const rowHeight = 32;
const smallSize = 13;
const labelled = 3;
/** One hue from light to dark, so that more is darker for every eye. Source: ColorBrewer's "Blues" and beyond its end. */
const shades = ["#e8f1f8", "#b9d6ea", "#7fb3d8", "#3f8dc2", "#0b5f9e", "#063a66"] as const;
const noRun = "#f3f4f6";

/** One line, or two smaller ones. */
function labelOf(name: string, y: number): string[] {
  const [one, ...more] = fitLines(name, names - 16, 15);
  if (one !== undefined && more.length === 0) return [svgText(names - 10, y + 21, one, { size: 15, anchor: "end" })];
  return fitLines(name, names - 16, smallSize).map((line, index) =>
    svgText(names - 10, y + 14 + index * 14, line, { size: smallSize, anchor: "end" }),
  );
}

/** Failures of the pipelines that fail most, one row each and one column a day. */
export function drawHeatMap(worst: readonly PipelineDays[], days: readonly DayFigures[], voice: Voice): Drawing {
  const { text, number, count } = voice;
  const most = Math.max(1, ...worst.flatMap(({ failures }) => failures));
  const step = (width - names - right) / Math.max(1, days.length);
  const shadeOf = (failed: number): number =>
    failed === 0 ? 0 : Math.min(shades.length - 1, Math.max(1, Math.ceil((failed / most) * (shades.length - 1))));
  const rows = worst.flatMap(({ pipeline, failures }, row) => {
    const y = top + row * rowHeight;
    return [
      ...labelOf(cleanLine(pipeline, 120), y),
      ...failures.flatMap((failed, index) => {
        const x = names + index * step;
        const shade = shadeOf(failed);
        const isSilent = days[index]?.runs === 0;
        return [
          svgRect(x + 1, y + 1, step - 2, rowHeight - 2, isSilent ? noRun : (shades[shade] ?? shades[0]), ' rx="3"'),
          ...(failed > 0
            ? [
                svgText(x + step / 2, y + 21, failed > 999 ? "1k+" : String(failed), {
                  size: failed > 99 ? 12 : 15,
                  anchor: "middle",
                  weight: 700,
                  fill: shade >= 3 ? "#ffffff" : ink,
                }),
              ]
            : []),
        ];
      }),
    ];
  });
  const base = top + worst.length * rowHeight;
  const dates = days.flatMap(({ date }, index) =>
    (days.length - 1 - index) % labelled === 0
      ? [
          svgText(Math.min(names + index * step + step / 2, width - 36), base + 22, dayText(date, voice), {
            size: 15,
            anchor: "middle",
            fill: faint,
          }),
        ]
      : [],
  );
  const title = text(
    worst.length === 1 ? "Échecs par jour du pipeline en échec" : `Échecs par jour des ${worst.length} pipelines les plus touchés`,
    worst.length === 1 ? "Failures per day of the failing pipeline" : `Failures per day of the ${worst.length} worst pipelines`,
  );
  const lines = worst.map(({ pipeline, failures }) => {
    const told = failures.flatMap((failed, index) => (failed > 0 ? [`${dayText(days[index]?.date ?? "", voice)} ${number(failed)}`] : []));
    return `${cleanLine(pipeline, 60)} ${count(
      failures.reduce((sum, failed) => sum + failed, 0),
      "failure",
    )} (${told.join(", ")})`;
  });
  return {
    name: "worst-pipelines.png",
    alt: `${title}${text(" : ", ": ")}${lines.join(text(" ; ", "; "))}.`,
    svg: svgPicture(base + 36, title, [svgText(16, 30, title, { size: 18, weight: 700 }), ...rows, ...dates]),
  };
}
