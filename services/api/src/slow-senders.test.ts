import { createLogger, Lifecycle } from "@flow-rag/kernel";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { fakeDeps, httpSettings } from "../test/fake-api.js";
import { schema, type Config } from "./config.js";
import { serve } from "./serve.js";

const log = createLogger("test", "silent");
let lifecycle: Lifecycle;
const sockets: Socket[] = [];
beforeEach(() => (lifecycle = new Lifecycle(log)));
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  expect(await lifecycle.close()).toBe(true);
});

const start = (http: Partial<Config["http"]>): Promise<number> =>
  serve({ config: { http: { ...httpSettings, ...http } }, lifecycle, log }, fakeDeps());
/** A connection, and all that it was told until it was ended from the other side. */
async function dial(port: number) {
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  await once(socket, "connect");
  let heard = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => (heard += chunk));
  socket.on("error", () => {});
  const ended = once(socket, "close");
  return {
    socket,
    heard: () => heard,
    ended: async () => {
      await ended;
      return heard;
    },
    ask: async () => {
      const before = heard.length;
      socket.write("GET /health?of=process HTTP/1.1\r\nHost: localhost\r\n\r\n");
      while (!heard.slice(before).includes('"status":"ok"')) await once(socket, "data");
      return heard.slice(before);
    },
  };
}

/** Sends the text byte by byte for as long as the other side lets it. */
function drip(socket: Socket, text: string): void {
  let sent = 0;
  const timer = setInterval(() => socket.write(text[sent++ % text.length] ?? ""), 10);
  socket.once("close", () => clearInterval(timer));
}

test.each([
  ["sends its headers byte by byte", "GET /health HTTP/1.1\r\nHost: localhost\r\nX-A: ", "a"],
  [
    "sends its body byte by byte",
    "POST /query HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n",
    " ",
  ],
] as const)("API, a client that %s, is told 408 and cut", async (_how, beginning, rest) => {
  const one = await dial(await start({ headersMs: 200, requestMs: 400 }));
  one.socket.write(beginning);
  drip(one.socket, rest);
  expect(await one.ended()).toMatch(/^HTTP\/1\.1 408 /);
});

test("API, a client that says nothing at all, is cut", async () => {
  const one = await dial(await start({ headersMs: 200, requestMs: 400 }));
  expect(await one.ended()).toMatch(/^$|^HTTP\/1\.1 408 /);
});

test("API, a kept connection is idle for longer than headers may take, is answered on; past its own time it is ended", async () => {
  const port = await start({ headersMs: 200, requestMs: 400, keepAliveMs: 2_000 });
  const kept = await dial(port);
  expect(await kept.ask()).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\nKeep-Alive: timeout=2\r\n/);
  const slow = await dial(port);
  slow.socket.write("GET /");
  await slow.ended(); // headers have had their time
  expect(await kept.ask()).toMatch(/^HTTP\/1\.1 200 /);
  await kept.ended();
});

test("API, as configured, keeps connections for longer than the 60 s of load balancers and says so", async () => {
  const { http } = schema.parse({ MONGO_URI: "mongodb://x", REDIS_URL: "redis://x", CHROMA_URL: "http://x:1" });
  const one = await dial(await start({ keepAliveMs: http.keepAliveMs, headersMs: http.headersMs }));
  const [, seconds] = /\r\nKeep-Alive: timeout=(\d+)\r\n/.exec(await one.ask()) ?? [];
  expect(Number(seconds)).toBeGreaterThan(60);
});
