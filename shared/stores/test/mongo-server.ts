import { BSON, type Document } from "mongodb";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";

/** How a command is answered: with a document, or badly. */
export type MongoReply =
  | { readonly document: Document }
  /** Nothing, ever. */
  | { readonly hang: true }
  /** The connection ends. */
  | { readonly reset: true }
  /** Bytes that are no message. */
  | { readonly garbage: Buffer };

export interface MongoServer {
  readonly uri: string;
  readonly commands: readonly Document[];
  /** From now on every command but the handshake is answered so. */
  reply(with_: (command: Document) => MongoReply): void;
  close(): Promise<void>;
}

const [opQuery, opReply, opMsg] = [2004, 1, 2013];
const headerBytes = 16;

/** A server on loopback that speaks MongoDB's wire protocol and says what it is told to. Source: mongodb/specifications, OP_MSG. */
export async function startMongoServer(): Promise<MongoServer> {
  let replyTo: (command: Document) => MongoReply = () => ({ document: { ok: 1 } });
  const commands: Document[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    let buffer = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      buffer = Buffer.concat([buffer, chunk]);
      while (buffer.length >= headerBytes && buffer.length >= buffer.readInt32LE(0)) {
        const message = buffer.subarray(0, buffer.readInt32LE(0));
        buffer = buffer.subarray(message.length);
        answer(socket, message);
      }
    });
  });
  const answer = (socket: Socket, message: Buffer): void => {
    const [id, code] = [message.readInt32LE(4), message.readInt32LE(12)];
    const command = code === opQuery ? queryOf(message) : messageOf(message);
    const isHandshake = "hello" in command || "isMaster" in command || "ismaster" in command;
    if (isHandshake) return void socket.write(frame(id, code, hello));
    commands.push(command);
    const reply = replyTo(command);
    if ("document" in reply) socket.write(frame(id, code, reply.document));
    else if ("garbage" in reply) socket.write(reply.garbage);
    else if ("reset" in reply) socket.destroy();
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    uri: `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/?directConnection=true`,
    commands,
    reply: (next) => void (replyTo = next),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

const hello = {
  ok: 1,
  helloOk: true,
  ismaster: true,
  isWritablePrimary: true,
  maxBsonObjectSize: 16_777_216,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
  minWireVersion: 0,
  maxWireVersion: 21,
};

/** OP_QUERY: flags, a name that ends with a zero, two numbers, the document. */
function queryOf(message: Buffer): Document {
  const name = message.indexOf(0, headerBytes + 4);
  return BSON.deserialize(message.subarray(name + 1 + 8));
}

/** OP_MSG: flags, then the command in the section of kind 0; sequences of documents go with it and are not read. */
function messageOf(message: Buffer): Document {
  let at = headerBytes + 4;
  while (message[at] !== 0) at += 1 + message.readInt32LE(at + 1);
  const size = message.readInt32LE(at + 1);
  return BSON.deserialize(message.subarray(at + 1, at + 1 + size));
}

function frame(responseTo: number, code: number, document: Document): Buffer {
  const body = Buffer.from(BSON.serialize(document));
  const before = code === opQuery ? Buffer.alloc(20) : Buffer.alloc(5);
  if (code === opQuery) before.writeInt32LE(1, 16); // one document
  const header = Buffer.alloc(headerBytes);
  header.writeInt32LE(headerBytes + before.length + body.length, 0);
  header.writeInt32LE(responseTo, 8);
  header.writeInt32LE(code === opQuery ? opReply : opMsg, 12);
  return Buffer.concat([header, before, body]);
}
