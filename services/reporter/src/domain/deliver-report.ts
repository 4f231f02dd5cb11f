import type { Delivery, DeliveryChannel, DeliveryPart, DeliveryState, RenderedReport } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import type { ClaimedDelivery, DeliveryStore, ReportStore } from "@flow-rag/stores";
import { blankPart, partNamesOf } from "./delivery-targets.js";
import type { Outcome, Outgoing, Outlet } from "@flow-rag/outlets";

export type DeliverReportDeps = {
  readonly reports: Pick<ReportStore, "readRoute" | "announce">;
  readonly deliveries: Pick<DeliveryStore, "claim" | "note" | "settle" | "ofReport">;
  readonly outlets: Readonly<Partial<Record<DeliveryChannel, Outlet>>>;
  /** Is told once of each delivery that has come to its end. */
  readonly onEnded: (channel: DeliveryChannel, state: DeliveryState) => void;
  /** Tells the watchdog that a report is through. */
  readonly announce: (signal: AbortSignal) => Promise<void>;
  /** Longest that one attempt of one message takes. After a crash another reporter takes over once it has passed. Milliseconds. */
  readonly attemptMs: number;
  /** Time the other side gets to show a message that was handed over, before its absence is believed. Milliseconds. */
  readonly settleMs: number;
  /** Time after the request at which a delivery that cannot be made is given up. Milliseconds. */
  readonly giveUpMs: number;
  readonly now: () => Date;
  /** Aborts when the process is to end: what has begun is finished, nothing more is begun. */
  readonly stopping: AbortSignal;
};

const [shortestWaitMs, longestWaitMs] = [2_000, 300_000];
const longestAskedMs = 900_000; // a Retry-After beyond it is not obeyed in full

/** What one message's attempt came to. `waitMs` is set when the delivery has to come again. */
type Step = { readonly part: DeliveryPart; readonly waitMs?: number };

/**
 * Takes a delivery as far as it goes now. Each message is marked before it is handed over and again when the outcome is known, so a crash
 * leaves at most one message in doubt; one in doubt is looked for, and where nobody can look it is `unknown` and never sent again by itself.
 * @throws AppError `rate_limited` when it has to come again, with the wait.
 */
export async function deliverReport(deps: DeliverReportDeps, id: string, signal: AbortSignal): Promise<DeliveryState> {
  const begun = deps.now();
  const claim = await deps.deliveries.claim(id, { leaseUntil: leaseFrom(deps), now: begun }, signal);
  if (claim.kind === "gone") throw new AppError("not_found", `no delivery ${id}`);
  if (claim.kind === "ended") return claim.state;
  if (claim.kind === "held") throw comeAgain("not due, or in another reporter's hands", claim.until.getTime() - begun.getTime());
  const { delivery } = claim;

  const rendered = await deps.reports.readRoute(delivery.reportId, delivery.route, signal);
  const outlet = deps.outlets[delivery.channel];
  const names = rendered ? partNamesOf(delivery.channel, rendered) : ["main"];
  const parts = names.map((name) => delivery.parts.find((part) => part.name === name) ?? blankPart(name));
  let waitMs: number | undefined;
  for (const [index, part] of parts.entries()) {
    if (isEnded(part)) continue;
    if (index > 0 && parts[0]?.state !== "sent") break; // what belongs to a message waits for it
    const step =
      rendered && outlet
        ? await attempt(deps, { delivery, rendered, outlet, parts, part }, signal)
        : { part: { ...part, state: "failed" as const, reason: rendered ? `${delivery.channel} is not set up` : "its content is gone" } };
    if (step === "lost") throw comeAgain("another reporter took over", deps.attemptMs);
    parts[index] = step.part;
    waitMs = step.waitMs;
    if (waitMs !== undefined) break;
  }
  return await settle(deps, delivery, parts, waitMs, signal);
}

type Attempt = { delivery: ClaimedDelivery; rendered: RenderedReport; outlet: Outlet; parts: readonly DeliveryPart[]; part: DeliveryPart };

