import type { Tracing } from "@flow-rag/kernel";
import type { Telemetry } from "bullmq";

/** What makes queues part of the traces; undefined, and nothing loaded, where there is no tracing. */
export async function openQueueTelemetry(tracing: Tracing | undefined): Promise<Telemetry | undefined> {
  if (!tracing) return undefined;
  const { BullMQOtel } = await import("bullmq-otel");
  return new BullMQOtel({ tracerName: "flow-rag" });
}
