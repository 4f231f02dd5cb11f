import { recordFilter, recordsEmbed, sourceName, sourcePull } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import type { Producer } from "@flow-rag/queue";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { readIngestion, type Ingestion } from "../domain/read-ingestion.js";
import type { Caller } from "./route.js";
import { moment, readFilter, sourcesOf } from "./run-filters.js";

export type StartDeps = {
  readonly jobs: Pick<Producer, "send" | "outcome" | "depth">;
  /** Names of all configured sources, the default one first. */
  readonly sources: readonly string[];
  /** Unfinished jobs above which nothing more is taken in. */
  readonly maxWaiting: number;
  /** Business time zone. */
  readonly zone: string;
};

const pollMs = 200;
const maxWaitSeconds = 25;
export const ingestionRequest = z
  .strictObject({
    source: sourceName.optional(),
    mode: z
      .enum(["live", "backfill"])
      .default("backfill")
      .describe("live: read on from where the last pull ended. backfill: all of the source, or what the filter selects of it."),
    from: moment.optional(),
    to: moment.optional(),
    pipelines: recordFilter.shape.pipelines,
    techs: recordFilter.shape.techs,
    statuses: recordFilter.shape.statuses,
    ids: recordFilter.shape.ids,
    force: z.boolean().default(false).describe("Embed unchanged records too."),
    dry_run: z.boolean().default(false).describe("Count what matches (pull.matched) and enqueue nothing."),
    allow_removals: z.boolean().default(false).describe("Also remove the runs whose record is gone when they are more than a twentieth."),
    wait: z.int().min(0).max(maxWaitSeconds).default(0).describe("Seconds to wait for the end before the answer."),
  })
  .meta({ id: "IngestionRequest" });
export type IngestionRequest = z.output<typeof ingestionRequest>;

type Asked = {
  readonly request: IngestionRequest;
  readonly caller: Caller;
  readonly requestId: string;
  /** What the same request bears when it is sent twice, so that it is done once. */
  readonly ticket?: string;
};

/**
 * Enqueues a pull of one source. Resolves with its id.
 * @throws AppError `invalid_input`, `forbidden` for a source that is not the caller's, `rate_limited` while too much is waiting.
 */
export async function startIngestion(deps: StartDeps, { request, caller, requestId, ticket = randomUUID() }: Asked): Promise<string> {
  const { mode, force, dry_run: dryRun, allow_removals: allowRemovals } = request;
  const filter = filterOf(request, deps, caller);
  if (mode === "live" && (filter || dryRun))
    throw new AppError("invalid_input", "mode: live takes no filter and no dry_run; backfill does");
  const source = sourceOf(request, deps, caller);
  await refuseWhenFull(deps);
  const pull = mode === "live" ? "changes" : filter || dryRun ? "selected" : "everything";
  const payload = { source, slot: `manual-${ticket}`, mode: pull, ...(filter && { filter }), force, dryRun, allowRemovals } as const;
  return await deps.jobs.send(sourcePull, payload, { requestId });
}

function filterOf({ from, to, pipelines, techs, statuses, ids }: IngestionRequest, { zone }: StartDeps, caller: Caller) {
  const window = readFilter(
    { ...(from !== undefined && { from }), ...(to !== undefined && { to }) },
    { caller: { ...caller, sources: null }, zone },
  );
  const filter = {
    ...window,
    ...(pipelines && { pipelines }),
    ...(techs && { techs }),
    ...(statuses && { statuses }),
    ...(ids && { ids }),
  };
  return Object.keys(filter).length > 0 ? filter : undefined;
}

function sourceOf({ source }: IngestionRequest, { sources }: StartDeps, caller: Caller): string {
  const allowed = sourcesOf(caller, source === undefined ? undefined : [source]) ?? sources;
  const chosen = sources.find((name) => allowed.includes(name));
  if (chosen === undefined) throw new AppError("invalid_input", "source: not one of the configured ones");
  return chosen;
}

async function refuseWhenFull({ jobs, maxWaiting }: StartDeps): Promise<void> {
  const depths = await Promise.all([jobs.depth(sourcePull), jobs.depth(recordsEmbed)]);
  const waiting = depths.reduce((sum, { unfinished }) => sum + unfinished, 0);
  if (waiting >= maxWaiting)
    throw new AppError("rate_limited", `${waiting} jobs are waiting: come back when they are done`, { retryAfterMs: 30_000 });
}

/** What has become of a pull after so many seconds, or as soon as it has ended. */
export async function waitForEnd({ jobs }: StartDeps, id: string, seconds: number, signal: AbortSignal): Promise<Ingestion> {
  const until = performance.now() + seconds * 1_000;
  for (;;) {
    const ingestion = await readIngestion(jobs, id);
    const open = ingestion.state === "waiting" || ingestion.state === "running";
    if (!open || performance.now() + pollMs > until) return ingestion;
    await sleep(pollMs, undefined, { signal });
  }
}
