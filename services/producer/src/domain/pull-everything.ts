import { findRemoved } from "./find-removed.js";
import type { Pull } from "./pull.js";
import { readAll } from "./read-all.js";

/** Reads every record, then finds the runs whose record is gone, then sets the watermark to where the source ended at the start. */
export async function pullEverything({ deps, request, result, offer, send, report, signal }: Pull): Promise<void> {
  const { source, allowRemovals } = request;
  const mark = await deps.cursors.read(source, signal);
  const end = await deps.source.lastPlace(deps.now(), signal);
  const queueMarker = await deps.queueMarker();
  const total = await deps.source.count(signal);
  for await (const records of readAll(deps.source, signal)) {
    await offer(records);
    await report({ read: result.read, total, enqueued: result.enqueued });
  }
  const removed = await findRemoved(deps, { source, allowMany: allowRemovals || (mark?.removalsAllowed ?? false) }, signal);
  await send(removed.recordIds.map((recordId) => ({ recordId, contentHash: "gone" })));
  result.removed = removed.recordIds.length;
  result.keptBack = removed.keptBack;
  if (end && removed.keptBack === 0)
    await deps.cursors.move(source, mark, { cursor: end, queueMarker, removalsAllowed: false }, deps.now());
}
