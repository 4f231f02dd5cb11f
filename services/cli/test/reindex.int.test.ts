import { createHarness, waitFor, type Harness } from "@flow-rag/testing";
import fc from "fast-check";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dropCollection, listCollections, openCollection } from "@flow-rag/stores";
import { writeTinyE5 } from "../../../shared/models/test/tiny-e5.js";
import { environmentOf, flowRag, killRunning, startFlowRag, startServiceOf, type Ended } from "./command-line.js";
import { startEmbeddings, type Embeddings } from "./embeddings-endpoint.js";

const soak = process.env["FLOW_RAG_SOAK"] === "true";
const kills = soak ? 100 : 12;
jest.setTimeout(soak ? 7_200_000 : 600_000);

const signal = new AbortController().signal;
let world: Harness;
let dir: string;
let endpoint: Embeddings;
let env: NodeJS.ProcessEnv;
beforeEach(async () => {
  world = await createHarness();
  dir = await mkdtemp(join(tmpdir(), "flow-rag-reindex-"));
  endpoint = await startEmbeddings();
  env = {
    ...environmentOf(world),
    EMBEDDER: "auto",
    EMBED_OFFLINE: "true",
    EMBED_API_URL: endpoint.url,
    EMBED_API_MODEL: "test",
    QUEUE_LOCK: "3s",
  };
});
afterEach(async () => {
  killRunning();
  await endpoint.close();
  expect(await world.lifecycle.close()).toBe(true);
  await rm(dir, { recursive: true });
});

const record = (id: number, version = 0) => ({
  _id: id,
  pipeline_name: `pipeline-${id % 40}`,
  tech: ["Spark", "Talend", "dbt"][id % 3],
  status: (id + version) % 3 === 0 ? "KO" : "OK",
  error_message: (id + version) % 3 === 0 ? `table ${["orders", "stock", "clients"][(id % 5) % 3]} not found after ${id} tries` : null,
  timestamp: new Date(Date.UTC(2026, 4, 1) + id * 1_000),
});
const rows = () => world.source.collection<ReturnType<typeof record>>("flow_monitoring");
const put = async (from: number, to: number, version = 0): Promise<void> => {
  const operations = Array.from({ length: to - from }, (_, index) => {
    const replacement = record(from + index, version);
    return { replaceOne: { filter: { _id: replacement._id }, replacement, upsert: true } };
  });
  await rows().bulkWrite(operations);
};
const run = (...args: string[]): Promise<Ended> => flowRag(args, env, { cwd: dir });
const json = async (...args: string[]): Promise<Record<string, unknown>> => {
  const { code, stdout, stderr } = await run(...args, "--json");
  expect([args, code, code === 0 ? "" : stderr]).toEqual([args, 0, ""]);
  return JSON.parse(stdout) as Record<string, unknown>;
};
const inParity = async (count: number): Promise<void> =>
  expect(await json("parity")).toMatchObject({ source: count, runs: count, index: count, missing: 0, extra: 0, stale: 0, inSync: true });
const pointer = () => world.state.collection("index_state").findOne({ _id: "active" as never });
const collections = async () => (await listCollections(world.chromaUrl, world.indexPrefix, signal)).toSorted();
const signatureIds = async (): Promise<string[]> => {
  const found = (await world.state.collection("runs").distinct("signature")) as (string | null)[];
  return found.filter((id) => id !== null).toSorted();
};

