import { deserialize, Long, serialize } from "bson";
import fc from "fast-check";
import { crc32c } from "./crc32c.js";
import { concatReply, decodeReply, encodeCommand, encodeReply, MessageReader, parseRequest } from "./wire-protocol.js";
import { cursorReply, withRawDocument } from "./wire-replies.js";

/** An OP_MSG with a body, a document sequence and a checksum. */
function message(flags: number, extra: readonly Buffer[] = []): Buffer {
  const body = serialize({ insert: "c", $db: "d" });
  const documents = [serialize({ _id: 1 }), serialize({ _id: 2 })];
  const name = Buffer.from("documents\0");
  const size = Buffer.alloc(4);
  size.writeInt32LE(4 + name.length + documents.reduce((sum, item) => sum + item.length, 0));
  const head = Buffer.alloc(20);
  head.writeInt32LE(7, 4);
  head.writeInt32LE(2013, 12);
  head.writeUInt32LE(flags, 16);
  const parts = [head, Buffer.of(0), body, Buffer.of(1), size, name, ...documents, ...extra, ...(flags & 1 ? [Buffer.alloc(4)] : [])];
  const bytes = Buffer.concat(parts);
  bytes.writeInt32LE(bytes.length, 0);
  if (flags & 1) bytes.writeUInt32LE(crc32c(bytes.subarray(0, -4)), bytes.length - 4);
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

test("parseRequest, one bit of a message with a checksum flipped, is an error", () => {
  const bytes = message(1);
  bytes[30] = (bytes[30] ?? 0) ^ 4;
  expect(() => parseRequest(bytes)).toThrow("checksum does not match");
});

test("crc32c, the digits of RFC 3720, is e3069283", () => {
  expect(crc32c(Buffer.from("123456789")).toString(16)).toBe("e3069283");
});

test("parseRequest, a body or a document sequence given twice, is an error", () => {
  const body = serialize({ ping: 1 });
  const sequence = Buffer.concat([Buffer.from([4 + 10, 0, 0, 0]), Buffer.from("documents\0")]);
  expect(() => parseRequest(message(0, [Buffer.of(0), Buffer.from(body)]))).toThrow("Multiple body sections");
  expect(() => parseRequest(message(0, [Buffer.of(1), sequence]))).toThrow("Duplicate document sequence: documents");
});

test("replies, made of documents that are bytes already, are what serialize would make", () => {
  const documents = [{ a: 1 }, { b: "x".repeat(100_000) }, { c: 1 }];
  const rows = documents.map((document) => serialize(document));
  const reply = cursorReply(Long.ZERO, "d.c", "firstBatch", rows);
  const expected = serialize({ cursor: { id: Long.ZERO, ns: "d.c", firstBatch: documents }, ok: 1 });
  expect(Buffer.concat(reply.parts).equals(expected)).toBe(true);
  expect(reply.bytes).toBe(expected.length);
  const single = withRawDocument("value", serialize({ a: 1 }), { ok: 1 });
  expect(Buffer.concat(single.parts).equals(serialize({ value: { a: 1 }, ok: 1 }))).toBe(true);
  expect(decodeReply(Buffer.concat(encodeReply(1, concatReply([serialize({ ok: 1 })]), false)))).toEqual({ ok: 1 });
});
