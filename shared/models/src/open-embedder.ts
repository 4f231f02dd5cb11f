import type { Logger } from "@flow-rag/kernel";
import type { DownloadProgress, Embedder, EmbedderConfig, EmbedderKind } from "./embedder.js";
import { createLexicalEmbedder } from "./lexical-embedder.js";

export interface OpenEmbedderOptions {
  readonly log: Logger;
  /** Called at the start of each file, about once a megabyte, and at its end. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** The kind that the existing index was built with: `auto` then takes this kind or fails. */
  readonly prefer?: EmbedderKind;
}

/** The embedder that the configuration asks for, and one line that says which and why. */
export async function openEmbedder(_config: EmbedderConfig, _options: OpenEmbedderOptions): Promise<{ embedder: Embedder; reason: string }> {
  return { embedder: createLexicalEmbedder(), reason: "lexical: e5 is not built yet" };
}
