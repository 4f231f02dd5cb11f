import { createHarness, waitFor, type Harness } from "@flow-rag/testing";
import type { Document } from "mongodb";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Status } from "../src/domain/collect-status.js";
import { environmentOf, flowRag, killRunning, startServiceOf, type Ended } from "./command-line.js";

jest.setTimeout(120_000);

let world: Harness;
let dir: string;
beforeEach(async () => {
  world = await createHarness();
  dir = await mkdtemp(join(tmpdir(), "flow-rag-cli-"));
});
afterEach(async () => {
  killRunning();
  expect(await world.lifecycle.close()).toBe(true);
  await rm(dir, { recursive: true });
});

const run = (...args: string[]): Promise<Ended> => flowRag(args, environmentOf(world), { cwd: dir });
const status = async (): Promise<Status> => JSON.parse((await run("status", "--json")).stdout) as Status;

const line = (id: number, fields: object = {}) =>
  JSON.stringify({
    _id: id,
    pipeline_name: `pipeline-${id % 7}`,
    tech: "Spark",
    status: "KO",
    error_message: `executor ${id} lost`,
    timestamp: { $date: new Date(Date.UTC(2026, 4, 5) + id * 1_000) },
    ...fields,
  });
async function write(name: string, lines: readonly string[]): Promise<string> {
  await writeFile(join(dir, name), `${lines.join("\n")}\n`);
  return name;
}
const lines = (count: number, first = 0) => Array.from({ length: count }, (_, index) => line(first + index));

test("flow-rag import, ingest and status, a file with two records nobody understands, agree on every count and the second ingest changes nothing", async () => {
  const flawed = [line(700, { timestamp: null }), line(701, { pipeline_name: { name: "orders" } })];
  const ahead = line(699, { timestamp: { $date: "2099-01-01T00:00:00Z" } });
  const file = await write("records.ndjson", [...lines(699), ahead, ...flawed]);
  expect(await run("import", file)).toMatchObject({ code: 0, stdout: expect.stringContaining("702 added") as string });

  const first = await run("ingest", "--json");
  expect([first.code, JSON.parse(first.stdout)]).toEqual([
    0,
    {
      ...{ read: 702, matched: 702, enqueued: 702, ahead: 1, keptBack: 0 },
      ...{ indexed: 700, unchanged: 0, removed: 0, setAside: 2, failed: 0, unread: null, durations: null },
    },
  ]);
  const { marks, nextReconcile, ...counts } = await status();
  expect(counts).toMatchObject({ source: 702, runs: 700, index: 700, setAside: 2, inSync: true });
  expect(marks["flows"]?.indexedThrough).toBe(marks["flows"]?.enqueuedThrough);
  expect(nextReconcile["flows"]).toMatch(/^\d{4}-02-29T00:00:00/); // as the schedule of these tests says

  const second = await run("ingest");
  expect([second.code, second.stdout]).toEqual([
    0,
    "nothing to do: 702 records read, all 702 unchanged\n1 records are dated ahead of the clock: indexed, and looked at again until their time has come\n",
  ]);
  expect((await run("status")).stdout).toMatch(/flows: enqueued through (.*Z) \(\d.* ago\), indexed through \1\n/);
});

test("flow-rag import --drop of another file and ingest, replaces what the index held", async () => {
  await run("import", await write("old.ndjson", lines(120)));
  await run("ingest");
  const dropped = await run("import", await write("new.ndjson", [...lines(20), ...lines(30, 1_000)]), "--drop");
  expect(dropped.stderr).toContain("it held 120 records");
  expect((await run("ingest")).code).toBe(0);
  expect(await status()).toMatchObject({ source: 50, runs: 50, index: 50, inSync: true });
});

test("flow-rag ingest, more than a twentieth of the records are gone, keeps them until told yes", async () => {
  await run("import", await write("records.ndjson", lines(40)));
  await run("ingest");
  await world.source.collection("flow_monitoring").deleteMany({ _id: { $lt: 10 } } as object);
  const kept = await run("ingest");
  expect([kept.code, kept.stdout, (await status()).runs]).toEqual([1, expect.stringContaining("ingest --yes"), 40]);
  expect((await run("ingest", "--yes")).code).toBe(0);
  expect(await status()).toMatchObject({ source: 30, runs: 30, index: 30, inSync: true });
});

