import { escapeMarkup } from "@flow-rag/kernel";

/** Okabe and Ito's palette, which colour-blind readers tell apart. Source: jfly.uni-koeln.de/color, "Color Universal Design" (2008). */
export const palette = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7"] as const;
export const others = "#7A7A7A";
export const ink = "#1a1f24";
export const faint = "#5b6670";
export const rule = "#d5dbe1";

export const width = 600;
export const fontFamily = "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif";

type TextOptions = {
  readonly size?: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly fill?: string;
  readonly weight?: number;
};

/** All text of a picture goes through here: an unescaped `&` would make the whole drawing fail. */
export const svgText = (
  x: number,
  y: number,
  text: string,
  { size = 17, anchor = "start", fill = ink, weight = 400 }: TextOptions = {},
): string =>
  `<text x="${round(x)}" y="${round(y)}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="${fill}">${escapeMarkup(text)}</text>`;

export const svgRect = (x: number, y: number, w: number, h: number, fill: string, more = ""): string =>
  `<rect x="${round(x)}" y="${round(y)}" width="${round(w)}" height="${round(h)}" fill="${fill}"${more}/>`;

/** A picture on a ground of its own, so that it reads on light and on dark. */
export const svgPicture = (height: number, title: string, content: readonly string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${fontFamily}" role="img">`,
    `<title>${escapeMarkup(title)}</title>`,
    svgRect(0, 0, width, height, "#ffffff"),
    ...content,
    "</svg>",
  ].join("\n");

const round = (value: number): number => Math.round(value * 10) / 10;

/** The text that fits beside something, at about 0.6 of the size per character. Cut in its middle: names often differ at their ends. */
export function fitText(text: string, room: number, size: number): string {
  const most = Math.max(3, Math.floor(room / (size * 0.6)));
  const characters = [...text];
  if (characters.length <= most) return text;
  const head = Math.ceil((most - 1) / 2);
  return `${characters.slice(0, head).join("")}…${characters.slice(head + 1 - most).join("")}`;
}

/** The text in two lines beside something where one is too short; cut as `fitText` does where two are. */
export function fitLines(text: string, room: number, size: number): string[] {
  const most = Math.max(3, Math.floor(room / (size * 0.6)));
  const characters = [...fitText(text, room * 2, size)];
  if (characters.length <= most) return [characters.join("")];
  const line = characters.slice(0, most);
  const word = Math.max(line.lastIndexOf(" "), line.lastIndexOf("-"), line.lastIndexOf("_")) + 1;
  const end = characters.length - word <= most && word > 0 ? word : most;
  return [characters.slice(0, end).join("").trim(), characters.slice(end).join("").trim()];
}

/** A round number of at least `value` for the end of an axis. */
export function niceCeiling(value: number): number {
  if (value <= 5) return Math.max(1, Math.ceil(value));
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((step) => step * unit).find((end) => end >= value && Number.isInteger(end)) ?? 10 * unit;
}
