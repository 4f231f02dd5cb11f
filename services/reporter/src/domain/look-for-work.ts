import type { DeliveryStore, ReportStore } from "@flow-rag/stores";
import { dueReport, type DueReport, type Schedule } from "./due-report.js";

export type LookDeps = {
  readonly reports: Pick<ReportStore, "last" | "knownSince">;
  readonly deliveries: Pick<DeliveryStore, "due">;
  readonly sendReport: (due: DueReport) => Promise<unknown>;
  readonly sendDeliveries: (ids: readonly string[]) => Promise<unknown>;
  readonly catchUpMs: number;
  readonly now: () => Date;
};

const deliveriesALook = 500;

/**
 * Enqueues what is due: reports whose time has come or was missed, reports whose outbox was not filled, and deliveries nobody has in hand.
 * It reads the state, so whether a tick came, came late or came from two replicas changes nothing.
 */
export async function lookForWork(deps: LookDeps, schedules: readonly Schedule[], signal: AbortSignal): Promise<void> {
  const now = deps.now();
  for (const schedule of schedules) {
    const since = await deps.reports.knownSince(schedule.kind, now, signal);
    const last = await deps.reports.last(schedule.kind, signal);
    const unfinished = last && !last.isHandedOut ? { kind: last.kind, date: last.date, zone: last.zone, dueAt: last.dueAt } : undefined;
    const due = dueReport(schedule, { last, since, now, catchUpMs: deps.catchUpMs });
    for (const report of [unfinished, due]) if (report) await deps.sendReport(report);
  }
  const ids = await deps.deliveries.due(now, deliveriesALook, signal);
  if (ids.length > 0) await deps.sendDeliveries(ids);
}
