import { waitFor } from "@flow-rag/testing";
import { MongoClient } from "mongodb";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import type { Socket } from "node:net";
import { watchHeartbeat } from "../src/mongo-heartbeat.js";

const sockets = new Set<Socket>();
const keep = (message: unknown): void => void sockets.add((message as { socket: Socket }).socket);
let client: MongoClient;
let endWatch = (): void => {};
beforeAll(async () => {
  subscribe("net.client.socket", keep);
  client = new MongoClient(process.env["TEST_MONGO_URI"] ?? "", { heartbeatFrequencyMS: 500, serverSelectionTimeoutMS: 200 });
  endWatch = watchHeartbeat(client, { afterMs: 2_000 });
  await client.connect();
});
afterAll(async () => {
  unsubscribe("net.client.socket", keep);
  endWatch();
  await client.close();
});

/** Takes every connection away as a heartbeat begins: its write then waits for what cannot come. */
async function loseHeartbeat(): Promise<void> {
  await once(client, "serverHeartbeatSucceeded");
  client.once("serverHeartbeatStarted", () => sockets.forEach((socket) => socket.destroy()));
  await once(client, "serverHeartbeatStarted");
}
const ping = () => client.db("test").command({ ping: 1 });

test("watch of the heartbeat, connections end as it begins, three times, connects anew each time", async () => {
  for (let round = 0; round < 3; round += 1) {
    await loseHeartbeat();
    await once(client, "topologyOpening");
    await waitFor(() => ping().catch(() => undefined), "an answer of MongoDB");
  }
});

test("watch of the heartbeat, heartbeats that end, leaves the client as it is", async () => {
  let opened = 0;
  client.on("topologyOpening", () => (opened += 1));
  for (let beats = 0; beats < 6; beats += 1) await once(client, "serverHeartbeatSucceeded");
  expect(opened).toBe(0);
});
