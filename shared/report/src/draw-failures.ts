import { cleanLine, parseInstant } from "@flow-rag/kernel";
import type { DayFigures } from "./report.js";
import { faint, fitText, niceCeiling, others, palette, rule, svgPicture, svgRect, svgText, width } from "./svg.js";
import type { Voice } from "./voice.js";

export type Drawing = { readonly name: string; readonly alt: string; readonly svg: string };

const plot = { right: 14, top: 52, height: 200 };
const axisSize = 15;
const labelled = 3;

/** Failures of each day, stacked by techno: the six with the most failures, and all others together. */
export function drawFailures(days: readonly DayFigures[], voice: Voice): Drawing {
  const { text, number, count } = voice;
  const totals = new Map<string, number>();
  for (const { failures } of days) for (const { tech, count: failed } of failures) totals.set(tech, (totals.get(tech) ?? 0) + failed);
  const ranked = [...totals].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const shown = ranked.slice(0, palette.length).map(([tech]) => tech);
  const hasOthers = ranked.length > shown.length;
  const sums = days.map(({ failures }) => failures.reduce((sum, { count: failed }) => sum + failed, 0));
  const top = niceCeiling(Math.max(1, ...sums) * 1.08); // room for the figure above the highest bar
  const left = Math.max(46, 20 + [...number(top)].length * axisSize * 0.65);
  const step = (width - left - plot.right) / Math.max(1, days.length);
  const base = plot.top + plot.height;
  const heightOf = (failed: number): number => (failed / top) * plot.height;

  const bars = days.flatMap(({ failures, runs, date }, index) => {
    const x = left + index * step;
    let y = base;
    const parts = [...shown, null].flatMap((tech, rank) => {
      const failed = failures
        .filter((one) => (tech === null ? !shown.includes(one.tech) : one.tech === tech))
        .reduce((sum, one) => sum + one.count, 0);
      if (failed === 0) return [];
      y -= heightOf(failed);
      return [svgRect(x + 3, y, step - 6, heightOf(failed), palette[rank] ?? others, ' stroke="#ffffff" stroke-width="1"')];
    });
    const sum = sums[index] ?? 0;
    const isLabelled = (days.length - 1 - index) % labelled === 0;
    return [
      ...parts,
      ...(sum > 0 ? [svgText(x + step / 2, y - 5, number(sum), { size: 15, anchor: "middle", weight: 700 })] : []),
      ...(runs === 0 ? [svgText(x + step / 2, base - 6, "?", { size: 15, anchor: "middle", fill: faint })] : []),
      ...(isLabelled
        ? [svgText(Math.min(x + step / 2, width - 36), base + 22, dayText(date, voice), { size: 15, anchor: "middle", fill: faint })]
        : []),
    ];
  });
  const axis = [0, top].flatMap((value) => [
    svgRect(left, base - heightOf(value), width - left - plot.right, 1, rule),
    svgText(left - 8, base - heightOf(value) + 5, number(value), { size: axisSize, anchor: "end", fill: faint }),
  ]);
  const silent = days.filter(({ runs }) => runs === 0).length;
  const entries = [
    ...shown.map((tech, index) => ({ name: cleanLine(tech, 40), colour: palette[index] ?? others })),
    ...(hasOthers ? [{ name: text("autres", "others"), colour: others }] : []),
    ...(silent > 0 ? [{ name: text("aucune exécution", "no run"), colour: undefined }] : []),
  ];
  const legendTop = base + 48;
  const legend = entries.flatMap(({ name, colour }, index) => {
    const [x, y] = [20 + (index % 3) * 192, legendTop + Math.floor(index / 3) * 26];
    const sign = colour === undefined ? svgText(x + 3, y, "?", { size: axisSize, fill: faint }) : svgRect(x, y - 13, 15, 15, colour);
    return [sign, svgText(x + 22, y, fitText(name, 162, 16), { size: 16 })];
  });
  const title = text(`Échecs par jour et par techno, ${days.length} jours`, `Failures per day and techno, ${days.length} days`);
  const height = legendTop + Math.max(0, Math.ceil(entries.length / 3) - 1) * 26 + 18;
  const unseen = silent > 0 ? text(` ; sans aucune exécution : ${count(silent, "day")}`, `; without any run: ${count(silent, "day")}`) : "";
  const byDay = days.flatMap(({ date }, index) => (sums[index] ? [`${dayText(date, voice)} ${number(sums[index])}`] : [])).join(", ");
  const byTech = ranked
    .slice(0, palette.length)
    .map(([tech, failed]) => `${cleanLine(tech, 40)} ${number(failed)}`)
    .join(", ");
  const all = count(
    sums.reduce((sum, failed) => sum + failed, 0),
    "failure",
  );
  return {
    name: "failures-by-day.png",
    alt: `${title}${text(" : ", ": ")}${all}. ${byDay}${unseen}. ${byTech}${hasOthers ? `, ${text("autres", "others")} ${number(ranked.slice(palette.length).reduce((sum, [, failed]) => sum + failed, 0))}` : ""}.`,
    svg: svgPicture(height, title, [svgText(16, 30, title, { size: 18, weight: 700 }), ...axis, ...bars, ...legend]),
  };
}

/** `6 mai` */
export const dayText = (date: string, { format, zone }: Voice): string =>
  format.date(parseInstant(`${date}T12:00`, zone) ?? new Date(date));
