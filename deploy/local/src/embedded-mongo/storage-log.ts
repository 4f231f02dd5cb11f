import {
  closeSync,
  existsSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import { serialize } from "bson";

/** What a frame does; numbers are the file format. */
export const change = {
  put: 1,
  remove: 2,
  createCollection: 3,
  dropCollection: 4,
  createIndex: 5,
  dropIndex: 6,
  /** One frame, so that a crash leaves both names as they were or the new one alone. */
  renameCollection: 7,
} as const;
export type ChangeKind = (typeof change)[keyof typeof change];
export type LoggedChange = { kind: ChangeKind; namespace: string; raw: Uint8Array };

const fsyncEveryMs = 1000;
const frameHeader = 8;

/**
 * An append-only file of frames: payload length, CRC-32 of the payload, then kind, namespace and a BSON document.
 * Changes are in the file (in the operating system's cache) when `commit` returns and on disk a second later, like Redis's everysec:
 * kill -9 loses nothing, a power cut at most a second.
 */
export class StorageLog {
  #file: number;
  #batch: Uint8Array[] = [];
  #dirty = false;
  readonly #timer: NodeJS.Timeout;

  private constructor(path: string) {
    this.#file = openSync(path, "a");
    this.#timer = setInterval(() => this.#sync(), fsyncEveryMs);
    this.#timer.unref();
  }

  /** Gives every whole frame to `replay`, cuts off what a crash left behind them, and opens the file for more. */
  static open(path: string, replay: (change: LoggedChange) => void): { log: StorageLog; bytes: number } {
    mkdirSync(dirname(path), { recursive: true });
    rmSync(`${path}.new`, { force: true }); // a compaction that did not finish
    const bytes = existsSync(path) ? replayFile(path, replay) : 0;
    return { log: new StorageLog(path), bytes };
  }

  append(kind: ChangeKind, namespace: string, raw: Uint8Array): void {
    this.#batch.push(...frame(kind, namespace, raw));
  }

  put(namespace: string, raw: Uint8Array): void {
    this.append(change.put, namespace, raw);
  }

  remove(namespace: string, id: unknown): void {
    this.append(change.remove, namespace, serialize({ _id: id }));
  }

  /** Everything appended since the last call, in one write. */
  commit(): void {
    if (this.#batch.length === 0) return;
    writeAll(this.#file, Buffer.concat(this.#batch));
    this.#batch = [];
    this.#dirty = true;
  }

  close(): void {
    clearInterval(this.#timer);
    this.commit();
    fsyncSync(this.#file);
    closeSync(this.#file);
  }

  #sync(): void {
    if (!this.#dirty) return;
    this.#dirty = false;
    fsync(this.#file, () => {}); // an error comes again with the next write
  }
}

/** Replaces the file by one that holds just these changes; a crash leaves the old file or the new one. */
export function rewriteLog(path: string, changes: Iterable<LoggedChange>): void {
  const file = openSync(`${path}.new`, "w");
  let batch: Uint8Array[] = [];
  const flush = () => {
    writeAll(file, Buffer.concat(batch));
    batch = [];
  };
  for (const { kind, namespace, raw } of changes) {
    batch.push(...frame(kind, namespace, raw));
    if (batch.length > 3000) flush();
  }
  flush();
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
}

export const frameBytes = (namespace: string, raw: Uint8Array): number => frameHeader + 2 + Buffer.byteLength(namespace) + raw.length;

function frame(kind: ChangeKind, namespace: string, raw: Uint8Array): Uint8Array[] {
  const head = Buffer.from(`${String.fromCharCode(kind)}${namespace}\0`);
  const prefix = Buffer.allocUnsafe(frameHeader);
  prefix.writeUInt32LE(head.length + raw.length, 0);
  prefix.writeUInt32LE(crc32(raw, crc32(head)), 4);
  return [prefix, head, raw];
}

function replayFile(path: string, replay: (change: LoggedChange) => void): number {
  const data = readFileSync(path);
  let at = 0;
  while (at + frameHeader <= data.length) {
    const length = data.readUInt32LE(at);
    const payload = data.subarray(at + frameHeader, at + frameHeader + length);
    if (payload.length < length || length < 7 || crc32(payload) !== data.readUInt32LE(at + 4)) break;
    const nameEnd = payload.indexOf(0, 1);
    const raw = Uint8Array.prototype.slice.call(payload, nameEnd + 1);
    replay({ kind: payload[0] as ChangeKind, namespace: payload.toString("utf8", 1, nameEnd), raw });
    at += frameHeader + length;
  }
  if (at < data.length) {
    const file = openSync(path, "r+");
    ftruncateSync(file, at);
    closeSync(file);
  }
  return at;
}

function writeAll(file: number, data: Buffer): void {
  for (let at = 0; at < data.length;) at += writeSync(file, data, at);
}
