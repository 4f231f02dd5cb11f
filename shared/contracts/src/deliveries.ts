import { z } from "zod";
import { digest } from "./ids.js";

export const reportKind = z.enum(["daily", "weekly"]);
export type ReportKind = z.output<typeof reportKind>;

/**
 * What one report is about: the runs of [from, to). `date` is the local day it is written on, `2026-11-21`. `from` is where the last written
 * report of its kind ended; `isFirst`: there was none, so the window is the usual length. `isLate`: written after downtime, so `to` is when
 * it was begun instead of `dueAt`, when it was due.
 */
export type ReportWindow = {
  readonly kind: ReportKind;
  readonly date: string;
  readonly zone: string;
  readonly from: Date;
  readonly to: Date;
  readonly dueAt: Date;
  readonly isFirst: boolean;
  readonly isLate: boolean;
};

/** One a kind, local day and zone. Shape: fits into a path, as `daily-2026-11-21-europe-paris`. */
export const reportId = ({ kind, date, zone }: Pick<ReportWindow, "kind" | "date" | "zone">): string =>
  `${kind}-${date}-${zone.toLowerCase().replaceAll("/", "-")}`;

/**
 * `pending`: nothing of it can have arrived. `sending`: an attempt is under way, or ended in a way that says nothing. `unknown`: it may have
 * arrived and nobody can tell; it is sent again only when a person says so.
 */
export const deliveryState = z.enum(["pending", "sending", "sent", "failed", "unknown"]);
export type DeliveryState = z.output<typeof deliveryState>;

export const deliveryChannel = z.enum(["slack", "webhook", "email"]);
export type DeliveryChannel = z.output<typeof deliveryChannel>;

/**
 * One message of a delivery. `main` comes first and decides the delivery's state; `thread-1`… and `charts` follow it in Slack.
 * `startedAt`: when its last attempt began. `receipt`: what the other side said when it took it (Slack's channel and ts; accepted and
 * rejected recipients).
 */
export type DeliveryPart = {
  readonly name: string;
  readonly state: DeliveryState;
  readonly startedAt: Date | null;
  readonly receipt: Readonly<Record<string, unknown>> | null;
  readonly reason: string | null;
};

/** A report's way to one Slack channel or one recipient. `dueAt`: not tried before; `requestedAt`: when it was asked for, last time by a person. */
export type Delivery = {
  readonly id: string;
  readonly reportId: string;
  readonly route: string;
  readonly channel: DeliveryChannel;
  /** A Slack channel's id, an e-mail address, or `webhook`. */
  readonly target: string;
  readonly state: DeliveryState;
  readonly parts: readonly DeliveryPart[];
  readonly attempts: number;
  readonly reason: string | null;
  readonly createdAt: Date;
  readonly requestedAt: Date;
  readonly dueAt: Date;
  readonly endedAt: Date | null;
};

/** Shape: `daily-2026-11-21-` and 10 hex digits; deterministic, so that a report has one delivery a route and target. */
export const deliveryId = (
  window: Pick<ReportWindow, "kind" | "date" | "zone">,
  to: Pick<Delivery, "route" | "channel" | "target">,
): string => `${window.kind}-${window.date}-${digest(reportId(window), to.route, to.channel, to.target).slice(0, 10)}`;
