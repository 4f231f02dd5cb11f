import { countPlaceholders, type Metrics } from "@flow-rag/kernel";
import type { WorkerDeps } from "./serve.js";

/** Characters a token has on the average; the tokenizers are in child processes and say no counts. */
const charactersPerToken = 4;

/** The same deps, counted. */
export function watchDeps(deps: WorkerDeps, metrics: Metrics): WorkerDeps {
  const { embedder, runs } = deps;
  return {
    ...deps,
    embedder: {
      async embedPassages(texts, signal) {
        const from = performance.now();
        const vectors = await embedder.embedPassages(texts, signal);
        metrics.embedDuration.observe({}, (performance.now() - from) / 1_000);
        metrics.embedTokens.add({}, Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / charactersPerToken));
        return vectors;
      },
    },
    runs: {
      ...runs,
      async upsert(batch) {
        await runs.upsert(batch);
        for (const { error } of batch)
          for (const [type, count] of Object.entries(countPlaceholders(error ?? ""))) metrics.redactions.add({ type }, count);
      },
    },
  };
}
