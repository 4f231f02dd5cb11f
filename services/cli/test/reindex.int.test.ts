import { waitFor } from "@flow-rag/testing";
import { dropCollection, openCollection } from "@flow-rag/stores";
import { once } from "node:events";
import { join } from "node:path";
import { writeTinyE5 } from "../../../shared/models/test/tiny-e5.js";
import { killRunning, startServiceOf } from "./command-line.js";
import { openReindexing, signal, type Reindexing } from "./reindexing.js";

jest.setTimeout(600_000);

let here: Reindexing;
beforeEach(async () => {
  here = await openReindexing();
});
afterEach(async () => {
  killRunning();
  await here.close();
});

test("flow-rag reindex, lexical to an endpoint with ingestion and questions going on, switches in parity; rollback takes later runs along; drop-old leaves one", async () => {
  await here.put(0, 3_000);
  const [worker, producer] = await here.startServices();
  expect((await here.run("ingest")).code).toBe(0);
  const lexical = await here.pointer();
  here.endpoint.pauseMs = 20; // long enough for much to happen meanwhile

  const building = here.json("reindex", "--embedder", "openai");
  const answers: unknown[] = [];
  let version = 0;
  const busy = building.then(() => true);
  for (let done: boolean | undefined; !done;) {
    version += 1;
    await here.put(version * 100, version * 100 + 50, version); // changed
    await here.put(3_000 + version * 20, 3_020 + version * 20); // new
    await here.rows().deleteMany({ _id: { $gte: version * 7, $lt: version * 7 + 2 } });
    expect((await here.run("ingest")).code).toBe(0);
    answers.push(
      ...(JSON.parse(
        `[${(await here.run("query", "table orders not found", "--now", "2026-05-02T12:00:00Z", "--json")).stdout}]`,
      ) as unknown[]),
    );
    done = await Promise.race([busy, Promise.resolve(undefined)]);
  }
  const report = await building;
  expect(report).toMatchObject({ outcome: "switched", previous: lexical?.["collection"] as string, parity: { inSync: true } });
  const { asked, asPassages } = report["recall"] as { asked: number; asPassages: number };
  expect([asked > 100, asPassages]).toEqual([true, asked]);
  for (const answer of answers)
    expect(answer).toMatchObject({ degraded: false, contexts: expect.arrayContaining([expect.anything()]) as unknown });

  expect((await here.run("ingest")).code).toBe(0);
  const count = await here.rows().countDocuments();
  await here.inParity(count);
  const active = await here.pointer();
  expect(active).toMatchObject({
    embedder: { kind: "openai", dimensions: 16 },
    previous: { collection: lexical?.["collection"] as string },
  });
  expect(await here.world.state.collection("runs").countDocuments({ fingerprint: active?.["fingerprint"] })).toBe(count);
  const signatures = await openCollection(
    here.world.chromaUrl,
    String(active?.["collection"]).replace("flows-", "signatures-"),
    String(active?.["fingerprint"]),
    signal,
  );
  expect((await signatures.get({ limit: 1_000 })).ids).toEqual(expect.arrayContaining(await here.signatureIds()));
  expect((await here.json("query", "table orders not found", "--now", "2026-05-02T12:00:00Z"))["degraded"]).toBe(false);

  // What is ingested now is in the new index only, and must be in the old one once that is active again.
  await here.put(10_000, 10_300);
  await here.put(500, 600, 5);
  await here.rows().deleteMany({ _id: { $lt: 30 } });
  expect((await here.run("ingest")).code).toBe(0);
  expect(await here.json("reindex", "--rollback")).toMatchObject({
    outcome: "switched",
    collection: lexical?.["collection"] as string,
    parity: { inSync: true },
  });
  expect((await here.run("ingest")).code).toBe(0);
  await here.inParity(await here.rows().countDocuments());

  expect(await here.collections()).toHaveLength(4);
  expect(await here.json("reindex", "--drop-old")).toMatchObject({
    dropped: [active?.["collection"] as string, expect.stringContaining("signatures-") as string],
  });
  expect(await here.collections()).toHaveLength(2);
  expect(await here.run("reindex", "--rollback")).toMatchObject({ code: 2, stderr: expect.stringContaining("no former index") as string });
  await here.inParity(await here.rows().countDocuments());
  for (const child of [worker, producer]) child.kill("SIGTERM");
  expect(await Promise.all([once(worker, "exit"), once(producer, "exit")])).toEqual([
    [0, null],
    [0, null],
  ]);
});

test("flow-rag reindex, vectors that do not find their own texts, is refused at the gate and leaves the active index as it was", async () => {
  await here.put(0, 300);
  await here.startServices();
  expect((await here.run("ingest")).code).toBe(0);
  const before = await here.pointer();
  here.endpoint.isRandom = true;
  const refused = await here.run("reindex", "--embedder", "openai");
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/not switched: of \d+ documents/)]);
  expect(await here.pointer()).toEqual(before);
  await here.inParity(300);
  // The other wish gives up what was begun, and its collections with it.
  expect(await here.json("reindex", "--embedder", "lexical")).toMatchObject({ outcome: "unchanged", parity: { inSync: true } });
  expect(await here.collections()).toHaveLength(2);
});

