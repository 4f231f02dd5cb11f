import type { z } from "zod";
import type { embedderEnv } from "./environment.js";

type EmbedderVariables = z.output<z.ZodObject<typeof embedderEnv>>;

/** Which embedder a process asks for and where its files or its endpoint are: the variables of `embedderEnv`, nested. */
export const readEmbedder = (env: EmbedderVariables) => ({
  kind: env.EMBEDDER,
  model: env.LOCAL_EMB_MODEL,
  modelDir: env.MODEL_DIR,
  dtype: env.EMBED_DTYPE,
  sha256: env.LOCAL_EMB_SHA256,
  offline: env.EMBED_OFFLINE,
  hubUrl: env.HF_ENDPOINT,
  api: { baseUrl: env.EMBED_API_URL, apiKey: env.EMBED_API_KEY, model: env.EMBED_API_MODEL },
});