test("flow-rag reindex, lexical to an endpoint with ingestion and questions going on, switches in parity; rollback takes later runs along; drop-old leaves one", async () => {
  await put(0, 3_000);
  expect((await run("ingest")).code).toBe(0);
  const lexical = await pointer();
  const worker = await startServiceOf("worker", env);
  const producer = await startServiceOf("producer", env);
  endpoint.pauseMs = 20; // long enough for much to happen meanwhile

  const building = json("reindex", "--embedder", "openai");
  const answers: unknown[] = [];
  let version = 0;
  const busy = building.then(() => true);
  for (let done: boolean | undefined; !done;) {
    version += 1;
    await put(version * 100, version * 100 + 50, version); // changed
    await put(3_000 + version * 20, 3_020 + version * 20); // new
    await rows().deleteMany({ _id: { $gte: version * 7, $lt: version * 7 + 2 } });
    expect((await run("ingest")).code).toBe(0);
    answers.push(
      ...(JSON.parse(`[${(await run("query", "table orders not found", "--now", "2026-05-02T12:00:00Z", "--json")).stdout}]`) as unknown[]),
    );
    done = await Promise.race([busy, Promise.resolve(undefined)]);
  }
  const report = await building;
  expect(report).toMatchObject({ outcome: "switched", previous: lexical?.["collection"] as string, parity: { inSync: true } });
  const { asked, asPassages } = report["recall"] as { asked: number; asPassages: number };
  expect([asked > 100, asPassages]).toEqual([true, asked]);
  for (const answer of answers)
    expect(answer).toMatchObject({ degraded: false, contexts: expect.arrayContaining([expect.anything()]) as unknown });

  expect((await run("ingest")).code).toBe(0);
  const count = await rows().countDocuments();
  await inParity(count);
  const active = await pointer();
  expect(active).toMatchObject({
    embedder: { kind: "openai", dimensions: 16 },
    previous: { collection: lexical?.["collection"] as string },
  });
  expect(await world.state.collection("runs").countDocuments({ fingerprint: active?.["fingerprint"] })).toBe(count);
  const signatures = await openCollection(
    world.chromaUrl,
    String(active?.["collection"]).replace("flows-", "signatures-"),
    String(active?.["fingerprint"]),
    signal,
  );
  expect((await signatures.get({ limit: 1_000 })).ids).toEqual(expect.arrayContaining(await signatureIds()));
  expect((await json("query", "table orders not found", "--now", "2026-05-02T12:00:00Z"))["degraded"]).toBe(false);

  // What is ingested now is in the new index only, and must be in the old one once that is active again.
  await put(10_000, 10_300);
  await put(500, 600, 5);
  await rows().deleteMany({ _id: { $lt: 30 } });
  expect((await run("ingest")).code).toBe(0);
  expect(await json("reindex", "--rollback")).toMatchObject({
    outcome: "switched",
    collection: lexical?.["collection"] as string,
    parity: { inSync: true },
  });
  expect((await run("ingest")).code).toBe(0);
  await inParity(await rows().countDocuments());

  expect(await collections()).toHaveLength(4);
  expect(await json("reindex", "--drop-old")).toMatchObject({
    dropped: [active?.["collection"] as string, expect.stringContaining("signatures-") as string],
  });
  expect(await collections()).toHaveLength(2);
  expect(await run("reindex", "--rollback")).toMatchObject({ code: 2, stderr: expect.stringContaining("no former index") as string });
  await inParity(await rows().countDocuments());
  for (const child of [worker, producer]) child.kill("SIGTERM");
  expect(await Promise.all([once(worker, "exit"), once(producer, "exit")])).toEqual([
    [0, null],
    [0, null],
  ]);
});

