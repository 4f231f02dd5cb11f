import { indexReconcile, type BatchTotals, type IndexReconcileResult } from "@flow-rag/contracts";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { openJobQueue } from "../adapters/job-queue.js";
import { openAddresses, type CommandContext } from "../deps.js";
import { waitForJob } from "../domain/wait-for-job.js";
import { watchBatches } from "../domain/watch-batches.js";

const pollMs = 200;

/** `flow-rag parity`: how far source, runs and index agree. False when they do not. */
export async function parity(context: CommandContext, { json }: { json: boolean }): Promise<boolean> {
  const { terminal } = context;
  const { found } = await compare(context, { repair: false, allowRemovals: false });
  const { batches: _none, keptBack: _nothing, ...shown } = found;
  if (json) terminal.result(JSON.stringify(shown));
  else for (const line of describe(found)) terminal.result(line);
  return found.inSync;
}

/** `flow-rag reconcile`: the same, and what differs is indexed or removed. False when something could not be. */
export async function reconcile(context: CommandContext, { yes, json }: { yes: boolean; json: boolean }): Promise<boolean> {
  const { terminal } = context;
  const { found, repaired } = await compare(context, { repair: true, allowRemovals: yes });
  const { batches: _done, ...shown } = found;
  const { indexed, unchanged, removed, setAside, failed } = repaired;
  if (json) terminal.result(JSON.stringify({ ...shown, repaired }));
  else {
    for (const line of describe(found)) terminal.result(line);
    const counts = `${indexed} indexed, ${unchanged} unchanged, ${removed} removed, ${setAside} set aside`;
    if (!found.inSync) terminal.result(`repaired: ${counts}${failed > 0 ? `, ${failed} batches failed` : ""}`);
    if (found.keptBack > 0)
      terminal.result(`${found.keptBack} runs are gone from the source but kept: more than 5 % at once needs flow-rag reconcile --yes`);
  }
  return failed === 0 && found.keptBack === 0;
}

async function compare(
  context: CommandContext,
  request: { repair: boolean; allowRemovals: boolean },
): Promise<{ found: IndexReconcileResult; repaired: BatchTotals }> {
  const { config, terminal, signal } = context;
  const addresses = await openAddresses(context, ["redis", "mongo", "chroma"]);
  const jobs = await openJobQueue(context, addresses);
  const deps = { jobs, pause: () => sleep(pollMs, undefined, { signal }) };
  const jobId = await jobs.send(indexReconcile, { source: config.source.name, slot: `manual-${randomUUID()}`, ...request });
  const found = await waitForJob(deps, indexReconcile, jobId, signal);
  const due = found.missing + found.stale + found.extra;
  const progress = found.batches.length > 0 ? terminal.startProgress("repairing", due) : undefined;
  const repaired = await watchBatches(deps, found.batches, signal, (done) => progress?.update(done, due)).finally(() => progress?.stop());
  return { found, repaired };
}

function describe({ source, runs, index, missing, extra, stale, dead, inSync, differences, ...found }: IndexReconcileResult): string[] {
  const { signatures, missingSignatures, staleSignatures } = found;
  const faults = missingSignatures + staleSignatures > 0 ? ` (${missingSignatures} missing, ${staleSignatures} stale)` : "";
  return [
    `source ${source} · runs ${runs} · index ${index} · signatures ${signatures}${faults} · missing ${missing} · extra ${extra} · stale ${stale} · set aside ${dead} · ${inSync ? "in sync" : "NOT in sync"}`,
    ...differences.map((row) => `  ${row.day || "no date"} ${row.pipeline}: source ${row.source}, runs ${row.runs}, index ${row.index}`),
  ];
}
