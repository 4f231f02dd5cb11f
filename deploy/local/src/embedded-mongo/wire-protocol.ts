import { deserialize, serialize, type Document } from "bson";

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

/** @throws RangeError for opcodes, flags and sections that are not understood. */
export function parseRequest(message: Buffer): Request {
  const id = message.readInt32LE(4);
  const opcode = message.readInt32LE(12);
  if (opcode === opQuery) return parseQuery(id, message);
  if (opcode !== opMsg) throw new RangeError(`opcode ${opcode}`);
  const flags = message.readUInt32LE(16);
  if ((flags & 0xffff & ~knownRequiredFlags) !== 0) throw new RangeError(`flags ${flags}`);
  const end = flags & checksumPresent ? message.length - 4 : message.length;
  let body: Uint8Array | undefined;
  const sequences = new Map<string, Uint8Array[]>();
  for (let at = 20; at < end;) {
    const kind = message[at++];
    const size = message.readInt32LE(at);
    if (size < 5 || at + size > end) throw new RangeError(`section of ${size} bytes`);
    const section = message.subarray(at, at + size);
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
  sequences.set(section.toString("utf8", 4, nameEnd), documents);
}

/** The first hello of a connection still comes as a query on a $cmd collection. */
function parseQuery(id: number, message: Buffer): Request {
  const nameEnd = message.indexOf(0, 20);
  if (!message.toString("utf8", 20, nameEnd).endsWith(".$cmd")) throw new RangeError("legacy queries");
  const at = nameEnd + 1 + 8; // numberToSkip, numberToReturn
  const body = message.subarray(at, at + message.readInt32LE(at));
  return { id, body, sequences: new Map(), wantsReply: true, legacy: true };
}

export function encodeReply(requestId: number, reply: Uint8Array, legacy: boolean): Buffer {
  const prefix = legacy ? 20 : 5;
  const message = Buffer.alloc(headerBytes + prefix + reply.length);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(requestId, 8);
  message.writeInt32LE(legacy ? opReply : opMsg, 12);
  if (legacy) message.writeInt32LE(1, 32); // one document; flags, cursor id and startingFrom stay 0
  message.set(reply, headerBytes + prefix);
  return message;
}

/** For probing a server: one command out, its reply in. */
export function encodeCommand(command: Document): Buffer {
  const body = serialize(command);
  const message = encodeReply(0, body, false);
  message.writeInt32LE(1, 4);
  return message;
}

export const decodeReply = (message: Buffer): Document => deserialize(message.subarray(headerBytes + 5));

/** A BSON document whose last field is an array of documents that are bytes already: results are never decoded to be sent. */
export function withRawArray(head: Document, field: string, documents: readonly Uint8Array[]): Uint8Array {
  const front = serialize(head);
  const name = Buffer.from(`${field}\0`);
  const keys = documents.map((_, index) => Buffer.from(`${index}\0`));
  const arrayBytes = 5 + documents.reduce((sum, document, i) => sum + 1 + (keys[i]?.length ?? 0) + document.length, 0);
  const out = Buffer.allocUnsafe(front.length + 1 + name.length + arrayBytes);
  out.set(front.subarray(0, -1), 0);
  let at = front.length - 1;
  const put = (bytes: Uint8Array) => {
    out.set(bytes, at);
    at += bytes.length;
  };
  out[at++] = 4; // array
  put(name);
  out.writeInt32LE(arrayBytes, at);
  at += 4;
  for (const [i, document] of documents.entries()) {
    out[at++] = 3; // embedded document
    put(keys[i] ?? name);
    put(document);
  }
  out[at++] = 0;
  out[at++] = 0;
  out.writeInt32LE(out.length, 0);
  return out;
}

/** A BSON document with one field that is a document given as bytes, followed by the fields of `tail`. */
export function withRawDocument(field: string, document: Uint8Array, tail: Document): Uint8Array {
  const back = serialize(tail);
  const name = Buffer.from(`${field}\0`);
  const out = Buffer.concat([back.subarray(0, 4), Buffer.of(3), name, document, back.subarray(4)]);
  out.writeInt32LE(out.length, 0);
  return out;
}
