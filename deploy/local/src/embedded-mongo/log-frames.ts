import { crc32 } from "node:zlib";

/** What a frame does; numbers are the file format. */
export const change = {
  put: 1,
  remove: 2,
  createCollection: 3,
  dropCollection: 4,
  createIndex: 5,
  dropIndex: 6,
  renameCollection: 7,
} as const;
export type ChangeKind = (typeof change)[keyof typeof change];

/**
 * A frame: payload length and CRC-32 of the payload (four bytes each, little-endian), then kind, namespace with a closing null byte and a
 * BSON document.
 */
export const frameHeader = 8;
/** Kind, a namespace of at least a letter, its null byte, the smallest document. */
export const leastPayload = 8;

/** Bytes of a frame before its document. */
export const headBytes = (namespace: string): number => frameHeader + 2 + Buffer.byteLength(namespace);
export const frameBytes = (namespace: string, documentBytes: number): number => headBytes(namespace) + documentBytes;

export function frame(kind: ChangeKind, namespace: string, raw: Uint8Array): Uint8Array[] {
  const head = Buffer.from(`${String.fromCharCode(kind)}${namespace}\0`);
  const prefix = Buffer.allocUnsafe(frameHeader);
  prefix.writeUInt32LE(head.length + raw.length, 0);
  prefix.writeUInt32LE(crc32(raw, crc32(head)), 4);
  return [prefix, head, raw];
}

/** Whether the bytes are exactly one frame that is whole. */
export const isWholeFrame = (bytes: Buffer): boolean =>
  bytes.length >= frameHeader + leastPayload &&
  bytes.readUInt32LE(0) === bytes.length - frameHeader &&
  crc32(bytes.subarray(frameHeader)) === bytes.readUInt32LE(4);
