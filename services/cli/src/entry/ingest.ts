import { plainPathOf, sourcePull, sumUnread, type UnreadStatuses } from "@flow-rag/contracts";
import { doubtDurations, durationDoubtText, unreadText, type DurationDoubt } from "@flow-rag/insights";
import { createRecordSource, createRunFacts, openMongo } from "@flow-rag/stores";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import { openJobQueue } from "../adapters/job-queue.js";
import type { Progress } from "../adapters/terminal.js";
import { openAddresses, type Addresses, type CommandContext } from "../deps.js";
import { readSelection, type SelectionFlags } from "../domain/read-selection.js";
import { watchIngestion, type IngestionResult } from "../domain/watch-ingestion.js";

const pollMs = 200;

export type IngestFlags = SelectionFlags & { full?: true; dryRun?: true; yes?: true; json?: true };

/** `flow-rag ingest`: the source, or the part of it that the flags select, into the index. False when some of it could not be indexed. */
export async function ingest(context: CommandContext, flags: IngestFlags): Promise<boolean> {
  const { config, terminal } = context;
  const { dryRun = false, full: force = false, yes: allowRemovals = false } = flags;
  const filter = readSelection(flags, config.business.zone);
  const addresses = await openAddresses(context, ["redis", "mongo", "chroma"]);
  const mode = filter !== undefined || dryRun ? "selected" : "everything";
  const result = await requestIngestion(context, addresses, { mode, filter, force, dryRun, allowRemovals });
  const doubts = dryRun ? undefined : await readDoubts(context, addresses);
  if (flags.json) terminal.result(JSON.stringify({ ...result, ...(doubts && { unread: doubts.unread, durations: doubts.durations }) }));
  else if (dryRun) terminal.result(`${result.matched} of ${result.read} records match; nothing was enqueued (dry run)`);
  else for (const line of [...describe(result), ...(doubts?.lines ?? [])]) terminal.result(line);
  return result.failed === 0 && result.keptBack === 0;
}

/** Records whose durations are looked at. */
const sampled = 500;

/** What was indexed and is not understood: statuses that were not read, durations that may be in another unit. */
export async function readDoubts(
  { config, lifecycle, signal }: CommandContext,
  addresses: Addresses,
): Promise<{ unread: UnreadStatuses | null; durations: DurationDoubt | null; lines: string[] }> {
  const { source } = config;
  const mongo = lifecycle.own("doubts: source", await openMongo(addresses.sourceUri, "MONGO_URI"), (opened) => opened.close());
  const state = lifecycle.own("doubts: state", await openMongo(addresses.stateUri, "STATE_MONGO_URI"), (opened) => opened.close());
  const facts = createRunFacts(state.db(config.state.db)).limitedTo({ sources: [source.name] });
  const [rows, { records }] = await Promise.all([
    facts.unreadStatuses({}, signal),
    createRecordSource(mongo.db(source.db), source).changedAfter(undefined, sampled, signal),
  ]);
  const [unread, durations] = [sumUnread(rows), doubtDurations(records, source)];
  return {
    unread: unread ?? null,
    durations: durations ?? null,
    lines: [
      ...(unread ? [unreadText(unread)] : []),
      ...(durations ? durationDoubtText(durations, plainPathOf(source.fields.durationMs) ?? "duration_ms") : []),
    ],
  };
}

type Request = Omit<z.input<typeof sourcePull.payload>, "source" | "slot">;

/** Asks for a pull and watches it to its end. */
export async function requestIngestion(context: CommandContext, addresses: Addresses, request: Request): Promise<IngestionResult> {
  const { config, terminal, signal } = context;
  const producer = await openJobQueue(context, addresses);
  const pullId = await producer.send(sourcePull, { ...request, source: config.source.name, slot: `manual-${randomUUID()}` });
  let shown: { stage: string; progress: Progress } | undefined;
  const show = (stage: "read" | "embed", done: number, total: number) => {
    if (shown?.stage !== stage) {
      shown?.progress.stop();
      shown = { stage, progress: terminal.startProgress(stage === "read" ? "reading " : "indexing", total) };
    }
    shown.progress.update(done, total);
  };
  const deps = { jobs: producer, pause: () => sleep(pollMs, undefined, { signal }), onProgress: show };
  return await watchIngestion(deps, pullId, signal).finally(() => shown?.progress.stop());
}

export function describe({ read, matched, indexed, unchanged, removed, setAside, failed, ahead, keptBack }: IngestionResult): string[] {
  const changed = indexed + removed + setAside + failed > 0;
  const parts = [
    `${read} records read`,
    ...(matched < read ? [`${matched} matched`] : []),
    `${indexed} indexed`,
    `${unchanged} unchanged`,
    `${removed} removed`,
    `${setAside} set aside`,
  ];
  return [
    changed
      ? parts.join(", ")
      : `nothing to do: ${read} records read, ${matched < read ? `${matched} matched, ` : ""}all ${unchanged} unchanged`,
    ...(setAside > 0 ? ["records set aside could not be understood: flow-rag status shows why"] : []),
    ...(ahead > 0 ? [`${ahead} records are dated ahead of the clock: indexed, and looked at again until their time has come`] : []),
    ...(failed > 0 ? [`${failed} batches failed for good: their records are tried again at the next ingest`] : []),
    ...(keptBack > 0 ? [`${keptBack} runs are gone from the source but kept: more than 5 % at once needs flow-rag ingest --yes`] : []),
  ];
}
