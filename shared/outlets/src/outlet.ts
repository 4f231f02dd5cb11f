import type { Delivery, RenderedReport } from "@flow-rag/contracts";

type Receipt = Readonly<Record<string, unknown>>;

/** One message on its way. `mainReceipt`: what the other side said to the delivery's first message. Reasons hold no secrets. */
export type Outgoing = {
  readonly delivery: Delivery;
  readonly part: string;
  readonly rendered: RenderedReport;
  readonly mainReceipt: Receipt | null;
};

/**
 * `later`: nothing can have arrived and it may work after a while (`afterMs`, when the other side named one). `refused`: nothing has arrived
 * and nothing would. `ambiguous`: it was handed over and no answer says what became of it.
 */
export type Outcome =
  | { readonly kind: "sent"; readonly receipt: Receipt }
  | { readonly kind: "later"; readonly reason: string; readonly afterMs: number | null }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "ambiguous"; readonly reason: string };

/** `blind`: the other side does not let us look. */
export type Found =
  | { readonly kind: "found"; readonly receipt: Receipt }
  | { readonly kind: "absent" }
  | { readonly kind: "blind"; readonly reason: string }
  | { readonly kind: "later"; readonly reason: string; readonly afterMs: number | null };

/** One way out. Neither call rejects for what the network or the other side does: that is an outcome. */
export interface Outlet {
  send(message: Outgoing, signal: AbortSignal): Promise<Outcome>;
  /** Looks for a message that was sent at `startedAt` or later; null where nobody can look. */
  readonly find: ((message: Outgoing & { readonly startedAt: Date }, signal: AbortSignal) => Promise<Found>) | null;
}