test("flow-rag reindex, lexical to e5 of a folder, asks with the model that it indexed with", async () => {
  const model = join(here.dir, "tiny-e5");
  await writeTinyE5(model);
  here.env = { ...here.env, LOCAL_EMB_MODEL: model };
  await here.put(0, 300);
  await here.startServices();
  expect((await here.run("ingest")).code).toBe(0);
  expect(await here.pointer()).toMatchObject({ embedder: { kind: "e5" } }); // auto takes what is there
  expect(await here.json("reindex", "--embedder", "lexical")).toMatchObject({ outcome: "switched", parity: { runs: 300, inSync: true } });
  expect(await here.json("reindex", "--embedder", "e5")).toMatchObject({
    outcome: "switched",
    written: 0,
    parity: { runs: 300, inSync: true },
  });
  await here.inParity(300);
});

test("worker, the index is switched to one that it cannot write, stands by without losing a job and goes on after the rollback", async () => {
  await here.put(0, 200);
  const { EMBED_API_URL: _url, ...without } = here.env;
  const worker = await startServiceOf("worker", { ...without, LOG_LEVEL: "silent" });
  const producer = await startServiceOf("producer", here.env);
  expect((await here.run("ingest")).code).toBe(0);
  expect(await here.json("reindex", "--embedder", "openai")).toMatchObject({ outcome: "switched" });
  await here.put(200, 300);
  const ingest = here.run("ingest", "--json"); // finds the worker that stands by, and waits
  const failed = here.world.redis.zcard(`${here.world.queuePrefix}:records.embed:failed`);
  await waitFor(
    async () => ((await here.world.redis.zcard(`${here.world.queuePrefix}:records.embed:delayed`)) > 0 ? true : undefined),
    "a job put back",
    30_000,
  );
  expect(await here.json("reindex", "--rollback")).toMatchObject({ outcome: "switched", parity: { runs: 200, inSync: true } });
  expect(JSON.parse((await ingest).stdout)).toMatchObject({ indexed: 100, failed: 0 });
  expect([await failed, await here.world.state.collection("dead_letters").countDocuments()]).toEqual([0, 0]);
  await here.inParity(300);
  for (const child of [worker, producer]) child.kill("SIGTERM");
  expect(await Promise.all([once(worker, "exit"), once(producer, "exit")])).toEqual([
    [0, null],
    [0, null],
  ]);
});

test("flow-rag reindex, two at once, the second says that another is running", async () => {
  await here.put(0, 300);
  await here.startServices();
  expect((await here.run("ingest")).code).toBe(0);
  here.endpoint.pauseMs = 1_500;
  const first = here.run("reindex", "--embedder", "openai", "--json");
  await waitFor(async () => (here.endpoint.asked() > 1 ? true : undefined), "the first to begin", 60_000);
  const second = await here.run("reindex", "--embedder", "openai");
  expect([second.code, second.stderr]).toEqual([2, expect.stringContaining("another reindex is running")]);
  here.endpoint.pauseMs = 0;
  expect((await first).code).toBe(0);
});

test("flow-rag reindex, runs that were signed and worded by another version, are signed and indexed anew", async () => {
  await here.put(0, 300);
  expect((await here.run("ingest")).code).toBe(0);
  // What an upgrade that raised the mask version finds: an index with the former fingerprint, and runs with the former signatures.
  const former = `${here.world.indexPrefix}flows-00000000`;
  await here.world.state
    .collection("index_state")
    .updateOne({ _id: "active" as never }, { $set: { fingerprint: "former", collection: former } });
  await here.world.state.collection("runs").updateMany({}, { $set: { fingerprint: "former" } });
  await here.world.state.collection("runs").updateMany({ signature: { $ne: null } }, { $set: { signature: "sig-former" } });
  for (const name of [former, former.replace("flows", "signatures")]) await openCollection(here.world.chromaUrl, name, "former", signal);
  for (const name of (await here.collections()).filter((one) => !one.endsWith("00000000")))
    await dropCollection(here.world.chromaUrl, name, signal);

  expect(await here.run("ingest")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/another version of flow-rag.*flow-rag reindex/) as string,
  });
  expect(await here.json("reindex")).toMatchObject({ outcome: "switched", written: 300, parity: { inSync: true } });
  expect(await here.signatureIds()).not.toContain("sig-former");
  expect(await here.world.state.collection("runs").countDocuments({ status: "failed", signature: null })).toBe(0);
  await here.inParity(300);
  expect(await here.run("reindex", "--rollback")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("another version of flow-rag") as string,
  });
});

test("flow-rag reindex, no index yet or two wishes at once, says what to do", async () => {
  expect(await here.run("reindex")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("flow-rag ingest makes the first one") as string,
  });
  expect(await here.run("reindex", "--rollback", "--drop-old")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("one of them") as string,
  });
});
