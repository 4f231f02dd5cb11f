import { fsync, fsyncSync, ftruncateSync, writeSync } from "node:fs";
import { promisify } from "node:util";

const fsyncAsync = promisify(fsync);

/** What can fail while the log is written. Tests put a disk behind it that fails. */
export type LogFiles = {
  /** Bytes written, which may be fewer than asked for. */
  write(file: number, data: Uint8Array, position: number): number;
  truncate(file: number, length: number): void;
  sync(file: number): Promise<void>;
  syncNow(file: number): void;
};

export const realFiles: LogFiles = {
  write: (file, data, position) => writeSync(file, data, 0, data.length, position),
  truncate: ftruncateSync,
  sync: (file) => fsyncAsync(file),
  syncNow: fsyncSync,
};

/** @throws the error of the disk; some of the bytes may be in the file then. */
export function writeAll(files: LogFiles, file: number, data: Uint8Array, position: number): void {
  for (let at = 0; at < data.length;) at += files.write(file, data.subarray(at), position + at);
}
