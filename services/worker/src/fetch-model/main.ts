import { embedderEnv, logEnv, readEmbedder } from "@flow-rag/contracts";
import { startService } from "@flow-rag/kernel";
import { openEmbedder } from "@flow-rag/models";
import { z } from "zod";
import { reportDownload } from "../report-download.js";

/** Brings the embedding model's files into MODEL_DIR, checks that it loads, and ends: for images that carry their model. */
const schema = z
  .object({ ...logEnv, ...embedderEnv })
  .transform((env) => ({ log: { level: env.LOG_LEVEL }, embedder: readEmbedder({ ...env, EMBEDDER: "e5" }) }));

await startService("fetch-model", schema, process.env, async ({ config, log, lifecycle }) => {
  const { embedder, reason } = await openEmbedder(config.embedder, { log, onProgress: reportDownload(log), warmUp: true });
  lifecycle.own("embedder", embedder, (opened) => opened.close());
  log.info({ reason, fingerprint: embedder.fingerprint }, "the model is here");
  process.exit((await lifecycle.close()) ? 0 : 1);
});
