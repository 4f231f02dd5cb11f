import { monitorEventLoopDelay } from "node:perf_hooks";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Logger } from "./logger.js";

type Labels<L extends string> = Readonly<Record<L, string>>;
/** Only grows. `by` is 1 unless given. */
export interface Count<L extends string = never> {
  add(labels: Labels<L>, by?: number): void;
}
/** A value that goes up and down. A level that was never set is not exported at all: no figure is better than a wrong 0. */
export interface Level<L extends string = never> {
  set(labels: Labels<L>, value: number): void;
  /** Forgets every value. */
  clear(): void;
}
/** How a duration in seconds is distributed. */
export interface Spread<L extends string = never> {
  observe(labels: Labels<L>, seconds: number): void;
}
/** Sets levels right before they are read; what it throws costs this scrape its levels and nothing else. */
export type Collect = (signal: AbortSignal) => Promise<void>;

/** Values of `breakerState`. */
export const breakerLevels = { closed: 0, open: 1, trying: 2 } as const;

const collectWithinMs = 2_000;
const fast = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const slow = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1_800];

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * One process's metrics: every process has every name, and fills those that are its business. Labels are few and bounded: never a
 * pipeline, a record or a question. Close it with `close()`.
 * Source: names as in docs/METRICS.md; `bullmq_job_count` is BullMQ's own (guide/metrics/prometheus).
 */
export function createMetrics({ log }: { log: Logger }) {
  const registry = new Registry();
  const registers = [registry];
  const collectors: { collect: Collect; fills: readonly Level<string>[] }[] = [];

  const described: { name: string; type: "counter" | "gauge" | "histogram"; labels: readonly string[] }[] = [];
  const count = <const L extends string = never>(name: string, help: string, ...labelNames: L[]): Count<L> => {
    const counter = new Counter({ name, help, labelNames, registers });
    described.push({ name, type: "counter", labels: labelNames });
    return { add: (labels, by = 1) => counter.inc(labels, by) };
  };
  const level = <const L extends string = never>(name: string, help: string, ...labelNames: L[]): Level<L> => {
    const gauge = new Gauge({ name, help, labelNames, registers });
    described.push({ name, type: "gauge", labels: labelNames });
    const clear = () => (labelNames.length > 0 ? gauge.reset() : gauge.remove());
    clear(); // an unlabelled gauge begins with a 0 that nobody measured
    return { set: (labels, value) => gauge.set(labels, value), clear };
  };
  const spread = <const L extends string = never>(name: string, help: string, buckets: number[], ...labelNames: L[]): Spread<L> => {
    const histogram = new Histogram({ name, help, buckets, labelNames, registers });
    described.push({ name, type: "histogram", labels: labelNames });
    return { observe: (labels, seconds) => histogram.observe(labels, seconds) };
  };

  const loop = monitorEventLoopDelay({ resolution: 20 });
  loop.enable();
  const eventLoopLag = level("flowrag_event_loop_lag_seconds", "99th percentile of the event loop's delay since the last scrape");

  const collectAll = async (): Promise<void> => {
    eventLoopLag.set({}, loop.percentile(99) / 1e9); // nanoseconds
    loop.reset();
    for (const { fills } of collectors) for (const filled of fills) filled.clear();
    const signal = AbortSignal.timeout(collectWithinMs);
    const late = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    const all = collectors.map(async ({ collect }) => {
      await collect(signal).catch((error: unknown) => log.debug({ err: error }, "a metric was not collected"));
    });
    await Promise.race([Promise.all(all), late]);
  };
  let scraping: Promise<string> | undefined;

  return {
    /** `embedded`, `skipped` (unchanged), `failed` (an attempt that will be repeated or was given up) or `dead` (set aside). */
    ingestRecords: count("flowrag_ingest_records_total", "Records that went through the worker, by outcome", "source", "outcome"),
    watermarkLag: level(
      "flowrag_watermark_lag_seconds",
      "Age of the oldest record of the source that was not read yet; 0 when all were",
      "source",
    ),
    lateArrivals: count("flowrag_late_arrivals_total", "Records that appeared behind the watermark"),
    redactions: count("flowrag_redactions_total", "Secrets that were replaced by a placeholder", "type"),

    jobCount: level("bullmq_job_count", "Number of jobs in the queue by state", "queue", "state"),
    oldestWaiting: level("flowrag_queue_oldest_waiting_seconds", "Age of the job that has waited longest; 0 when none waits", "queue"),
    /** `outcome`: completed, retried (the attempt failed) or failed (given up). */
    jobDuration: spread("flowrag_job_duration_seconds", "Time one attempt of a job took", slow, "queue", "outcome"),
    jobsStalled: count("flowrag_jobs_stalled_total", "Jobs whose consumer gave no sign of life"),
    cronMissed: count("flowrag_cron_missed_total", "Ticks that were not run in time", "task"),

    embedDuration: spread("flowrag_embed_duration_seconds", "Time one call of the embedder took", fast),
    embedTokens: count("flowrag_embed_tokens_total", "Words and parts of words that were embedded, estimated from the length of the texts"),
    /** `outcome`: hit or miss. */
    embedCache: count("flowrag_embed_cache_total", "Texts that were asked of the embedding cache", "outcome"),

    indexDocuments: level("flowrag_index_documents", "Documents in the collection", "collection"),
    indexDrift: level(
      "flowrag_index_drift",
      "Records missing, extra or stale at the last comparison of the index with the source",
      "source",
    ),

    unreadStatuses: level("flowrag_runs_unread_status", "Runs whose status was not read: neither failures nor successes", "source"),
    queryStage: spread("flowrag_query_stage_seconds", "Time a stage of an answer took", fast, "stage"),
    llmTokens: count("flowrag_llm_tokens_total", "Tokens that the language model was paid for", "kind"),
    /** `state`: used or limit. */
    llmDailyTokens: level(
      "flowrag_llm_daily_tokens",
      "Tokens of the language model in this business day, where LLM_DAILY_TOKENS sets a limit",
      "state",
    ),
    llmErrors: count("flowrag_llm_errors_total", "Calls of the language model that failed", "class"),
    /** 0 closed, 1 open, 2 on trial. */
    runsInMemory: level("flowrag_runs_in_memory", "Runs that questions are answered from without asking MongoDB"),
    breakerState: level("flowrag_breaker_state", "0: calls go through, 1: refused, 2: one is tried", "dep"),

    /** `outcome`: sent, unknown or failed. */
    deliveries: count("flowrag_delivery_total", "Deliveries of the report, by outcome", "channel", "outcome"),
    reportLastSuccess: level("flowrag_report_last_success_timestamp_seconds", "When a report was last sent"),

    /** Runs `collect` before each scrape, after the levels that it fills were emptied. */
    onScrape<L extends string>(fills: readonly Level<L>[], collect: Collect): void {
      collectors.push({ fills, collect });
    },
    /** What Prometheus reads. Scrapes at the same time share one reading. */
    scrape(): Promise<string> {
      scraping ??= collectAll()
        .then(() => registry.metrics())
        .finally(() => (scraping = undefined));
      return scraping;
    },
    contentType: registry.contentType,
    /** Name, type and label names of everything that may be exported. */
    describe: () => described.map(({ name, type, labels }) => ({ name, type, labels: [...labels] })),
    close: () => loop.disable(),
  };
}