test(`flow-rag reindex, killed at ${kills} random instants there and back, goes on and ends in parity`, async () => {
  const count = 2_000;
  await put(0, count);
  expect((await run("ingest")).code).toBe(0);
  endpoint.pauseMs = 10;
  const worker = await startServiceOf("worker", env);
  const [draws] = fc.sample(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: kills, maxLength: kills }), {
    seed: 11,
    numRuns: 1,
  }) as [number[]];
  let version = 0;
  let killed = 0;
  for (let round = 0; killed < kills; round += 1) {
    const args = round % 2 === 0 ? ["reindex", "--embedder", "openai", "--json"] : ["reindex", "--rollback", "--json"];
    const before = (await pointer())?.["collection"] as string;
    for (let stop = 0; stop < 6 && killed < kills; stop += 1) {
      const child = startFlowRag(args, env, { cwd: dir });
      const ended = once(child, "close");
      // The instants are drawn over what a whole rebuilding says: its progress on stderr, one line at each stage.
      const share = draws[killed] ?? 0;
      const reached = waitForShare(child, share, before);
      const first = await Promise.race([reached, ended.then(() => "ended" as const)]);
      if (first === "ended") break;
      for (const pid of childrenOf(child)) process.kill(pid, "SIGKILL"); // without it, the end of the command would let it close in order
      child.kill("SIGKILL");
      await ended;
      killed += 1;
      await put(0, 200, (version += 1));
    }
    expect((await run("ingest")).code).toBe(0);
    const done = await run(...args);
    expect([round, done.code, done.code === 0 ? "" : done.stderr]).toEqual([round, 0, ""]);
    expect(JSON.parse(done.stdout)).toMatchObject({ parity: { runs: count, documents: count, inSync: true } });
    await inParity(count);
  }
  worker.kill("SIGTERM");
  expect(await once(worker, "exit")).toEqual([0, null]);
});

/** The rebuilding process of a command. Source: proc(5). */
function childrenOf({ pid }: ReturnType<typeof startFlowRag>): number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  return existsSync(path) ? readFileSync(path, "utf8").split(" ").filter(Boolean).map(Number) : [];
}

/**
 * Resolves at an instant of a rebuilding: in the first third while texts are embedded for documents, in the second while the gate asks, told
 * by what the endpoint was asked; in the last after the switch, told by the runs that bear the new fingerprint.
 */
async function waitForShare(child: ReturnType<typeof startFlowRag>, share: number, before: string): Promise<"reached"> {
  const from = endpoint.asked();
  const asked = share < 0.33 ? share * 24 : 8 + (share - 0.33) * 600;
  const adopted = ((share - 0.66) / 0.34) * 1_900;
  await waitFor(
    async () => {
      if (child.exitCode !== null || child.signalCode !== null) return true;
      const active = await pointer();
      if ((active?.["collection"] as string) === before) return share < 0.66 && endpoint.asked() - from > asked ? true : undefined;
      const fingerprint: unknown = active?.["fingerprint"];
      return (await world.state.collection("runs").countDocuments({ fingerprint })) >= adopted ? true : undefined;
    },
    "the instant to kill at",
    120_000,
  );
  return "reached";
}

test("flow-rag reindex, vectors that do not find their own texts, is refused at the gate and leaves the active index as it was", async () => {
  await put(0, 300);
  expect((await run("ingest")).code).toBe(0);
  const before = await pointer();
  endpoint.isRandom = true;
  const refused = await run("reindex", "--embedder", "openai");
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/not switched: of \d+ documents/)]);
  expect(await pointer()).toEqual(before);
  await inParity(300);
  // The other wish gives up what was begun, and its collections with it.
  expect(await json("reindex", "--embedder", "lexical")).toMatchObject({ outcome: "unchanged", parity: { inSync: true } });
  expect(await collections()).toHaveLength(2);
});

test("flow-rag reindex, lexical to e5 of a folder, asks with the model that it indexed with", async () => {
  const model = join(dir, "tiny-e5");
  await writeTinyE5(model);
  env = { ...env, LOCAL_EMB_MODEL: model };
  await put(0, 300);
  expect((await run("ingest")).code).toBe(0);
  expect(await pointer()).toMatchObject({ embedder: { kind: "e5" } }); // auto takes what is there
  expect(await json("reindex", "--embedder", "lexical")).toMatchObject({ outcome: "switched", parity: { runs: 300, inSync: true } });
  expect(await json("reindex", "--embedder", "e5")).toMatchObject({ outcome: "switched", written: 0, parity: { runs: 300, inSync: true } });
  await inParity(300);
});

