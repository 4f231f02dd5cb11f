import { isUnfinished } from "@flow-rag/contracts";
import { foldText } from "../fold-text.js";
import { mergeWindows, readTime, type TimeWindow } from "../time/read-time.js";
import { precedingWindow, usualWindow, weekBefore } from "./compare-windows.js";
import type { PlanWindow } from "./plan.js";
import type { QuestionReading } from "./question-reading.js";
import { lateness, type Intent, type Operation } from "./read-intent.js";

type Asked = { readonly operation: Operation; readonly compared: boolean; readonly named: number };
type Clock = { readonly now: Date; readonly zone: string };
type Label = (window: Omit<PlanWindow, "label">) => PlanWindow;
type Windows = {
  readonly window: PlanWindow | null;
  readonly compareWindow: PlanWindow | null;
  /** Times that were read and make no one period together, as they are written. */
  readonly apart: readonly string[];
};

const defaultDays = 7;
/** "quels pipelines existent ?" is asked of all the data. */
const isCatalogue = (operation: Operation, { statuses }: Intent, rest: string): boolean =>
  (operation === "list" || operation === "count") &&
  statuses.length === 0 &&
  /(?<!\p{L})(?:exist\p{L}*|connai\p{L}*|do we have|do you know|avons nous|en tout|au total|in total|suive?z?|surveille\p{L}*|monitored)(?!\p{L})/u.test(
    rest,
  );
const meaning = /(?<!\p{L})(?:veut dire|veulent dire|signifie\w*|mean|means)(?!\p{L})/u;
const weekdayWords =
  /(?<!\p{L})(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday)(?!\p{L})/u;
const samePart =
  /(?<!\p{L})(?:(?:la |au )?meme (?:periode|epoque|date|moment|stade|jour|heure)|same (?:period|time|point|date|day|hour))(?!\p{L})/u;

/** The period that a question is about, and the one it is compared with. */
export function planWindows(reading: QuestionReading, { operation, compared, named }: Asked, { now, zone }: Clock, label: Label): Windows {
  const { text, intent, time, rest } = reading;
  const stated = (window: TimeWindow): PlanWindow => label({ from: window.from, to: window.to, name: window.name, stated: true });
  const apart: string[] = [];
  const written = () => time.windows.map(({ start, end }) => text.slice(start, end)).join(" … ");
  let windows = time.windows.map(stated);
  let compareWindow: PlanWindow | null = null;
  if (operation === "compare") {
    // "A contre B du 11 au 30": names are compared, and the period is that of both.
    const pair = time.ends && !compared ? time.ends.map(stated) : windows;
    const sorted = [...pair].sort((a, b) => b.to.getTime() - a.to.getTime() || (b.from?.getTime() ?? 0) - (a.from?.getTime() ?? 0));
    const twice = sorted.length >= 2 && sameWindow(sorted[0], sorted[1]);
    // "hier" and "mardi dernier" on a Wednesday: the Tuesday of the week before.
    if (twice && sorted[0] && weekdayWords.test(foldText(text))) sorted[1] = label(weekBefore(sorted[0], zone));
    else if (twice && sorted[0] && /d'avant|precedent|before|previous|dernier|last/.test(rest + foldText(text)))
      sorted[1] = label(precedingWindow(sorted[0], zone));
    else if (twice) {
      // A time compared with itself says nothing.
      apart.push(written());
    }
    if (sorted.length >= 2) [windows, compareWindow] = [[sorted[0] as PlanWindow], sorted[1] as PlanWindow];
    else if (!compared && sorted[0]) {
      const [only] = sorted;
      // "par rapport à hier" names what to compare with; "compare hier" what is compared.
      const reference = isReference(text, time.windows[0]);
      compareWindow = reference ? only : label(precedingWindow(only, zone));
      windows = [reference ? label(usualWindow(only, now, zone)) : only];
    }
    // "vs la même période le mois dernier": as much of it as there is of this one.
    const [asked] = windows;
    if (asked && compareWindow && samePart.test(foldText(text)) && asked.to >= now) compareWindow = label(precedingWindow(asked, zone));
  }
  const merged = windows.length > 1 ? mergeWindows(time.windows) : undefined;
  if (windows.length > 1 && !merged) apart.push(written());
  const window = merged
    ? stated(merged)
    : (windows[0] ??
      (time.unread.length > 0 ||
      isRunning(intent) ||
      isEver(operation, rest) ||
      isCatalogue(operation, intent, rest) ||
      (operation === "explain" && meaning.test(rest))
        ? null
        : defaultWindow({ operation, named, rest }, { now, zone }, label)));
  if (operation === "compare" && !compareWindow && !compared && window?.from) compareWindow = label(precedingWindow(window, zone));
  return { window, compareWindow, apart };
}

/** "a déjà planté ?", "never failed": asked of all the data. */
const isEver = (operation: Operation, rest: string): boolean =>
  operation !== "help" && operation !== "explain" && /(?<!\p{L})(?:jamais|never|deja)(?!\p{L})/u.test(rest);

const sameWindow = (a: PlanWindow | undefined, b: PlanWindow | undefined): boolean =>
  a?.from?.getTime() === b?.from?.getTime() && a?.to.getTime() === b?.to.getTime();

/** What is running or waiting is so now, whenever it began. */
const isRunning = ({ statuses }: Intent): boolean => statuses.length > 0 && statuses.every(isUnfinished);

function defaultWindow(
  { operation, named, rest }: { operation: Operation; named: number; rest: string },
  { now, zone }: Clock,
  label: Label,
): PlanWindow | null {
  if (
    operation === "help" ||
    operation === "similar" ||
    operation === "last" ||
    operation === "first" ||
    (operation === "status" && named > 0)
  )
    return null;
  if (operation === "missing") {
    const [day] = readTime(lateness.test(rest) ? "aujourd'hui" : "hier", now, zone).windows;
    return day ? label({ from: day.from, to: day.to, name: day.name, stated: false }) : null;
  }
  const [days] = readTime(`${defaultDays} derniers jours`, now, zone).windows;
  return days ? label({ from: days.from, to: days.to, name: days.name, stated: false }) : null;
}

function isReference(text: string, window: TimeWindow | undefined): boolean {
  return (
    window !== undefined &&
    /(?:par rapport (?:a|au|aux)|compared? (?:to|with)|compare (?:a|avec)|que|qu'|qu’|than|vs\.?|versus|contre|against|depuis)\s*(?:le|la|les|l'|the|d'|ceux d'|celle de|celui d')?\s*$/.test(
      foldText(text.slice(0, window.start)),
    )
  );
}
