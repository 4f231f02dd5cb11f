import { reportId, type ReportKind, type ReportWindow } from "@flow-rag/contracts";
import { DateTime } from "@flow-rag/kernel";
import { latestSlot, type CronFields } from "./cron-slots.js";

export type Schedule = { readonly kind: ReportKind; readonly fields: CronFields; readonly zone: string };
export type DueReport = Pick<ReportWindow, "kind" | "date" | "zone" | "dueAt">;
type Written = Pick<ReportWindow, "kind" | "date" | "zone" | "to">;

/**
 * The report that is wanted at `now`, from what is stored and not from which tick fired: the latest slot, if no report covers it, it is
 * not older than the catch-up, and it came after the schedule was first known (`since`). A slot missed for longer is left to the next one.
 */
export function dueReport(
  schedule: Schedule,
  { last, since, now, catchUpMs }: { last: Written | undefined; since: Date; now: Date; catchUpMs: number },
): DueReport | undefined {
  const { kind, fields, zone } = schedule;
  const slot = latestSlot(fields, zone, now);
  if (!slot || slot.dueAt <= since || now.getTime() - slot.dueAt.getTime() > catchUpMs) return undefined;
  const due = { kind, zone, ...slot };
  const isCovered = last !== undefined && (last.to >= slot.dueAt || reportId(last) === reportId(due));
  return isCovered ? undefined : due;
}

/** A report begun this long after it was due says that it is late, and reaches up to when it was begun. Milliseconds. */
const lateAfterMs = 600_000;

/**
 * From the end of the last written report, so that nothing falls between two; without one, a local day or week. Undefined when the
 * last report reaches that far already.
 */
export function windowOf(due: DueReport, last: Written | undefined, now: Date): ReportWindow | undefined {
  const isLate = now.getTime() - due.dueAt.getTime() > lateAfterMs;
  const to = isLate ? now : due.dueAt;
  const length = due.kind === "daily" ? { days: 1 } : { weeks: 1 };
  const from = last?.to ?? DateTime.fromJSDate(to, { zone: due.zone }).minus(length).toJSDate();
  return from < to ? { ...due, from, to, isFirst: last === undefined, isLate } : undefined;
}