test("worker, the index is switched to one that it cannot write, stands by without losing a job and goes on after the rollback", async () => {
  await put(0, 200);
  expect((await run("ingest")).code).toBe(0);
  const { EMBED_API_URL: _url, ...without } = env;
  const worker = await startServiceOf("worker", { ...without, LOG_LEVEL: "silent" });
  expect(await json("reindex", "--embedder", "openai")).toMatchObject({ outcome: "switched" });
  await put(200, 300);
  const producer = await startServiceOf("producer", env);
  const ingest = run("ingest", "--json"); // finds the worker that stands by, and waits
  const failed = world.redis.zcard(`${world.queuePrefix}:records.embed:failed`);
  await waitFor(
    async () => ((await world.redis.zcard(`${world.queuePrefix}:records.embed:delayed`)) > 0 ? true : undefined),
    "a job put back",
    30_000,
  );
  expect(await json("reindex", "--rollback")).toMatchObject({ outcome: "switched", parity: { runs: 200, inSync: true } });
  expect(JSON.parse((await ingest).stdout)).toMatchObject({ indexed: 100, failed: 0 });
  expect([await failed, await world.state.collection("dead_letters").countDocuments()]).toEqual([0, 0]);
  await inParity(300);
  for (const child of [worker, producer]) child.kill("SIGTERM");
  expect(await Promise.all([once(worker, "exit"), once(producer, "exit")])).toEqual([
    [0, null],
    [0, null],
  ]);
});

test("flow-rag reindex, two at once, the second says that another is running", async () => {
  await put(0, 300);
  expect((await run("ingest")).code).toBe(0);
  endpoint.pauseMs = 1_500;
  const first = run("reindex", "--embedder", "openai", "--json");
  await waitFor(async () => (endpoint.asked() > 1 ? true : undefined), "the first to begin", 60_000);
  const second = await run("reindex", "--embedder", "openai");
  expect([second.code, second.stderr]).toEqual([2, expect.stringContaining("another reindex is running")]);
  endpoint.pauseMs = 0;
  expect((await first).code).toBe(0);
});

test("flow-rag reindex, runs that were signed and worded by another version, are signed and indexed anew", async () => {
  await put(0, 300);
  expect((await run("ingest")).code).toBe(0);
  // What an upgrade that raised the mask version finds: an index with the former fingerprint, and runs with the former signatures.
  const former = `${world.indexPrefix}flows-00000000`;
  await world.state
    .collection("index_state")
    .updateOne({ _id: "active" as never }, { $set: { fingerprint: "former", collection: former } });
  await world.state.collection("runs").updateMany({}, { $set: { fingerprint: "former" } });
  await world.state.collection("runs").updateMany({ signature: { $ne: null } }, { $set: { signature: "sig-former" } });
  for (const name of [former, former.replace("flows", "signatures")]) await openCollection(world.chromaUrl, name, "former", signal);
  for (const name of (await collections()).filter((one) => !one.endsWith("00000000"))) await dropCollection(world.chromaUrl, name, signal);

  expect(await run("ingest")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/another version of flow-rag.*flow-rag reindex/) as string,
  });
  expect(await json("reindex")).toMatchObject({ outcome: "switched", written: 300, parity: { inSync: true } });
  expect(await signatureIds()).not.toContain("sig-former");
  expect(await world.state.collection("runs").countDocuments({ status: "failed", signature: null })).toBe(0);
  await inParity(300);
  expect(await run("reindex", "--rollback")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("another version of flow-rag") as string,
  });
});

test("flow-rag reindex, no index yet or two wishes at once, says what to do", async () => {
  expect(await run("reindex")).toMatchObject({ code: 2, stderr: expect.stringContaining("flow-rag ingest makes the first one") as string });
  expect(await run("reindex", "--rollback", "--drop-old")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("one of them") as string,
  });
});
