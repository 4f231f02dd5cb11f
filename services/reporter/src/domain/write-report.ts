import { reportId, type Delivery, type ReportSight, type ReportWindow, type ReportWriteResult } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import type { DeliveryStore, ReportProgress, ReportStore, RoutedReport } from "@flow-rag/stores";
import { deliveriesOf, type DeliverySettings } from "./delivery-targets.js";
import { windowOf, type DueReport } from "./due-report.js";

/** A report's content: computed and rendered once for each route, then archived. `report` is plain JSON. */
export type WriteContent = (
  window: ReportWindow,
  signal: AbortSignal,
) => Promise<{ report: unknown; routes: readonly RoutedReport[]; sight?: ReportSight }>;

export type WriteReportDeps = {
  readonly reports: Pick<ReportStore, "last" | "progress" | "claim" | "finish" | "release" | "markHandedOut" | "announce">;
  readonly deliveries: Pick<DeliveryStore, "add">;
  readonly write: WriteContent;
  /** Asks for deliveries to be made, by their ids. */
  readonly enqueue: (deliveries: readonly string[]) => Promise<unknown>;
  /** Tells the watchdog that a report is through. */
  readonly announce: (signal: AbortSignal) => Promise<void>;
  readonly settings: DeliverySettings;
  readonly catchUpMs: number;
  /** After a crash another reporter takes over once this has passed. A slower one that is still alive loses its right, not its peace. */
  readonly leaseMs: number;
  readonly now: () => Date;
};

/**
 * Writes the report of a local day, once whatever number of reporters try and whenever one of them dies: the row decides who writes and which
 * window it is; the content is stored before the row says "written"; the outbox is filled from the row, and a report whose outbox was not
 * filled is filled by the next attempt.
 */
export async function writeReport(deps: WriteReportDeps, due: DueReport, signal: AbortSignal): Promise<ReportWriteResult> {
  const id = reportId(due);
  const before = await deps.reports.progress(id, signal);
  if (before) return { state: "already", report: id, deliveries: await handOut(deps, before, signal) };
  const now = deps.now();
  if (now.getTime() - due.dueAt.getTime() > deps.catchUpMs) return { state: "too_late", report: id, deliveries: 0 };

  const wanted = windowOf(due, await deps.reports.last(due.kind, signal), now);
  if (!wanted) return { state: "already", report: id, deliveries: 0 };
  const claim = await deps.reports.claim(wanted, { leaseUntil: new Date(now.getTime() + deps.leaseMs), now }, signal);
  if (claim.state === "held") {
    const retryAfterMs = Math.max(1_000, claim.until.getTime() - now.getTime());
    throw new AppError("rate_limited", "another reporter is writing", { retryAfterMs });
  }
  if (claim.state === "claimed") await writeClaimed(deps, claim, signal);
  const written = await deps.reports.progress(id, signal);
  if (!written) return { state: "already", report: id, deliveries: 0 }; // given up for a later one
  return { state: claim.state === "claimed" ? "written" : "already", report: id, deliveries: await handOut(deps, written, signal) };
}

async function writeClaimed(
  { reports, write, now }: WriteReportDeps,
  { holder, window }: { holder: string; window: ReportWindow },
  signal: AbortSignal,
): Promise<void> {
  const id = reportId(window);
  try {
    const { report, routes, sight } = await write(window, signal);
    if (!(await reports.finish(id, holder, { report, parts: routes, sight }, now())))
      throw new AppError("upstream_unavailable", "another reporter took over the report");
  } catch (error) {
    await reports.release(id, holder);
    throw error;
  }
}

/** Fills the outbox and asks for the deliveries; 0 when that was done before. */
async function handOut(deps: WriteReportDeps, report: ReportProgress, signal: AbortSignal): Promise<number> {
  if (report.isHandedOut) return 0;
  const deliveries: Delivery[] = deliveriesOf(report, deps.settings, deps.now());
  await deps.deliveries.add(deliveries);
  await deps.reports.markHandedOut(report.id);
  await deps.enqueue(deliveries.map(({ id }) => id));
  const isThrough = deliveries.length === 0 && report.kind === "daily";
  if (isThrough && (await deps.reports.announce(report.id, deps.now()))) await deps.announce(signal);
  return deliveries.length;
}