test("flow-rag, a collection that was built anew, keeps the old runs and says so everywhere until the command it names has settled it", async () => {
  const now = Date.now();
  const recent = (id: number) => line(id, { timestamp: { $date: new Date(now - id * 60_000) } });
  await run(
    "import",
    await write(
      "records.ndjson",
      Array.from({ length: 40 }, (_, id) => recent(id)),
    ),
  );
  await run("ingest");
  const records = world.source.collection<Document & { _id: unknown }>("flow_monitoring");
  const copies = (await records.find().toArray()).map((record, index) => ({ ...record, _id: `new-${index}` }));
  await records.deleteMany({});
  await records.insertMany(copies);
  expect(await run("ingest")).toMatchObject({ code: 1, stdout: expect.stringContaining("40 indexed") as string });

  const command = "flow-rag reconcile --yes --source flows";
  const held = { kind: "held_removals", source: "flows", runs: 40, copies: 40, command };
  expect((await status()).doubts).toContainEqual(expect.objectContaining(held));
  expect((await run("status")).stdout).toContain(`still counted, 40 of them twice, under a new id: ${command}`);
  const answer = JSON.parse((await run("query", "how many failures today?", "--json")).stdout) as { answer: string; coverage: object };
  expect(answer.coverage).toMatchObject({ complete: false, doubts: expect.arrayContaining([expect.objectContaining(held)]) as unknown });
  expect(answer.answer).toContain(command);

  expect((await run(...command.split(" ").slice(1))).code).toBe(0);
  const { doubts, ...counts } = await status();
  expect(counts).toMatchObject({ source: 40, runs: 40, index: 40, inSync: true });
  expect(doubts.map(({ kind }) => kind)).not.toContain("held_removals");
});

test("flow-rag ingest, records with ids that no index takes as they are, indexes them and everything around them", async () => {
  const ids = ["a", `s3://landing/${"day=2026-11-29/".repeat(80)}part-0.csv`, { path: "x".repeat(2_000) }, "é".repeat(700), "z"];
  await run(
    "import",
    await write(
      "records.ndjson",
      ids.map((_id) => line(1, { _id })),
    ),
  );
  expect(await run("ingest")).toMatchObject({ code: 0, stdout: expect.stringContaining("5 indexed") as string });
  expect(await status()).toMatchObject({ source: 5, runs: 5, index: 5, setAside: 0, inSync: true });
  expect((await run("parity")).code).toBe(0);
});

test("flow-rag ingest --since, a finished record is corrected, finds the correction at once", async () => {
  await run("import", await write("records.ndjson", lines(20)));
  await run("ingest");
  await world.source.collection("flow_monitoring").updateOne({ _id: 3 as never }, { $set: { status: "OK", error_message: null } });
  expect(await run("ingest", "--since", "2026-05-05")).toMatchObject({ code: 0, stdout: expect.stringContaining("1 indexed") as string });
  expect(await world.state.collection("runs").findOne({ _id: "flows:~n:3" as never })).toMatchObject({ status: "success", error: null });
});

test("worker, killed in the middle of an ingestion and started again, leaves no record out and none doubled", async () => {
  const env = { ...environmentOf(world), QUEUE_LOCK: "3s" };
  const count = 6_000;
  await run("import", await write("records.ndjson", lines(count)));
  let worker = await startServiceOf("worker", env);
  const ingest = run("ingest", "--json");
  const runs = world.state.collection("runs");
  await waitFor(async () => ((await runs.countDocuments()) > 500 ? true : undefined), "the first runs", 60_000);
  worker.kill("SIGKILL");
  await once(worker, "exit");
  expect(await runs.countDocuments()).toBeLessThan(count); // it was really in the middle
  worker = await startServiceOf("worker", env);
  const { code, stdout } = await ingest;
  const { indexed, unchanged, failed } = JSON.parse(stdout) as Record<string, number>;
  expect([code, (indexed ?? 0) + (unchanged ?? 0), failed]).toEqual([0, count, 0]);
  expect(await status()).toMatchObject({ source: count, runs: count, index: count, inSync: true });
  worker.kill("SIGTERM");
  expect(await once(worker, "exit")).toEqual([0, null]);
});

