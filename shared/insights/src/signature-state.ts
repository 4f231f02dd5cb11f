const dayMs = 86_400_000;

/** What the days on which an error was seen say of it. */
export type SignatureState = {
  /** `new`: first seen within the quiet days; `regressed`: back within them after as many without it; `quiet`: not seen for as many; else `ongoing`. */
  readonly state: "new" | "regressed" | "ongoing" | "quiet";
  /** UTC day, `2026-05-05`, on which it last came back after the quiet days; null when it never went away. */
  readonly regressedOn: string | null;
};

/**
 * The state of an error as of an instant, from the UTC days on which it was seen, in ascending order. Worked out from the runs each time: records
 * come in any order, so what was noted on the way could not be right.
 */
export function signatureState(days: readonly string[], now: Date, quietDays: number): SignatureState {
  const at = days.map((day) => Date.parse(day)).filter((day) => day <= now.getTime());
  const returned = at.findLastIndex((day, index) => index > 0 && day - (at[index - 1] ?? day) > quietDays * dayMs);
  const regressed = at[returned];
  const isRecent = (day: number | undefined): boolean => day !== undefined && now.getTime() - day <= quietDays * dayMs;
  const regressedOn = regressed === undefined ? null : new Date(regressed).toISOString().slice(0, "2026-05-05".length);
  if (!isRecent(at.at(-1))) return { state: "quiet", regressedOn };
  if (isRecent(at[0])) return { state: "new", regressedOn };
  return { state: isRecent(regressed) ? "regressed" : "ongoing", regressedOn };
}
