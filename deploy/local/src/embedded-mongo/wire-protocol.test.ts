import { deserialize, serialize } from "bson";
import fc from "fast-check";
import { decodeReply, encodeCommand, encodeReply, MessageReader, parseRequest, withRawArray, withRawDocument } from "./wire-protocol.js";

/** An OP_MSG with a body, a document sequence and a checksum. */
function message(flags: number): Buffer {
  const body = serialize({ insert: "c", $db: "d" });
  const documents = [serialize({ _id: 1 }), serialize({ _id: 2 })];
  const name = Buffer.from("documents\0");
  const size = Buffer.alloc(4);
  size.writeInt32LE(4 + name.length + documents.reduce((sum, item) => sum + item.length, 0));
  const head = Buffer.alloc(20);
  head.writeInt32LE(7, 4);
  head.writeInt32LE(2013, 12);
  head.writeUInt32LE(flags, 16);
  const parts = [head, Buffer.of(0), body, Buffer.of(1), size, name, ...documents, ...(flags & 1 ? [Buffer.alloc(4)] : [])];
  const bytes = Buffer.concat(parts);
  bytes.writeInt32LE(bytes.length, 0);
  return bytes;
}

test.each([
  [0, true],
  [1, true],
  [2, false],
  [1 << 16, true],
])("parseRequest, flags %i, reads body and sequence", (flags, wantsReply) => {
  const request = parseRequest(message(flags));
  expect([request.id, request.wantsReply, deserialize(request.body)]).toEqual([7, wantsReply, { insert: "c", $db: "d" }]);
  expect(request.sequences.get("documents")?.map((raw) => deserialize(raw))).toEqual([{ _id: 1 }, { _id: 2 }]);
});

test("parseRequest, a required flag nobody knows, is refused", () => {
  expect(() => parseRequest(message(4))).toThrow(RangeError);
});

test("MessageReader, a stream cut anywhere, gives the messages whole", () => {
  const messages = [message(0), encodeCommand({ ping: 1 }), message(1)];
  const stream = Buffer.concat(messages);
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
      const reader = new MessageReader();
      const edges = [0, ...cuts.sort((a, b) => a - b), stream.length];
      const found = edges.slice(1).flatMap((end, i) => [...reader.push(stream.subarray(edges[i], end))]);
      expect(found.map((bytes) => bytes.toString("hex"))).toEqual(messages.map((bytes) => bytes.toString("hex")));
    }),
  );
});

test.each([[-1], [3], [48_000_001]])("MessageReader, a length of %i, is refused", (length) => {
  const chunk = Buffer.alloc(16);
  chunk.writeInt32LE(length);
  expect(() => [...new MessageReader().push(chunk)]).toThrow(RangeError);
});

test("replies, made of documents that are bytes already, are what serialize would make", () => {
  const documents = [{ a: 1 }, { b: "x" }];
  const cursor = withRawArray(
    { id: 0, ns: "d.c" },
    "firstBatch",
    documents.map((document) => serialize(document)),
  );
  expect(Buffer.from(cursor).equals(serialize({ id: 0, ns: "d.c", firstBatch: documents }))).toBe(true);
  const reply = withRawDocument("cursor", cursor, { ok: 1 });
  expect(Buffer.from(reply).equals(serialize({ cursor: { id: 0, ns: "d.c", firstBatch: documents }, ok: 1 }))).toBe(true);
  expect(decodeReply(encodeReply(1, serialize({ ok: 1 }), false))).toEqual({ ok: 1 });
});
