import type { ChildProcess } from "node:child_process";
import { stderr } from "node:process";
import { e5ShapedModel } from "../../models/bench/e5-shape.js";
import type { Evaluate } from "../src/evaluation.js";
import { createHarness } from "../src/harness.js";
import { fillSource, ingest, readIndexed, seconds, startService, stop, writeBare } from "./whole-path.js";

export const needsServices = true;

/** Of what Chroma alone takes, on website-checks: with less, embedding is what it waits for. */
const goalShare = 0.6;

type CacheStats = { hits: number; misses: number };

/**
 * Records that repeat themselves through the real producer and worker, with a model of e5-small's shape in q8: records per second, how many of
 * their texts were not embedded because they had been, and what Chroma alone takes of the same documents.
 */
export const bench: Evaluate = async () => {
  const model = await e5ShapedModel((line) => void stderr.write(`${line}\n`));
  const rows = [];
  for (const file of ["website-checks", "ci-builds"] as const) rows.push(await runFile(file, model));
  const [checks] = rows;
  return {
    table: rows.map(({ file, records, perSecond, chroma, hitRate, embedded }) => ({
      file,
      records,
      "records/s": perSecond,
      "Chroma alone": chroma,
      "cache hits %": Number((hitRate * 100).toFixed(1)),
      embedded,
    })),
    summary: { rows, goalShare },
    passed: checks !== undefined && checks.share >= goalShare,
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
    const records = await fillSource(harness, file);
    const settings = { EMBEDDER: "e5", LOCAL_EMB_MODEL: model, EMBED_OFFLINE: "true", LOG_LEVEL: "info" };
    children.push(await startService("worker", harness, settings, readLine), await startService("producer", harness, settings, () => {}));
    const took = await seconds(() => ingest(harness)); // with the loading of the model, some 2 s
    for (const child of children.splice(0)) await stop(child);
    const bare = await writeBare(harness, await readIndexed(harness));
    return {
      file,
      records,
      perSecond: Math.round(records / took),
      chroma: Math.round(records / bare),
      share: Number((bare / took).toFixed(3)),
      hitRate: Number((cache.hits / (cache.hits + cache.misses)).toFixed(4)),
      embedded: cache.misses,
    };
  } finally {
    for (const child of children) child.kill("SIGKILL");
    await harness.lifecycle.close();
  }
}
