import type { ChildProcess } from "node:child_process";
import { stderr } from "node:process";
import { e5ShapedModel } from "../../models/bench/e5-shape.js";
import type { Evaluate } from "../src/evaluation.js";
import { createHarness } from "../src/harness.js";
import { fillSource, freePort, ingest, readIndexed, seconds, startService, stop, writeBare } from "./whole-path.js";

export const needsServices = true;

/** Of what Chroma alone takes, on website-checks: with less, something else is what it waits for. */
const goalShare = 0.6;

type CacheStats = { hits: number; misses: number };

/**
 * Records that repeat themselves through the real producer and worker, with a model of e5-small's shape in q8: records per second, how many of
 * their texts were not embedded because they had been, and what bounds it: jobs embed and write at the same time, so it takes as long as the
 * longer of the two alone. One record goes first, which loads the model.
 */
export const bench: Evaluate = async () => {
  const model = await e5ShapedModel((line) => void stderr.write(`${line}\n`));
  const rows = [];
  for (const file of ["website-checks", "ci-builds"] as const) rows.push(await runFile(file, model));
  const [checks] = rows;
  return {
    table: rows.map(({ file, records, perSecond, chroma, hitRate, embedded, ...row }) => ({
      file,
      records,
      "records/s": perSecond,
      "Chroma alone": chroma,
      "s in all": row.seconds,
      "s embedding": row.embedSeconds,
      "s Chroma alone": row.bareSeconds,
      "bound by": row.boundBy,
      "cache hits %": Number((hitRate * 100).toFixed(1)),
      embedded,
    })),
    summary: { rows, goalShare },
    passed: checks !== undefined && checks.share >= goalShare && checks.boundBy === "Chroma",
  };
};

async function runFile(file: "website-checks" | "ci-builds", model: string) {
  const harness = await createHarness();
  const children: ChildProcess[] = [];
  let cache: CacheStats = { hits: 0, misses: 0 };
  const readLine = (line: string): void => {
    const { cache: told } = JSON.parse(line) as { cache?: CacheStats };
    if (told) cache = told;
  };
  try {
    const { records, anId } = await fillSource(harness, file);
    const port = await freePort();
    const settings = { EMBEDDER: "e5", LOCAL_EMB_MODEL: model, EMBED_OFFLINE: "true", LOG_LEVEL: "info" };
    children.push(
      await startService("worker", harness, { ...settings, METRICS_PORT: String(port) }, readLine),
      await startService("producer", harness, settings, () => {}),
    );
    const loadSeconds = await seconds(() => ingest(harness, [anId]));
    const before = await embeddingSeconds(port);
    const took = await seconds(() => ingest(harness));
    const embedding = (await embeddingSeconds(port)) - before;
    for (const child of children.splice(0)) await stop(child);
    const bare = await writeBare(harness, await readIndexed(harness));
    return {
      file,
      records,
      perSecond: Math.round(records / took),
      chroma: Math.round(records / bare),
      share: Number((bare / took).toFixed(3)),
      seconds: round(took),
      embedSeconds: round(embedding),
      bareSeconds: round(bare),
      loadSeconds: round(loadSeconds),
      boundBy: bare >= embedding ? "Chroma" : "embedding",
      hitRate: Number((cache.hits / (cache.hits + cache.misses)).toFixed(4)),
      embedded: cache.misses,
    };
  } finally {
    for (const child of children) child.kill("SIGKILL");
    await harness.lifecycle.close();
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** What the worker has spent in its embedder so far, by its own metrics. */
async function embeddingSeconds(port: number): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/^flowrag_embed_duration_seconds_sum\S* (\S+)/m.exec(metrics)?.[1] ?? NaN);
}
