import { freePort } from "@flow-rag/kernel";
import { createHarness, waitFor, type Harness } from "@flow-rag/testing";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { environmentOf, killRunning, startServiceOf } from "./command-line.js";

jest.setTimeout(120_000);

type Span = { traceId: string; spanId: string; parentSpanId?: string; name: string; service: string };
type Export = {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] };
    scopeSpans: { spans: Omit<Span, "service">[] }[];
  }[];
};

let world: Harness;
let collector: Server;
let spans: Span[];
beforeEach(async () => {
  world = await createHarness();
  spans = [];
  collector = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => {
      if (req.url === "/v1/traces") spans.push(...read(JSON.parse(Buffer.concat(chunks).toString()) as Export));
      res.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  }).listen(0, "127.0.0.1");
  await once(collector, "listening");
});
afterEach(async () => {
  killRunning();
  collector.closeAllConnections();
  collector.close();
  await once(collector, "close");
  expect(await world.lifecycle.close()).toBe(true);
});

const read = ({ resourceSpans }: Export): Span[] =>
  resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(({ key }) => key === "service.name")?.value.stringValue ?? "";
    return scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ ...span, service })));
  });

test("services, a collector is configured, make one trace of a request, the queue and the worker", async () => {
  const { port } = collector.address() as AddressInfo;
  const row = { pipeline_name: "a", tech: "Spark", status: "OK", timestamp: new Date() };
  await world.source.collection("flow_monitoring").insertOne(row);
  const env = { ...environmentOf(world), OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, LOG_LEVEL: "silent", API_PORT: "0" };
  const apiPort = await freePort();
  const children = [
    await startServiceOf("worker", env),
    await startServiceOf("producer", env),
    await startServiceOf("api", { ...env, API_PORT: String(apiPort) }),
  ];
  const caller = "4bf92f3577b34da6a3ce929d0e0e4736";
  const response = await fetch(`http://127.0.0.1:${apiPort}/ingestion`, {
    method: "POST",
    headers: { "content-type": "application/json", traceparent: `00-${caller}-00f067aa0ba902b7-01` },
    body: JSON.stringify({ mode: "backfill", wait: 20 }),
  });
  expect(response.status).toBe(200);
  const ofTrace = () => spans.filter(({ traceId }) => traceId === caller);
  const services = ["flow-rag-api", "flow-rag-producer", "flow-rag-worker"];
  const isWhole = () =>
    services.every((service) => ofTrace().some((span) => span.service === service)) &&
    ofTrace().some(({ name }) => name === "POST /ingestion"); // ends last, and each service sends by itself
  await waitFor(async () => (isWhole() ? true : undefined), "spans of all three and of the request", 30_000);
  const embedding = ofTrace().find(({ service }) => service === "flow-rag-worker");
  const parents = [embedding?.service];
  for (let span = embedding; span; span = ofTrace().find(({ spanId }) => spanId === span?.parentSpanId))
    if (span.service !== parents.at(-1)) parents.push(span.service);
  expect(parents).toEqual(["flow-rag-worker", "flow-rag-producer", "flow-rag-api"]);
  for (const child of children.reverse()) {
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  }
});
