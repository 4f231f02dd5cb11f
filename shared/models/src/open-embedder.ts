import { AppError, type Logger } from "@flow-rag/kernel";
import { createCachedEmbedder, type CachedEmbedder } from "./cached-embedder.js";
import { createE5Embedder } from "./e5-embedder.js";
import type { DownloadProgress, Embedder, EmbedderConfig, EmbedderKind } from "./embedder.js";
import { createLexicalEmbedder } from "./lexical-embedder.js";
import { downloadModel, whyNoHub } from "./model-download.js";
import { checkWeights, locateModel, missingFiles, type ModelFiles } from "./model-files.js";
import { openRemoteEmbedder } from "./remote-embedder.js";

export interface OpenEmbedderOptions {
  readonly log: Logger;
  /** Called at the start of each file, about once a megabyte, and at its end. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** The kind that the existing index was built with: `auto` then takes this kind or fails. */
  readonly prefer?: EmbedderKind;
  /** True: the model is loaded before this resolves. Else the first call loads it. */
  readonly warmUp?: boolean;
  /** Child processes that run the model, one thread each; 1 unless set. `cpuThreads` is what a process that embeds in bulk wants. */
  readonly processes?: number;
  /** Memory for vectors of texts that were embedded lately, in bytes; 0 unset. */
  readonly cacheBytes?: number;
  /** Arguments of node for child processes; this process's own unless set. */
  readonly nodeArgs?: readonly string[];
  /** Longest wait for the hub to say that it has the model: 5 s unless set. */
  readonly hubTimeoutMs?: number;
  /** How long a download may stand still before it has failed: 60 s unless set. */
  readonly stallMs?: number;
}

/**
 * The embedder that the configuration asks for, and one line that says which and why. Missing files of e5 are
 * downloaded here, its weights loaded with the first call.
 * @throws AppError `misconfigured` when files are missing and may not or cannot be downloaded, when a model does not
 * load (with `warmUp`), or when `auto` cannot have the preferred kind; `upstream_unavailable` when a download fails.
 */
export async function openEmbedder(
  config: EmbedderConfig,
  options: OpenEmbedderOptions,
): Promise<{ embedder: CachedEmbedder; reason: string }> {
  const { kind, reason } = await choose(config, options);
  const embedder = await openKind(kind, config, options);
  return { embedder: createCachedEmbedder(embedder, { maxBytes: options.cacheBytes ?? 0 }), reason: `${kind}: ${reason}` };
}

async function openKind(kind: EmbedderKind, config: EmbedderConfig, options: OpenEmbedderOptions): Promise<Embedder> {
  if (kind === "lexical") return createLexicalEmbedder();
  if (kind === "openai") return await openApi(config.api);
  const files = locateModel(config);
  if (config.sha256 !== undefined) await checkWeights(files, config.sha256);
  const { processes = 1, log, nodeArgs } = options;
  const embedder = await createE5Embedder(files, { dtype: config.dtype, processes, log, nodeArgs });
  if (options.warmUp)
    await embedder.warmUp().catch(async (error: unknown) => {
      await embedder.close();
      throw error;
    });
  return embedder;
}

async function openApi(
  { baseUrl, model, apiKey }: NonNullable<EmbedderConfig["api"]> = { baseUrl: undefined, model: undefined },
): Promise<Embedder> {
  if (baseUrl === undefined || model === undefined)
    throw new AppError("misconfigured", "EMBEDDER=openai needs EMBED_API_URL (such as https://api.openai.com/v1) and EMBED_API_MODEL");
  return await openRemoteEmbedder({ baseUrl, model, apiKey }, {}, AbortSignal.timeout(60_000));
}

type Choice = { kind: EmbedderKind; reason: string };

/** Once this says e5, its files are there. */
async function choose(config: EmbedderConfig, options: OpenEmbedderOptions): Promise<Choice> {
  if (config.kind === "lexical") return { kind: "lexical", reason: "EMBEDDER=lexical" };
  if (config.kind === "openai") return { kind: "openai", reason: "EMBEDDER=openai" };
  if (config.kind === "auto" && options.prefer === "openai") return { kind: "openai", reason: "the existing index was built with it" };
  if (config.kind === "auto" && options.prefer === "lexical") return { kind: "lexical", reason: "the existing index was built with it" };

  const files = locateModel(config);
  const missing = await missingFiles(files);
  if (missing.length === 0) return { kind: "e5", reason: `the files of ${files.name} are in ${files.folder}` };

  const obstacle = await fetchMissing(files, config, options);
  if (obstacle === undefined) return { kind: "e5", reason: `the files of ${files.name} were downloaded to ${files.folder}` };
  if (config.kind === "auto" && options.prefer === undefined)
    return { kind: "lexical", reason: `the files of ${files.name} are not in ${config.modelDir} and ${obstacle}` };

  const asked = config.kind === "e5" ? "EMBEDDER=e5" : "the existing index was built with e5";
  const lacks = `${files.folder} lacks ${missing.join(", ")} and ${obstacle}`;
  const get =
    files.hubId === undefined ? "Put the files there" : `Put the files of ${config.hubUrl}/${files.hubId} there, or allow their download`;
  const instead = config.kind === "e5" ? "set EMBEDDER=lexical" : "set EMBEDDER=lexical and rebuild the index";
  throw new AppError("misconfigured", `${asked}: ${lacks}. ${get}, or ${instead}.`);
}

/** Downloads what is missing. A clause that says why not, where that is a matter of circumstances; undefined when the files are there. */
async function fetchMissing(files: ModelFiles, config: EmbedderConfig, options: OpenEmbedderOptions): Promise<string | undefined> {
  const { log, onProgress, hubTimeoutMs = 5_000, stallMs = 60_000 } = options;
  const { hubUrl, offline } = config;
  if (files.hubId === undefined) return "a folder given by its path is not downloaded";
  if (offline) return "EMBED_OFFLINE=true forbids the download";
  const hub = { hubUrl, hubId: files.hubId };
  const silence = await whyNoHub(hub, hubTimeoutMs);
  if (silence !== undefined) return silence;
  log.info({ model: files.hubId, folder: files.folder }, "downloading the embedding model");
  try {
    await downloadModel(files, { ...hub, onProgress, stallMs });
    return undefined;
  } catch (error) {
    const failure = AppError.from(error);
    // A network that lets the hub through but not its file servers, or a read-only folder, must not stop a start that can do without.
    if (config.kind === "e5" || options.prefer === "e5") throw failure;
    log.warn({ err: failure }, "the embedding model was not downloaded");
    return failure.message;
  }
}
