import { readSync } from "node:fs";
import { crc32 } from "node:zlib";
import { frameHeader, leastPayload, type ChangeKind } from "./log-frames.js";

/** `raw` is a view that is good until the next change; `offset` is its place in the file. */
export type LoggedChange = { kind: ChangeKind; namespace: string; raw: Uint8Array; offset: number };

export type Replayed = {
  /** Where the last whole frame ends. */
  end: number;
  /** Frames in the middle of the file whose bytes have changed; those behind them were read. */
  damaged: number;
};

const windowBytes = 8 * 1024 * 1024;

/** A part of a file in memory that moves forwards: a log is larger than memory may be. */
class Window {
  #buffer = Buffer.allocUnsafe(windowBytes);
  #start = 0;
  #filled = 0;

  constructor(private readonly file: number) {}

  /** The bytes from there on; undefined when the file ends before them. */
  bytes(at: number, count: number): Buffer | undefined {
    if (at < this.#start || at + count > this.#start + this.#filled) this.#move(at, count);
    const from = at - this.#start;
    return from + count <= this.#filled ? this.#buffer.subarray(from, from + count) : undefined;
  }

  #move(at: number, count: number): void {
    if (count > this.#buffer.length) this.#buffer = Buffer.allocUnsafe(count);
    [this.#start, this.#filled] = [at, 0];
    while (this.#filled < this.#buffer.length) {
      const read = readSync(this.file, this.#buffer, this.#filled, this.#buffer.length - this.#filled, at + this.#filled);
      if (read === 0) return;
      this.#filled += read;
    }
  }
}

/** Gives every whole frame to `replay`, in order. A frame whose bytes have changed is left out when a whole one follows it. */
export function replayLog(file: number, size: number, replay: (change: LoggedChange) => void): Replayed {
  const window = new Window(file);
  let [at, damaged] = [0, 0];
  while (at < size) {
    const payload = payloadAt(window, at, size);
    if (!payload) break;
    if (payload.whole) replay(changeOf(payload.bytes, at + frameHeader));
    else if (payloadAt(window, at + payload.length, size)?.whole) damaged++;
    else break;
    at += payload.length;
  }
  return { end: at, damaged };
}

function payloadAt(window: Window, at: number, size: number): { bytes: Buffer; whole: boolean; length: number } | undefined {
  const header = window.bytes(at, frameHeader);
  if (!header) return undefined;
  const [length, sum] = [header.readUInt32LE(0), header.readUInt32LE(4)];
  if (length < leastPayload || at + frameHeader + length > size) return undefined;
  const bytes = window.bytes(at + frameHeader, length);
  if (!bytes) return undefined;
  return { bytes, whole: crc32(bytes) === sum, length: frameHeader + length };
}

function changeOf(payload: Buffer, at: number): LoggedChange {
  const nameEnd = payload.indexOf(0, 1);
  return {
    kind: payload[0] as ChangeKind,
    namespace: payload.toString("utf8", 1, nameEnd),
    raw: payload.subarray(nameEnd + 1),
    offset: at + nameEnd + 1,
  };
}