test("flow-rag ingest, two sources with fields and clocks of their own, keeps them apart in counts and brings both into one index", async () => {
  const second = {
    name: "dwh",
    collection: "jobs",
    fields: { pipeline: "job.name", status: "state", timestamp: "at" },
    zone: "Europe/Paris",
  };
  const env = { ...environmentOf(world), SOURCES: JSON.stringify([second]) };
  const runBoth = (...args: string[]) => flowRag(args, env, { cwd: dir });
  await runBoth("import", await write("first.ndjson", lines(30)));
  await runBoth(
    "import",
    await write("second.ndjson", ['{"_id":1,"job":{"name":"loads"},"state":"KO","at":"2026-05-05 10:00:00"}']),
    "--source",
    "dwh",
  );
  expect((await runBoth("ingest")).code).toBe(0);
  expect((await runBoth("ingest", "--source", "dwh")).code).toBe(0);

  const counts = async (...args: string[]) => JSON.parse((await runBoth("status", "--json", ...args)).stdout) as Status;
  expect(await counts()).toMatchObject({ source: 30, runs: 30, index: 30, inSync: true });
  expect(await counts("--source", "dwh")).toMatchObject({ source: 1, runs: 1, index: 1, inSync: true });
  expect(await world.state.collection("runs").findOne({ _id: "dwh:~n:1" as never })).toMatchObject({
    source: "dwh",
    pipeline: "loads",
    status: "failed",
    ts: new Date("2026-05-05T08:00:00Z"),
  });
  expect((await runBoth("parity", "--source", "dwh")).code).toBe(0);
  expect(await runBoth("ingest", "--source", "nowhere")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("flows, dwh") as string,
  });
});

test("services, their parent dies, end by themselves", async () => {
  const worker = await startServiceOf("worker", environmentOf(world));
  const ended = once(worker, "exit");
  worker.disconnect(); // what the parent's death does to the channel
  expect(await ended).toEqual([0, null]);
});

test("worker, an index that was built with another embedder, refuses to write and says what to set", async () => {
  await world.state.collection("index_state").insertOne({
    _id: "active" as never,
    collection: `${world.indexPrefix}flows-00000000`,
    fingerprint: "other",
    embedder: { kind: "lexical", fingerprint: "lexical:v0", dimensions: 384 },
    createdAt: new Date(),
  });
  await run("import", await write("records.ndjson", lines(3)));
  const { code, stderr } = await run("ingest");
  expect([code, stderr]).toEqual([1, expect.stringMatching(/built with "lexical:v0".*EMBEDDER=lexical/)]);
});

test("flow-rag import, records older than what was read and a row that is refused, are told until they are read and forgotten", async () => {
  const now = Date.now();
  const recent = (id: number, hoursAgo: number) =>
    line(id, { status: "OK", error_message: null, timestamp: { $date: new Date(now - hoursAgo * 3_600_000) } });
  await run("import", await write("new.ndjson", [recent(1, 1), recent(2, 2)]));
  await run("ingest");
  expect((await status()).doubts.map(({ kind }) => kind)).not.toContain("imported");

  const old = await run("import", await write("old.ndjson", [recent(3, 30), "{ no JSON", recent(4, 20)]));
  expect(old.code).toBe(1);
  const command = /have them read with (flow-rag ingest --source flows --since \S+);/.exec(old.stderr)?.[1] ?? "";
  expect(old.stderr).toContain("live pulls will not see them");
  const told = await status();
  expect(told.doubts).toContainEqual(expect.objectContaining({ kind: "imported", source: "flows", records: 2 }));
  expect(told.refused).toMatchObject([{ file: "old.ndjson", rows: 1, problems: [{ line: 2 }] }]);
  expect((await run("status")).stdout).toContain('refused by the import of "old.ndjson"');
  const answer = JSON.parse((await run("query", "how many runs in the last two days?", "--json")).stdout) as { answer: string };
  expect(answer.answer).toContain("2 records imported into");
  expect(answer.answer).toContain("1 record set aside");

  expect((await run(...command.split(" ").slice(1))).code).toBe(0);
  const read = await status();
  expect([read.runs, read.doubts.map(({ kind }) => kind).includes("imported")]).toEqual([4, false]);
  expect((await run("dead-letters", "list")).stdout).toContain('refused by the import of "old.ndjson"');
  await run("dead-letters", "discard");
  expect((await status()).refused).toEqual([]);
});
