import { contentHash } from "@flow-rag/insights";
import { findRemoved } from "./find-removed.js";
import type { Pull } from "./pull.js";
import { readAll } from "./read-all.js";

/**
 * Finds the runs whose record is gone, reads every record, then sets the watermark to where the source ended at the start. Runs that are
 * kept back are remembered with how many of them the source holds under another id.
 */
export async function pullEverything({ deps, request, result, offer, flush, send, report, signal }: Pull): Promise<void> {
  const { source, allowRemovals } = request;
  const mark = await deps.cursors.read(source, signal);
  const end = await deps.source.lastPlace(deps.now(), signal);
  const queueMarker = await deps.queueMarker();
  const total = await deps.source.count(signal);
  const removed = await findRemoved(deps, { source, allowMany: allowRemovals || (mark?.removalsAllowed ?? false) }, signal);
  const kept = removed.keptBack > 0 ? await hashesOf(removed.gone) : new Map<string, number>();
  let copies = 0;
  for await (const records of readAll(deps.source, signal)) {
    if (kept.size > 0) for (const record of records) copies += takeOne(kept, contentHash(record));
    await offer(records);
    await report({ read: result.read, total, enqueued: result.enqueued });
  }
  await send(removed.recordIds.map((recordId) => ({ recordId, contentHash: "gone" })));
  await flush();
  result.removed = removed.recordIds.length;
  result.keptBack = removed.keptBack;
  await deps.health.setHeld(source, { runs: removed.keptBack, copies, now: deps.now() });
  if (removed.keptBack === 0) await deps.cursors.move(source, mark, { cursor: end, queueMarker, removalsAllowed: false }, deps.now());

  /** How many of the runs have each content. */
  async function hashesOf(recordIds: readonly string[]): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for (let start = 0; start < recordIds.length; start += 500) {
      const versions = await deps.runs.versions(source, recordIds.slice(start, start + 500), signal);
      for (const { contentHash: hash } of versions.values()) counts.set(hash, (counts.get(hash) ?? 0) + 1);
    }
    return counts;
  }
}

/** 1 when one of these was left, which is then taken. */
function takeOne(counts: Map<string, number>, key: string): 0 | 1 {
  const left = counts.get(key) ?? 0;
  if (left > 0) counts.set(key, left - 1);
  return left > 0 ? 1 : 0;
}
