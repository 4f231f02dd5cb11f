/**
 * What /query is compared with, in a process of its own: `bare` is an Express route that answers a constant, `path` the API's whole way of a
 * request (headers, key, limits, validation, answer) around that constant. Tells its parent the port.
 */
import { createLogger, Lifecycle } from "@flow-rag/kernel";
import express from "express";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { argv } from "node:process";
import { serve } from "../src/serve.js";
import { fakeDeps, fakeKeys, httpSettings } from "../test/fake-api.js";

const [kind = "bare", key = "", text = "{}"] = argv.slice(2);
const answer: unknown = JSON.parse(text);
if (kind === "bare") {
  const server = express()
    .use(express.json())
    .post("/query", (_req, res) => void res.json(answer))
    .listen(0, "127.0.0.1");
  await once(server, "listening");
  process.send?.((server.address() as AddressInfo).port);
} else {
  const log = createLogger("bench", "silent");
  const deps = { ...fakeDeps(), keys: fakeKeys({ [key]: ["query"] }), answer: async () => answer as never };
  process.send?.(await serve({ config: { http: httpSettings }, lifecycle: new Lifecycle(log), log }, deps));
}
