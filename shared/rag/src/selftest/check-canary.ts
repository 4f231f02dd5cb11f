import { recordsEmbed, type QueueContract } from "@flow-rag/contracts";
import type { Producer } from "@flow-rag/queue";
import { canarySource, type CanaryStores } from "@flow-rag/stores";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { fail, ok, skipped, warn, type Check } from "./run-selftest.js";

type Canary = {
  /** Undefined while there is no index. */
  readonly openStores: (signal: AbortSignal) => Promise<Pick<CanaryStores, "put" | "take" | "found" | "clear"> | undefined>;
  readonly jobs: Pick<Producer, "send" | "outcome" | "consumers" | "forget">;
  /** No service runs because none was started: a terminal on a bare machine, not an outage. */
  readonly mayBeAlone: boolean;
};
const lookEveryMs = 50;

/**
 * A record of the self-test's own goes the whole way: through the queue to a worker that reads, redacts, embeds and stores it, and then out of
 * everything again when it is gone from its source. It goes before everything that waits, and no figure ever counts it.
 */
export const checkCanary = ({ openStores, jobs, mayBeAlone }: Canary): Check => ({
  name: "record through the queue",
  hint: "look at the worker's log; flow-rag status shows what waits",
  run: async (signal) => {
    const stores = await openStores(signal);
    if (!stores) return skipped("no index yet: flow-rag ingest makes one");
    if ((await jobs.consumers(recordsEmbed)) === 0) {
      if (mayBeAlone) return skipped("no worker runs: flow-rag up starts one");
      return fail("no worker is connected to the queue", "start a worker");
    }
    const recordId = `canary-${randomUUID()}`;
    const sent: string[] = [];
    const send = async (contentHash: string) => {
      const id = await jobs.send(
        recordsEmbed,
        { source: canarySource, records: [{ recordId, contentHash }], force: true },
        { urgent: true },
      );
      sent.push(id);
      return await end(jobs, recordsEmbed, id, signal);
    };
    try {
      await stores.put(recordId, { pipeline_name: recordId, tech: "self-test", status: "success", timestamp: new Date() });
      const added = await send("there");
      if (added.state !== "completed")
        return fail(`the worker could not index it: ${added.reason ?? added.state}`, "look at the worker's log");
      const there = await stores.found(recordId, signal);
      if (!there.run || !there.document) return fail(`indexed, but its ${there.run ? "document" : "run"} is missing`, "flow-rag parity");
      await stores.take(recordId);
      const removed = await send("gone");
      const left = await stores.found(recordId, signal);
      if (removed.state !== "completed" || left.run || left.document)
        return warn("indexed, but not removed again", "look at the worker's log");
      return ok("a record was queued, indexed, found and removed again");
    } finally {
      for (const id of sent) await jobs.forget(recordsEmbed, id).catch(() => undefined);
      await stores.clear(recordId, AbortSignal.timeout(10_000)).catch(() => undefined);
    }
  },
});

async function end(
  jobs: Pick<Producer, "outcome">,
  contract: QueueContract,
  id: string,
  signal: AbortSignal,
): Promise<{ state: string; reason: string | undefined }> {
  for (;;) {
    const { state, reason, attempts } = await jobs.outcome(contract, id);
    if (state !== "waiting" && state !== "running") return { state, reason };
    if (attempts > 0) return { state: "retried", reason: reason ?? "its first attempt failed" };
    await sleep(lookEveryMs, undefined, { signal });
  }
}