async function attempt(
  deps: DeliverReportDeps,
  { delivery, rendered, outlet, parts, part }: Attempt,
  signal: AbortSignal,
): Promise<Step | "lost"> {
  const message: Outgoing = { delivery, part: part.name, rendered, mainReceipt: parts[0]?.receipt ?? null };
  if (part.state === "sending" && part.startedAt) {
    if (!outlet.find) return { part: { ...part, state: "unknown", reason: part.reason ?? died } };
    const visibleAt = part.startedAt.getTime() + deps.attemptMs + deps.settleMs;
    if (deps.now().getTime() < visibleAt) return { part, waitMs: visibleAt - deps.now().getTime() };
    const found = await outlet.find({ ...message, startedAt: part.startedAt }, signal);
    switch (found.kind) {
      case "found":
        return { part: { ...part, state: "sent", receipt: found.receipt, reason: null } };
      case "blind":
        return { part: { ...part, state: "unknown", reason: join(part.reason ?? died, found.reason) } };
      case "later":
        return orGiveUp(deps, delivery, { ...part, reason: found.reason }, found.afterMs);
      case "absent":
        break;
    }
  }
  if (deps.now().getTime() > giveUpAt(deps, delivery))
    return { part: { ...part, state: "failed", reason: `given up: ${part.reason ?? "not sent in time"}` } };
  if (deps.stopping.aborted) return { part: { ...part, state: "pending" }, waitMs: 0 };
  const started: DeliveryPart = { ...part, state: "sending", startedAt: deps.now(), reason: null };
  const noted = parts.map((one) => (one.name === part.name ? started : one));
  if (!(await deps.deliveries.note(delivery, { parts: noted, leaseUntil: leaseFrom(deps) }))) return "lost";
  const outcome = await outlet.send(message, signal);
  const step = toStep(deps, delivery, started, outcome);
  return outcome.kind === "ambiguous" && !outlet.find ? { part: { ...step.part, state: "unknown" } } : step;
}

function toStep(deps: DeliverReportDeps, delivery: Delivery, started: DeliveryPart, outcome: Outcome): Step {
  switch (outcome.kind) {
    case "sent":
      return { part: { ...started, state: "sent", receipt: outcome.receipt } };
    case "refused":
      return { part: { ...started, state: "failed", reason: outcome.reason } };
    case "later":
      return orGiveUp(deps, delivery, { ...started, state: "pending", reason: outcome.reason }, outcome.afterMs);
    case "ambiguous":
      return { part: { ...started, reason: outcome.reason }, waitMs: backoffMs(delivery) }; // stays `sending`: the next attempt looks
  }
}

function orGiveUp(deps: DeliverReportDeps, delivery: Delivery, part: DeliveryPart, afterMs: number | null): Step {
  const waitMs = Math.min(longestAskedMs, afterMs ?? backoffMs(delivery));
  if (deps.now().getTime() + waitMs <= giveUpAt(deps, delivery)) return { part, waitMs };
  return { part: { ...part, state: part.state === "sending" ? "unknown" : "failed", reason: `given up: ${part.reason ?? "no reason"}` } };
}

async function settle(
  deps: DeliverReportDeps,
  delivery: ClaimedDelivery,
  parts: readonly DeliveryPart[],
  waitMs: number | undefined,
  signal: AbortSignal,
): Promise<DeliveryState> {
  const state = stateOf(parts);
  const isOpen = state === "pending" || state === "sending";
  const now = deps.now();
  const reason = parts.find((part) => part.state !== "sent" && part.reason !== null)?.reason ?? null;
  const wait = waitFor(deps, parts, waitMs ?? 0);
  const change = { state, parts, reason, dueAt: new Date(now.getTime() + wait), endedAt: isOpen ? null : now };
  if (!(await deps.deliveries.settle(delivery, change))) throw comeAgain("another reporter took over", deps.attemptMs);
  if (isOpen) throw comeAgain(reason ?? "the reporter is ending", wait);
  deps.onEnded(delivery.channel, state);
  const all = delivery.reportId.startsWith("daily-") ? await deps.deliveries.ofReport(delivery.reportId, signal) : [];
  const isThrough = all.length > 0 && all.every((one) => one.state === "sent");
  if (isThrough && (await deps.reports.announce(delivery.reportId, now))) await deps.announce(signal);
  return state;
}

/** A message in doubt is looked for once it must have become visible. */
function waitFor({ attemptMs, settleMs, now }: DeliverReportDeps, parts: readonly DeliveryPart[], waitMs: number): number {
  const inDoubt = parts.find(({ state }) => state === "sending");
  return inDoubt?.startedAt ? Math.max(waitMs, inDoubt.startedAt.getTime() + attemptMs + settleMs - now().getTime()) : waitMs;
}

/** The first message decides; those after it only whether the delivery is at its end. */
function stateOf([main, ...others]: readonly DeliveryPart[]): DeliveryState {
  if (main && main.state !== "sent") return main.state;
  return others.every(isEnded) ? "sent" : "sending";
}

const backoffMs = ({ attempts }: Delivery): number => Math.min(longestWaitMs, shortestWaitMs * 2 ** Math.min(10, attempts - 1));
const giveUpAt = ({ giveUpMs }: DeliverReportDeps, { requestedAt }: Delivery): number => requestedAt.getTime() + giveUpMs;
const died = "the reporter ended in the middle of it";
const isEnded = ({ state }: DeliveryPart): boolean => state === "sent" || state === "failed" || state === "unknown";
const join = (...reasons: string[]): string => reasons.join("; ");
const leaseFrom = ({ now, attemptMs }: DeliverReportDeps): Date => new Date(now().getTime() + 2 * attemptMs);
const comeAgain = (message: string, waitMs: number): AppError =>
  new AppError("rate_limited", message, { retryAfterMs: Math.max(1, waitMs) });
