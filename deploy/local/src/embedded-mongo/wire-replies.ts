import { serialize, type Document, type Long } from "bson";
import { writeDocument } from "./bson-writer.js";
import { concatReply, type Reply } from "./wire-protocol.js";

/** Rows below this are copied together, larger ones are sent from where they are. */
const largeRow = 64 * 1024;
const lengthBytes = 4;
const end = Buffer.of(0);

/** {cursor: {id, ns, <field>: rows}, ok: 1} of rows that are BSON already: results are never decoded to be sent. */
export function cursorReply(id: Long, ns: string, field: "firstBatch" | "nextBatch", rows: readonly Uint8Array[]): Reply {
  const items = arrayItems(rows);
  const arrayBytes = lengthBytes + sizeOf(items) + 1;
  const cursorHead = serialize({ id, ns }).subarray(lengthBytes, -1);
  const cursorBytes = lengthBytes + cursorHead.length + fieldHead(4, field).length + arrayBytes + 1;
  const tail = serialize({ ok: 1 }).subarray(lengthBytes);
  const head = [fieldHead(3, "cursor"), length(cursorBytes), cursorHead, fieldHead(4, field), length(arrayBytes)];
  const total = lengthBytes + fieldHead(3, "cursor").length + cursorBytes + tail.length;
  return concatReply([Buffer.concat([length(total), ...head]), ...items, Buffer.concat([end, end, tail])]);
}

/** A document given as bytes as the field `name`, followed by the fields of `tail`. */
export function withRawDocument(name: string, document: Uint8Array, tail: Document): Reply {
  const back = Buffer.from(writeDocument(tail)).subarray(lengthBytes);
  const head = fieldHead(3, name);
  return concatReply([Buffer.concat([length(lengthBytes + head.length + document.length + back.length), head]), document, back]);
}

function arrayItems(rows: readonly Uint8Array[]): Uint8Array[] {
  const out: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  const flush = () => {
    if (small.length > 0) out.push(Buffer.concat(small));
    small = [];
  };
  for (const [index, row] of rows.entries()) {
    small.push(fieldHead(3, String(index)));
    if (row.length < largeRow) {
      small.push(row);
      continue;
    }
    flush();
    out.push(row);
  }
  flush();
  return out;
}

const sizeOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + part.length, 0);

const fieldHead = (type: number, name: string): Buffer => Buffer.concat([Buffer.of(type), Buffer.from(name), end]);

function length(bytes: number): Buffer {
  const out = Buffer.allocUnsafe(lengthBytes);
  out.writeInt32LE(bytes, 0);
  return out;
}
