import { closeSync, openSync, renameSync, rmSync } from "node:fs";
import { change, frame, frameBytes, headBytes, isWholeFrame, type ChangeKind } from "./log-frames.js";
import { writeAll } from "./log-files.js";
import { newFileOf, type StorageLog } from "./storage-log.js";
import { Segment, type StoredDocument } from "./stored-document.js";

/** What the present state is made of: names and indexes as frames, documents by where they are. */
export type LiveItem = { namespace: string } & ({ kind: ChangeKind; raw: Uint8Array } | { entry: StoredDocument });

export type CompactionDeps = {
  log: StorageLog;
  live: () => Iterable<LiveItem>;
  /** Lets others have their turn. */
  pause: () => Promise<void>;
  /** Runs while no change is under way. */
  exclusive: <T>(work: () => T) => Promise<T>;
};

const pieceBytes = 1024 * 1024;
/** What may be left to copy while nobody else may write. */
const maxLastBytes = 256 * 1024;

/**
 * Writes the present state into a new file beside the log, adds what is committed meanwhile, and puts it in the log's place. Reads and
 * changes go on. A crash at any time leaves the old file or the new one, both whole.
 * @throws the disk's error; the log is then as it was.
 */
export async function compact(deps: CompactionDeps): Promise<void> {
  const { log } = deps;
  const path = newFileOf(log.path);
  const file = openSync(path, "w+");
  const release = log.segment.lease();
  const writer = new NewFile(deps, file);
  try {
    const from = await deps.exclusive(() => log.end);
    await writer.writeLive();
    const copy = new TailCopy(from, writer.flushed());
    while (log.end - copy.at > maxLastBytes) await writer.copyTail(copy, log.end);
    await log.files.sync(file);
    await deps.exclusive(() => {
      writer.finish(copy);
      renameSync(path, log.path);
      writer.moveDocuments(copy);
    });
  } catch (error) {
    for (const item of deps.live()) if ("entry" in item) item.entry.nextOffset = -1;
    if (log.segment.file !== file) {
      closeSync(file);
      rmSync(path, { force: true });
    }
    throw error;
  } finally {
    release();
  }
}

/** Where the frames that were committed since the start are, in the old file (from `from`) and in the new one (from `to`). */
class TailCopy {
  at: number;
  constructor(
    readonly from: number,
    readonly to: number,
  ) {
    this.at = from;
  }
}

class NewFile {
  #end = 0;
  #batch: Uint8Array[] = [];
  #batchBytes = 0;

  constructor(
    private readonly deps: CompactionDeps,
    private readonly file: number,
  ) {}

  async writeLive(): Promise<void> {
    for (const item of this.deps.live()) {
      if ("entry" in item) this.#putDocument(item.namespace, item.entry);
      else this.#put(frame(item.kind, item.namespace, item.raw));
      if (this.#batchBytes < pieceBytes) continue;
      this.#flush();
      await this.deps.pause();
    }
  }

  flushed(): number {
    this.#flush();
    return this.#end;
  }

  async copyTail(copy: TailCopy, end: number): Promise<void> {
    while (copy.at < end) {
      this.#copyPiece(copy, end);
      await this.deps.pause();
    }
  }

  /** The last changes, and documents that were not committed when their turn came and are there all the same. */
  finish(copy: TailCopy): void {
    while (copy.at < this.deps.log.end) this.#copyPiece(copy, this.deps.log.end);
    for (const item of this.deps.live()) {
      if ("entry" in item && item.entry.offset < copy.from && item.entry.nextOffset < 0) this.#putDocument(item.namespace, item.entry);
    }
    this.#flush();
    this.deps.log.files.syncNow(this.file);
  }

  moveDocuments(copy: TailCopy): void {
    const { log, live } = this.deps;
    const segment = new Segment(this.file, log.segment.cache);
    for (const item of live()) {
      if (!("entry" in item)) continue;
      const { entry } = item;
      const offset = entry.offset >= copy.from ? entry.offset - copy.from + copy.to : entry.nextOffset;
      entry.place(segment, offset);
      entry.nextOffset = -1;
    }
    log.replaceBy(segment, this.#end);
  }

  #putDocument(namespace: string, entry: StoredDocument): void {
    const { segment, offset, size } = entry;
    if (!segment) return; // not committed: it comes with the tail, or never
    const head = headBytes(namespace);
    const bytes = segment.read(offset - head, frameBytes(namespace, size));
    if (!isWholeFrame(bytes) || bytes[8] !== change.put) throw new Error(`the log has changed on disk near byte ${offset}`);
    entry.nextOffset = this.#end + this.#batchBytes + head;
    this.#put([bytes]);
  }

  #put(parts: readonly Uint8Array[]): void {
    this.#batch.push(...parts);
    for (const part of parts) this.#batchBytes += part.length;
  }

  #flush(): void {
    if (this.#batchBytes === 0) return;
    writeAll(this.deps.log.files, this.file, Buffer.concat(this.#batch), this.#end);
    this.#end += this.#batchBytes;
    [this.#batch, this.#batchBytes] = [[], 0];
  }

  #copyPiece(copy: TailCopy, end: number): void {
    const bytes = Math.min(pieceBytes, end - copy.at);
    this.#put([this.deps.log.segment.read(copy.at, bytes)]);
    copy.at += bytes;
    this.#flush();
  }
}
