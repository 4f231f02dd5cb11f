import {
  deliveryId,
  type Delivery,
  type DeliveryChannel,
  type DeliveryPart,
  type RenderedReport,
  type ReportRoute,
  type ReportWindow,
} from "@flow-rag/contracts";

/** What is set up for sending. The defaults are for routes that name neither a channel nor an address. */
export type DeliverySettings = {
  readonly slack: "token" | "webhook" | null;
  readonly slackChannels: readonly string[];
  readonly email: boolean;
  readonly recipients: readonly string[];
};

/**
 * Where a route's part of a report goes. The daily report goes wherever the route says; the weekly digest by e-mail, and to Slack only where
 * there is no e-mail. A webhook has one channel, whatever the route names.
 */
export function targetsOf(
  route: ReportRoute,
  kind: ReportWindow["kind"],
  settings: DeliverySettings,
): Pick<Delivery, "channel" | "target">[] {
  const isOpen = route.slack.length === 0 && route.email.length === 0;
  const addresses = settings.email ? (isOpen ? settings.recipients : route.email) : [];
  const mail = [...new Set(addresses)].map((target) => ({ channel: "email" as const, target }));
  if (kind === "weekly" && mail.length > 0) return mail;
  const named = isOpen ? settings.slackChannels : route.slack;
  if (settings.slack === "token") return [...[...new Set(named)].map((target) => ({ channel: "slack" as const, target })), ...mail];
  if (settings.slack === "webhook" && (isOpen || named.length > 0)) return [{ channel: "webhook" as const, target: "webhook" }, ...mail];
  return mail;
}

/** The outbox rows of a report. The same report always gives the same rows. */
export const deliveriesOf = (
  report: ReportWindow & { readonly id: string; readonly routes: readonly ReportRoute[] },
  settings: DeliverySettings,
  now: Date,
): Delivery[] =>
  report.routes.flatMap((route) =>
    targetsOf(route, report.kind, settings).map(({ channel, target }): Delivery => ({
      id: deliveryId(report, { route: route.name, channel, target }),
      reportId: report.id,
      route: route.name,
      channel,
      target,
      state: "pending",
      parts: [blankPart("main")],
      attempts: 0,
      reason: null,
      createdAt: now,
      requestedAt: now,
      dueAt: now,
      endedAt: null,
    })),
  );

/** The messages that make up a delivery, in their order. Threads and pictures of its own exist with Slack's API only; an e-mail has all in one. */
export const partNamesOf = (channel: DeliveryChannel, { slack, charts }: RenderedReport): string[] =>
  channel === "slack"
    ? ["main", ...slack.thread.map((_, index) => `thread-${index + 1}`), ...(charts.length > 0 ? ["charts"] : [])]
    : ["main"];

export const blankPart = (name: string): DeliveryPart => ({ name, state: "pending", startedAt: null, receipt: null, reason: null });
