import type { Grounds, Violation } from "./grounds.js";
import type { Token } from "./tokens.js";

/** A curve gives each day or hour once, and the hour that repeats in autumn twice: one given more often stands where another belongs. */
export function checkCurve(tokens: readonly Token[], known: readonly string[], { language }: Grounds): Violation[] {
  const said = curveOf(tokens);
  const times = (periods: readonly string[], period: string): number => periods.filter((each) => each === period).length;
  return said.every((period) => times(said, period) <= Math.max(times(known, period), 1))
    ? []
    : [{ check: "date", text: language === "fr" ? "Une période est donnée deux fois." : "One period is given twice." }];
}

const periodOf = (token: Token): string | undefined => {
  if (token.is === "date") return token.day;
  if (token.is === "clock") return `${hourOfDay}${token.minute}`;
  return token.is === "period" && token.key.startsWith("month:") ? token.key : undefined;
};
const hourOfDay = "clock:";
/** Whether a curve is by the hour of the day, over all days. */
export const isByHourOfDay = (curve: readonly string[]): boolean =>
  curve.length > 0 && curve.every((period) => period.startsWith(hourOfDay));

/** The days, hours or months that lines of a text begin with, before a colon. */
export function curveOf(tokens: readonly Token[]): string[] {
  const periods: string[] = [];
  let start = true;
  for (const [index, token] of tokens.entries()) {
    const period = periodOf(token);
    const after = tokens[index + 1];
    const colon = after?.is === "clock" ? tokens[index + 2] : after;
    if (start && period !== undefined && colon?.is === "mark" && colon.text === ":")
      periods.push(`${period} ${token.is === "date" ? (token.year ?? "") : ""} ${after?.is === "clock" ? after.minute : ""}`);
    start = token.is === "end" && token.of === "line";
  }
  return periods;
}
