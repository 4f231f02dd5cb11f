import { deserialize, serialize, type Document } from "bson";
import { crc32c } from "./crc32c.js";
import { ServerError } from "./server-error.js";

/** Opcodes and flags of https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/ */
const opReply = 1;
const opQuery = 2004;
const opMsg = 2013;
const headerBytes = 16;
const checksumPresent = 1;
const moreToCome = 2;
const knownRequiredFlags = checksumPresent | moreToCome; // bits 0 to 15 must be understood
export const maxMessageBytes = 48_000_000;

export type Request = {
  id: number;
  /** The body section as bytes: commands decode it with or without number types. */
  body: Uint8Array;
  /** Document sequences (section kind 1), such as the `documents` of an insert. */
  sequences: Map<string, Uint8Array[]>;
  /** False for an unacknowledged write. */
  wantsReply: boolean;
  legacy: boolean;
};

/** Cuts a byte stream into messages. */
export class MessageReader {
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** @throws RangeError for a length no client sends; the connection is then beyond repair. */
  *push(chunk: Buffer): Generator<Buffer> {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    while (this.#bytes >= 4) {
      if ((this.#chunks[0]?.length ?? 0) < 4) this.#join();
      const length = this.#chunks[0]?.readInt32LE(0) ?? 0;
      if (length < headerBytes || length > maxMessageBytes) throw new RangeError(`message of ${length} bytes`);
      if (this.#bytes < length) return;
      const buffer = this.#join();
      yield buffer.subarray(0, length);
      this.#chunks = [buffer.subarray(length)];
      this.#bytes -= length;
    }
  }

  #join(): Buffer {
    const buffer = this.#chunks.length === 1 ? this.#chunks[0] : undefined;
    const joined = buffer ?? Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }
}

/** What a message says of itself, before its content is looked at. */
export const requestIdOf = (message: Buffer): number => message.readInt32LE(4);

/**
 * @throws RangeError for opcodes, flags and sections that are not understood, ServerError for a message that contradicts itself: a checksum
 * that does not hold, a section given twice.
 */
export function parseRequest(message: Buffer): Request {
  const id = message.readInt32LE(4);
  const opcode = message.readInt32LE(12);
  if (opcode === opQuery) return parseQuery(id, message);
  if (opcode !== opMsg) throw new RangeError(`opcode ${opcode}`);
  const flags = message.readUInt32LE(16);
  if ((flags & 0xffff & ~knownRequiredFlags) !== 0) throw new RangeError(`flags ${flags}`);
  const end = flags & checksumPresent ? message.length - 4 : message.length;
  if (flags & checksumPresent && crc32c(message.subarray(0, end)) !== message.readUInt32LE(end)) {
    throw new ServerError(1, "OP_MSG checksum does not match contents");
  }
  let body: Uint8Array | undefined;
  const sequences = new Map<string, Uint8Array[]>();
  for (let at = 20; at < end;) {
    const kind = message[at++];
    const size = message.readInt32LE(at);
    if (size < 5 || at + size > end) throw new RangeError(`section of ${size} bytes`);
    const section = message.subarray(at, at + size);
    if (kind === 0 && body) throw new ServerError(40430, "Multiple body sections in message");
    if (kind === 0) body = section;
    else if (kind === 1) readSequence(section, sequences);
    else throw new RangeError(`section kind ${kind}`);
    at += size;
  }
  if (!body) throw new RangeError("no body section");
  return { id, body, sequences, wantsReply: (flags & moreToCome) === 0, legacy: false };
}

function readSequence(section: Buffer, sequences: Map<string, Uint8Array[]>): void {
  const nameEnd = section.indexOf(0, 4);
  const documents: Uint8Array[] = [];
  for (let at = nameEnd + 1; at < section.length;) {
    const size = section.readInt32LE(at);
    if (size < 5 || at + size > section.length) throw new RangeError(`document of ${size} bytes`);
    documents.push(section.subarray(at, at + size));
    at += size;
  }
  const name = section.toString("utf8", 4, nameEnd);
  if (sequences.has(name)) throw new ServerError(40431, `Duplicate document sequence: ${name}`);
  sequences.set(name, documents);
}

/** The first hello of a connection still comes as a query on a $cmd collection. */
function parseQuery(id: number, message: Buffer): Request {
  const nameEnd = message.indexOf(0, 20);
  if (!message.toString("utf8", 20, nameEnd).endsWith(".$cmd")) throw new RangeError("legacy queries");
  const at = nameEnd + 1 + 8; // numberToSkip, numberToReturn
  const body = message.subarray(at, at + message.readInt32LE(at));
  return { id, body, sequences: new Map(), wantsReply: true, legacy: true };
}

/** A BSON document in pieces. */
export type Reply = { parts: readonly Uint8Array[]; bytes: number };

export const concatReply = (parts: readonly Uint8Array[]): Reply => ({ parts, bytes: parts.reduce((sum, part) => sum + part.length, 0) });

/** A message in pieces. */
export function encodeReply(requestId: number, reply: Reply, legacy: boolean): Uint8Array[] {
  const head = Buffer.alloc(headerBytes + (legacy ? 20 : 5));
  head.writeInt32LE(head.length + reply.bytes, 0);
  head.writeInt32LE(requestId, 8);
  head.writeInt32LE(legacy ? opReply : opMsg, 12);
  if (legacy) head.writeInt32LE(1, 32); // one document; flags, cursor id and startingFrom stay 0
  return [head, ...reply.parts];
}

/** For probing a server: one command out, its reply in. */
export function encodeCommand(command: Document): Buffer {
  const message = Buffer.concat(encodeReply(0, concatReply([serialize(command)]), false));
  message.writeInt32LE(1, 4);
  return message;
}

export const decodeReply = (message: Buffer): Document => deserialize(message.subarray(headerBytes + 5));
