import { closeSync, existsSync, fstatSync, fsyncSync, mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { frame, type ChangeKind } from "./log-frames.js";
import { realFiles, writeAll, type LogFiles } from "./log-files.js";
import { replayLog, type LoggedChange, type Replayed } from "./log-replay.js";
import { StorageError } from "./server-error.js";
import { DocumentCache, Segment, type StoredDocument } from "./stored-document.js";

const fsyncEveryMs = 1000;
/** One command's changes beyond this are written before it ends. */
const maxBatchBytes = 32 * 1024 * 1024;
const defaultCacheWeight = 256 * 1024 * 1024;

export type LogOptions = { files?: LogFiles; cacheWeight?: number };

type Pending = { entry: StoredDocument; at: number };

/**
 * An append-only file of frames (see log-frames). Changes are in the file (in the operating system's cache) when `commit` returns and on disk
 * a second later, like Redis's everysec: kill -9 loses nothing, a power cut at most a second; `syncNow` does not wait.
 * What a failed write left behind is cut off again before anything else is written.
 */
export class StorageLog {
  #segment: Segment;
  #end: number;
  #batch: Uint8Array[] = [];
  #batchBytes = 0;
  #spilledBytes = 0;
  #pending: Pending[] = [];
  #isDirty = false;
  #isTorn = false;
  #refusal: string | undefined;
  readonly #timer: NodeJS.Timeout;

  private constructor(
    readonly path: string,
    file: number,
    readonly files: LogFiles,
    cache: DocumentCache,
  ) {
    this.#segment = new Segment(file, cache);
    this.#end = 0;
    this.#timer = setInterval(() => void this.#sync(), fsyncEveryMs);
    this.#timer.unref();
  }

  /** Gives every whole frame to `replay`, cuts off what a crash left behind them, and opens the file for more. */
  static open(
    path: string,
    replay: (change: LoggedChange, segment: Segment) => void,
    options: LogOptions = {},
  ): { log: StorageLog; replayed: Replayed; cutBytes: number } {
    const { files = realFiles, cacheWeight = defaultCacheWeight } = options;
    mkdirSync(dirname(path), { recursive: true });
    rmSync(newFileOf(path), { force: true }); // a compaction that did not finish
    const isNew = !existsSync(path);
    const log = new StorageLog(path, openSync(path, isNew ? "w+" : "r+"), files, new DocumentCache(cacheWeight));
    if (isNew) syncFolder(path);
    const size = fstatSync(log.#segment.file).size;
    const replayed = replayLog(log.#segment.file, size, (logged) => replay(logged, log.#segment));
    log.#end = replayed.end;
    const cutBytes = size - replayed.end;
    if (cutBytes > 0) log.#cut(cutBytes);
    return { log, replayed, cutBytes };
  }

  get segment(): Segment {
    return this.#segment;
  }

  /** Bytes of all whole frames: where the next one goes. */
  get end(): number {
    return this.#end;
  }

  /** Why no change is taken at present. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  append(kind: ChangeKind, namespace: string, raw: Uint8Array, entry?: StoredDocument): void {
    const parts = frame(kind, namespace, raw);
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    this.#batch.push(...parts);
    if (entry) this.#pending.push({ entry, at: this.#spilledBytes + this.#batchBytes + bytes - raw.length });
    this.#batchBytes += bytes;
    if (this.#batchBytes > maxBatchBytes) this.#spill();
  }

  /**
   * Everything appended since the last call is in the file, or nothing of it.
   * @throws ServerError OutOfDiskSpace (14031) or InternalError (1) in the second case.
   */
  commit(): void {
    if (this.#batchBytes + this.#spilledBytes === 0) return;
    this.#spill();
    for (const { entry, at } of this.#pending) entry.place(this.#segment, this.#end + at);
    this.#end += this.#spilledBytes;
    this.#isDirty = true;
    this.#discard();
  }

  /** Takes back what was appended since the last commit. */
  rollBack(): void {
    if (this.#spilledBytes > 0) this.#isTorn = true;
    this.#discard();
    this.#mend();
  }

  /** Everything committed is on disk. @throws ServerError when the disk does not take it; from then on changes are refused. */
  syncNow(): void {
    this.#isDirty = false;
    try {
      this.files.syncNow(this.#segment.file);
    } catch (error) {
      throw this.#refuse(error);
    }
  }

  /** A compaction's file, which has this one's name already, takes its place. The caller has moved the documents. */
  replaceBy(segment: Segment, end: number): void {
    const old = this.#segment;
    [this.#segment, this.#end] = [segment, end];
    [this.#isTorn, this.#isDirty, this.#refusal] = [false, false, undefined];
    old.retire();
    try {
      syncFolder(this.path);
    } catch (error) {
      this.#refuse(error);
    }
  }

  close(): void {
    clearInterval(this.#timer);
    try {
      if (!this.#refusal) fsyncSync(this.#segment.file);
    } finally {
      if (!this.#segment.isClosed) closeSync(this.#segment.file);
    }
  }

  #spill(): void {
    if (this.#refusal !== undefined) throw new StorageError(1, this.#refusal);
    this.#mend();
    if (this.#isTorn) throw new StorageError(1, "changes are refused: what a failed write left in the log file cannot be cut off");
    try {
      writeAll(this.files, this.#segment.file, Buffer.concat(this.#batch), this.#end + this.#spilledBytes);
    } catch (error) {
      this.#isTorn = true;
      throw failedWrite(error);
    }
    this.#spilledBytes += this.#batchBytes;
    [this.#batch, this.#batchBytes] = [[], 0];
  }

  #discard(): void {
    [this.#batch, this.#pending, this.#batchBytes, this.#spilledBytes] = [[], [], 0, 0];
  }

  /** Cuts the file after its last whole frame. */
  #mend(): void {
    if (!this.#isTorn) return;
    try {
      this.files.truncate(this.#segment.file, this.#end);
      this.#isTorn = false;
    } catch {
      // It stays torn: the next change tries again, and is refused if that fails too.
    }
  }

  /** What is cut off may be more than a torn frame: it is kept beside the log where there is room. */
  #cut(bytes: number): void {
    try {
      writeFileSync(`${this.path}.cut`, this.#segment.read(this.#end, bytes));
    } catch {
      rmSync(`${this.path}.cut`, { force: true });
    }
    this.files.truncate(this.#segment.file, this.#end);
  }

  async #sync(): Promise<void> {
    if (!this.#isDirty || this.#refusal !== undefined) return;
    this.#isDirty = false;
    const segment = this.#segment;
    const release = segment.lease();
    try {
      await this.files.sync(segment.file);
    } catch (error) {
      if (segment === this.#segment) this.#refuse(error);
    } finally {
      release();
    }
  }

  /** After a failed fsync nobody knows what is on disk: no change is taken until the whole log was written anew. */
  #refuse(error: unknown): StorageError {
    const reason = (error as Error).message;
    this.#refusal = `changes are refused until the log could be written anew: the disk did not take earlier ones (${reason})`;
    return new StorageError(1, this.#refusal);
  }
}

export const newFileOf = (path: string): string => `${path}.new`;

/** A file's name is on disk once its folder is. */
function syncFolder(path: string): void {
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function failedWrite(error: unknown): StorageError {
  const { code = "", message } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") return new StorageError(14031, `no space left for the change: ${message}`);
  return new StorageError(1, `the change could not be written: ${message}`);
}
