import type { reportDeliver } from "@flow-rag/contracts";
import type { Metrics } from "@flow-rag/kernel";
import type { HandlerOf } from "@flow-rag/queue";
import type { DeliveryStore } from "@flow-rag/stores";

/** The handler, with every delivery that came to its end counted by what became of it. */
export const countDeliveries =
  (
    deliver: HandlerOf<typeof reportDeliver>,
    deliveries: Pick<DeliveryStore, "read">,
    metrics: Pick<Metrics, "deliveries">,
  ): HandlerOf<typeof reportDeliver> =>
  async (payload, context) => {
    const result = await deliver(payload, context);
    const { state: outcome } = result;
    const ended = outcome === "sent" || outcome === "failed" || outcome === "unknown";
    const delivery = ended ? await deliveries.read(payload.delivery, context.signal) : undefined;
    if (delivery) metrics.deliveries.add({ channel: delivery.channel, outcome });
    return result;
  };

/** When a report last arrived somewhere, as the outbox remembers it: a restart forgets nothing. */
export function watchReports(metrics: Metrics, deliveries: Pick<DeliveryStore, "list">): void {
  metrics.onScrape([metrics.reportLastSuccess], async (signal) => {
    const [last] = await deliveries.list(1, signal, { states: ["sent"] });
    if (last?.endedAt) metrics.reportLastSuccess.set({}, last.endedAt.getTime() / 1_000);
  });
}
