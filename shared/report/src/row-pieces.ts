import type { Mark } from "./document.js";
import type { ErrorState, Owner, Report } from "./report.js";
import { data, type Inline, type Voice } from "./voice.js";

export const plain = (text: string): Inline[] => (text === "" ? [] : [{ as: "plain", text }]);

/** What an error is to the reader: never by colour alone. */
export function errorMark(state: ErrorState, { text }: Voice): Mark {
  switch (state) {
    case "new":
      return { emoji: "new", label: text("nouvelle", "new"), tone: "bad" };
    case "regressed":
      return { emoji: "repeat", label: text("revenue", "back"), tone: "bad" };
    case "ongoing":
      return { emoji: "arrow_forward", label: text("en cours", "ongoing"), tone: "plain" };
    case "resolved":
      return { emoji: "white_check_mark", label: text("rétablie", "recovered"), tone: "good" };
  }
}

const ownersNamed = 3;

export function ownerNames(owners: readonly Owner[], { line, text, count }: Voice): Inline[] {
  if (owners.length === 0) return [];
  const names = owners.slice(0, ownersNamed).flatMap((owner, index) => [...(index > 0 ? plain(", ") : []), data(owner.name, 60)]);
  const left = owners.length - ownersNamed;
  return line`${text("responsable ", "owner ")}${names}${left > 0 ? ` ${text("et", "and")} ${count(left, "other")}` : ""}`;
}

export const mentionsOf = (owners: readonly Owner[]): Inline[] =>
  owners.flatMap(({ name, mention }): Inline[] => (mention === null ? [] : [{ as: "mention", text: name, id: mention }]));

/** Whether the time of day alone names an instant of the report's last day. */
function isClear(iso: string, { window }: Report): boolean {
  const at = Date.parse(iso);
  return at >= Date.parse(window.to) - 86_400_000 && at < Date.parse(window.to);
}

/** `04:31`, or with its day when that is not sure. */
export function instantText(iso: string, report: Report, { format }: Voice): string {
  const at = new Date(iso);
  return isClear(iso, report) ? format.time(at) : `${format.dayOfYear(at, new Date(report.window.to))} ${format.time(at)}`;
}

export function spanText(first: string, last: string, report: Report, voice: Voice): string {
  const { format } = voice;
  const [start, end] = [new Date(first), new Date(last)];
  const isSameDay = format.day(start) === format.day(end) && end.getTime() - start.getTime() < 172_800_000;
  const day = isClear(first, report) && isClear(last, report) ? "" : `${format.dayOfYear(start, new Date(report.window.to))} `;
  const from = `${day}${format.time(start)}`;
  const to = `${day === "" || isSameDay ? "" : `${format.dayOfYear(end, new Date(report.window.to))} `}${format.time(end)}`;
  return isSameDay && format.time(start) === format.time(end) ? from : `${from}\u00a0→ ${to}`;
}
