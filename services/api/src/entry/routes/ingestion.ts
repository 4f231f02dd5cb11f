import { recordsEmbed, sourcePull, unreadStatuses, type SourcePullResult, type UnreadStatuses } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import type { QueueGate } from "@flow-rag/queue";
import { z } from "zod";
import { readIngestion } from "../../domain/read-ingestion.js";
import { defineRoute, json, type Call, type Caller, type Reply, type Route } from "../route.js";
import { ingestionRequest, startIngestion, waitForEnd, type IngestionRequest, type StartDeps } from "../start-ingestion.js";

export type SourceState = {
  readonly source: string;
  readonly enqueuedThrough: string | null;
  readonly indexedThrough: string | null;
  readonly movedAt: string | null;
  readonly runs: number;
  readonly setAside: number;
  /** Runs whose status was not read; null when every one was. */
  readonly unread: UnreadStatuses | null;
  /** When the whole source is compared next; null before its producer's first pull. */
  readonly nextReconcileAt: string | null;
};
export type IngestionDeps = StartDeps & {
  readonly gate: Pick<QueueGate, "pause" | "resume" | "isPaused">;
  readonly sourceStates: (sources: readonly string[], signal: AbortSignal) => Promise<readonly SourceState[]>;
};

const count = z.int();

const state = z.enum(["waiting", "running", "completed", "failed", "gone"]);
/** Every figure of a pull, and no other: the type says when one is added. */
const pullCounts = {
  ...{ read: count, matched: count, unchanged: count, enqueued: count, removed: count, keptBack: count },
  ahead: count.describe("Dated after the clock: indexed, without moving the watermark"),
} satisfies Record<Exclude<keyof SourcePullResult, "batches">, z.ZodType>;
const ingestionSchema = z
  .strictObject({
    id: z.string(),
    state,
    reason: z.string().nullable(),
    progress: z.strictObject({ read: count, total: count }).nullable(),
    pull: z.strictObject(pullCounts).nullable(),
    batches: z.strictObject({
      total: count,
      done: count,
      indexed: count,
      unchanged: count,
      removed: count,
      setAside: count,
      failed: count,
    }),
  })
  .meta({ id: "Ingestion" });
const depthSchema = z.strictObject({ unfinished: count, failed: count });
const statusSchema = z.strictObject({
  paused: z.boolean(),
  queues: z.record(z.string(), depthSchema),
  sources: z.array(
    z.strictObject({
      source: z.string(),
      enqueuedThrough: z.string().nullable(),
      indexedThrough: z.string().nullable(),
      movedAt: z.iso.datetime().nullable(),
      runs: count,
      setAside: count,
      unread: unreadStatuses.nullable().describe("Runs whose status was not read: neither failures nor successes"),
      nextReconcileAt: z
        .string()
        .nullable()
        .describe("When the whole source is compared next, which alone sees corrections of records that had ended"),
    }),
  ),
});
const started = {
  200: { description: "It ended within `wait`", schema: ingestionSchema },
  202: { description: "It is under way: GET /ingestion/{id} follows it", schema: ingestionSchema },
};
const examples = {
  fr: { summary: "Compter sans rien faire", value: { from: "2026-05-01", to: "2026-05-08", statuses: ["failed"], dry_run: true } },
  en: { summary: "A range again, even what is unchanged", value: { from: "2026-05-01", to: "2026-05-08", force: true, wait: 20 } },
};

/** Records into the index: asked for here, done by the producer and the worker. */
export const ingestionRoutes = (deps: IngestionDeps): Route[] => [
  ...(
    [
      ["/ingestion", "Bring records into the index"],
      ["/ingest_mongo", "As POST /ingestion, under its first name"],
    ] as const
  ).map(([path, summary]) =>
    defineRoute({
      method: "post",
      path,
      scope: "ingest",
      tag: "ingestion",
      summary,
      body: ingestionRequest,
      answers: started,
      limits: { class: "jobs", bodyBytes: 512 * 1_024 },
      examples,
      handle: (call) => start(deps, call),
    }),
  ),
  defineRoute({
    method: "get",
    path: "/ingestion",
    scope: "ingest",
    tag: "ingestion",
    summary: "How far the sources are read, and what is waiting",
    answers: { 200: { description: "As of now", schema: statusSchema } },
    limits: { class: "reads" },
    handle: async ({ caller, signal }) => json(await readStatus(deps, caller, signal)),
  }),
  defineRoute({
    method: "get",
    path: "/ingestion/{id}",
    scope: "ingest",
    tag: "ingestion",
    summary: "What has become of one request",
    params: z.strictObject({ id: z.string().min(1).max(300) }),
    answers: { 200: { description: "As of now", schema: ingestionSchema } },
    limits: { class: "reads" },
    handle: async ({ params: { id }, caller }) => {
      const found = await readIngestion(deps.jobs, id);
      const known = deps.sources.find((source) => id.startsWith(`${source}~`));
      if (found.state === "gone" || known === undefined || (caller.sources && !caller.sources.includes(known)))
        throw new AppError("not_found", "no such request: those that ended are forgotten after an hour");
      return json(found);
    },
  }),
  ...(["pause", "resume"] as const).map((deed) =>
    defineRoute({
      method: "post",
      path: `/ingestion/${deed}`,
      scope: "ingest",
      tag: "ingestion",
      summary: deed === "pause" ? "Read nothing more from the sources; what is enqueued is finished" : "Read on",
      answers: { 200: { description: "As of now", schema: statusSchema } },
      limits: { class: "jobs" },
      handle: async ({ caller, signal }) => {
        if (caller.sources) throw new AppError("forbidden", "it concerns all sources, and the key has some");
        await deps.gate[deed](sourcePull);
        return json(await readStatus(deps, caller, signal));
      },
    }),
  ),
];

type Asked = Pick<Call<unknown, unknown, IngestionRequest>, "body" | "caller" | "signal" | "requestId">;

async function start(deps: IngestionDeps, { body: request, caller, signal, requestId }: Asked): Promise<Reply> {
  const id = await startIngestion(deps, { request, caller, requestId });
  const ingestion = await waitForEnd(deps, id, request.wait, signal);
  const ended = ingestion.state === "completed" || ingestion.state === "failed";
  return json(ingestion, { status: ended ? 200 : 202, headers: { location: `/ingestion/${encodeURIComponent(id)}` } });
}

async function readStatus({ jobs, gate, sourceStates, sources }: IngestionDeps, caller: Caller, signal: AbortSignal) {
  const visible = sources.filter((source) => caller.sources === null || caller.sources.includes(source));
  const [paused, pulls, batches, states] = await Promise.all([
    gate.isPaused(sourcePull),
    jobs.depth(sourcePull),
    jobs.depth(recordsEmbed),
    sourceStates(visible, signal),
  ]);
  return { paused, queues: { [sourcePull.name]: pulls, [recordsEmbed.name]: batches }, sources: states };
}
