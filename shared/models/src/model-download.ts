import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError } from "@flow-rag/kernel";
import type { DownloadProgress } from "./embedder.js";
import { missingFiles, type ModelFiles } from "./model-files.js";

const progressEveryBytes = 1 << 20;

/** A model on a hub. */
export interface HubModel {
  readonly hubUrl: string;
  readonly hubId: string;
}

export interface DownloadOptions extends HubModel {
  readonly onProgress: ((progress: DownloadProgress) => void) | undefined;
  /** Longest wait for the hub's answer, and for each next piece of a file. */
  readonly stallMs: number;
}

const addressOf = ({ hubUrl, hubId }: HubModel, name: string): string => `${hubUrl.replace(/\/+$/, "")}/${hubId}/resolve/main/${name}`;

/** Why the hub cannot give a model, as a clause; undefined when it can. */
export async function whyNoHub(model: HubModel, timeoutMs: number): Promise<string | undefined> {
  const { host } = new URL(model.hubUrl);
  try {
    const response = await fetch(addressOf(model, "config.json"), { signal: AbortSignal.timeout(timeoutMs) });
    await response.body?.cancel();
    return response.ok ? undefined : `${host} answered ${response.status}`;
  } catch (error) {
    const late = AppError.from(error).kind === "upstream_unavailable";
    return late ? `${host} did not answer within ${timeoutMs / 1_000} s` : `${host} cannot be reached`;
  }
}

/**
 * Downloads the files that are missing. A file gets its name once it is whole and on disk, so that an interrupted
 * download is taken up at that file; several processes may do this at once. Not left to transformers.js, whose
 * own cache renames in the same way, but has no limit for a silent hub and finds its address in a global.
 * @throws AppError `upstream_unavailable` when the hub fails or falls silent, `misconfigured` when it does not have
 * the file or the folder cannot be written.
 */
export async function downloadModel(files: ModelFiles, options: DownloadOptions): Promise<void> {
  for (const name of await missingFiles(files)) {
    const target = join(files.folder, name);
    const part = `${target}.${randomUUID()}.part`;
    try {
      await mkdir(dirname(target), { recursive: true });
      await downloadFile(addressOf(options, name), name, part, options);
      await rename(part, target);
    } catch (error) {
      if (error instanceof AppError) throw error;
      const { code = "unknown error" } = error as NodeJS.ErrnoException;
      throw new AppError("misconfigured", `${files.folder} cannot be written (${code}): choose another MODEL_DIR`, { cause: error });
    } finally {
      await rm(part, { force: true }).catch(() => {}); // what made the attempt fail says more
    }
  }
}

async function downloadFile(address: string, name: string, path: string, { onProgress, stallMs }: DownloadOptions): Promise<void> {
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(), stallMs);
  const failure = (what: string, cause?: unknown) => new AppError("upstream_unavailable", `${address} ${what}: try again later`, { cause });
  try {
    // Unencoded, so that content-length counts the bytes that arrive.
    const response = await fetch(address, { signal: stalled.signal, headers: { "accept-encoding": "identity" } });
    if (response.status === 404)
      throw new AppError("misconfigured", `${address} does not exist: choose another LOCAL_EMB_MODEL or EMBED_DTYPE`);
    if (!response.ok || !response.body) throw failure(`answered ${response.status}`);
    const length = response.headers.get("content-encoding") ? null : response.headers.get("content-length");
    const total = length === null ? undefined : Number(length);
    let loaded = 0;
    let reported = 0;
    onProgress?.({ file: name, loaded, total });
    const count = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        timer.refresh();
        loaded += chunk.byteLength;
        if (loaded - reported >= progressEveryBytes) onProgress?.({ file: name, loaded: (reported = loaded), total });
        yield chunk;
      }
    };
    // Flushed, so that no crash leaves the name without the bytes.
    await pipeline(Readable.fromWeb(response.body), count, createWriteStream(path, { flush: true }));
    // fetch itself fails when fewer bytes come than content-length says.
    if (loaded === 0) throw failure("is empty");
    onProgress?.({ file: name, loaded, total });
  } catch (error) {
    if (error instanceof AppError || isDiskError(error)) throw error;
    throw failure(stalled.signal.aborted ? `sent nothing for ${stallMs / 1_000} s` : "broke off", error);
  } finally {
    clearTimeout(timer);
  }
}

/** Node's file errors name their system call; fetch wraps those of the network. */
const isDiskError = (error: unknown): boolean => typeof (error as NodeJS.ErrnoException).syscall === "string";
