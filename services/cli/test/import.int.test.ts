import { createHarness, waitFor, type Harness } from "@flow-rag/testing";
import { stageRecords } from "@flow-rag/stores";
import iconv from "iconv-lite";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { environmentOf, flowRag, killRunning, startFlowRag, type Ended } from "./command-line.js";

jest.setTimeout(120_000);

let world: Harness;
let dir: string;
beforeEach(async () => {
  world = await createHarness();
  dir = await mkdtemp(join(tmpdir(), "flow-rag-import-"));
});
afterEach(async () => {
  killRunning();
  expect(await world.lifecycle.close()).toBe(true);
  await rm(dir, { recursive: true });
});

const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  flowRag(["import", ...args], { ...environmentOf(world), ...env }, { cwd: dir });
async function write(name: string, content: string | Buffer): Promise<string> {
  await writeFile(join(dir, name), content);
  return name;
}
const rows = () => world.source.collection("flow_monitoring");
const collections = async () => (await world.source.listCollections().toArray()).map(({ name }) => name).sort();

const header = "pipeline_name,tech,status,timestamp,error_message\n";
const former = "orders,SQL,KO,2026-11-29T10:00:00Z,disk full\ncrm,SQL,OK,2026-11-29T09:00:00Z,\n";

test("flow-rag import, an export without ids that has grown at its head, adds what is new", async () => {
  const monday = await write("monday.csv", header + former);
  expect((await run([monday])).stdout).toContain("2 read: 2 added, 0 already there, 0 replaced, 0 set aside");
  const tuesday = await write("tuesday.csv", `${header}orders,SQL,OK,2026-11-29T11:00:00Z,\n${former}`);
  expect((await run([tuesday])).stdout).toContain("3 read: 1 added, 2 already there, 0 replaced, 0 set aside");
  expect(await rows().countDocuments()).toBe(3);
});

test("flow-rag import --key, a run that ended meanwhile, is replaced", async () => {
  const before = await write("a.csv", "run_id,pipeline_name,status,timestamp\n7,orders,running,2026-11-29T10:00:00Z\n");
  const after = await write("b.csv", "run_id,pipeline_name,status,timestamp\n7,orders,KO,2026-11-29T10:00:00Z\n");
  await run([before, "--key", "run_id"]);
  expect((await run([after, "--key", "run_id"])).stdout).toContain("1 read: 0 added, 0 already there, 1 replaced");
  expect(await rows().find().toArray()).toMatchObject([{ status: "KO" }]);
});

test("flow-rag import, Windows-1252, semicolons, French dates and decimals, packed, is what it says", async () => {
  const text = [
    "pipeline_name;tech;status;timestamp;duration_ms;error_message",
    "facturation;Talend;Échec;29/11/2026 10:00;12345,6;accès refusé",
    "facturation;Talend;Réussi;03/11/2026 11:00;12,5;",
    "",
  ].join("\r\n");
  const file = await write("runs.csv", gzipSync(iconv.encode(text, "windows-1252")));
  const shown = await run([file, "--dry-run"]);
  expect(shown.code).toBe(0);
  expect(shown.stderr).toMatch(
    /CSV separated by ";", windows-1252 \(detected\), gzip, 2 records\n.*day first.*29\/11\/2026.*\n.*Europe\/Paris.*\n.*12345,6/,
  );
  expect(shown.stdout).toMatch(
    /facturation · techno Talend · status failed \("Échec"\) · time 2026-11-29T09:00:00.000Z · duration 12346 ms · error "accès refusé"/,
  );
  expect(await rows().countDocuments()).toBe(0);

  expect((await run([file])).code).toBe(0);
  expect(
    await rows()
      .find({}, { projection: { _id: 0 } })
      .sort({ timestamp: 1 })
      .toArray(),
  ).toEqual([
    { pipeline_name: "facturation", tech: "Talend", status: "Réussi", timestamp: new Date("2026-11-03T10:00:00Z"), duration_ms: 12.5 },
    {
      pipeline_name: "facturation",
      tech: "Talend",
      status: "Échec",
      timestamp: new Date("2026-11-29T09:00:00Z"),
      duration_ms: 12_345.6,
      error_message: "accès refusé",
    },
  ]);
});

test("flow-rag import, documents that MongoDB refuses among others, names their lines and writes the rest", async () => {
  const one = (fields: string) => `{${fields},"pipeline_name":"a","timestamp":"2026-11-29T10:00:00Z"}`;
  const file = await write("odd.ndjson", [one('"_id":1'), one('"_id":2,"$schema":"v1"'), one('"_id":[3]'), one('"_id":4')].join("\n"));
  const { code, stdout, stderr } = await run([file]);
  expect([code, stdout]).toEqual([1, expect.stringContaining("4 read: 2 added, 0 already there, 0 replaced, 2 set aside")]);
  expect(stderr).toMatch(/odd\.ndjson:2: .*\$schema.*\n.*odd\.ndjson:3: .*_id/);
});

test("flow-rag import, no field that is a time, refuses the file, names the fields and writes nothing", async () => {
  const file = await write("dotted.csv", "job.name,job.status,run.start\norders,KO,2026-11-29T10:00:00Z\n");
  const { code, stderr } = await run([file]);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/job\.name, job\.status, run\.start.*SOURCE_FIELDS/)]);
  const mapped = { SOURCE_FIELDS: '{"pipeline":"job.name","status":"job.status","timestamp":"run.start"}' };
  expect((await run([file], mapped)).code).toBe(0);
  expect(await rows().findOne()).toMatchObject({ job: { name: "orders", status: "KO" }, run: { start: "2026-11-29T10:00:00Z" } });
});

test("flow-rag import --drop, another file, takes the place of the collection with its indexes", async () => {
  await rows().insertMany(Array.from({ length: 5 }, (_, id) => ({ _id: id as never, former: true })));
  await rows().createIndex({ owner: 1 }, { name: "of_the_user" });
  const { code, stderr } = await run([
    await write("pretty.json", JSON.stringify({ _id: "p1", timestamp: "2026-11-29T10:00:00Z" }, null, 2)),
    "--drop",
  ]);
  expect([code, stderr]).toEqual([0, expect.stringContaining("it held 5 records")]);
  expect(await rows().find().toArray()).toMatchObject([{ _id: "p1" }]);
  expect((await rows().indexes()).map(({ name }) => name).sort()).toEqual([
    "_id_",
    "of_the_user",
    "timestamp_1__id_1",
    "updated_at_1__id_1",
  ]);
  expect(await collections()).toEqual(["flow_monitoring"]);
});

test.each([
  ["is broken off", '[{"timestamp":"2026-11-29T10:00:00Z"},\n{"time'],
  ["is a wrapper", '{"runs":[{"timestamp":"2026-11-29T10:00:00Z"}]}'],
  ["holds no record", "[]"],
  ["holds only what is set aside", '{"$a":1,"timestamp":"2026-11-29T10:00:00Z"}\n'],
  ["is empty", ""],
  ["is a web page", "<html>Login</html>"],
])("flow-rag import --drop, a file that %s, removes nothing", async (_what, content) => {
  await rows().insertMany(Array.from({ length: 5 }, (_, id) => ({ _id: id as never })));
  expect((await run([await write("file.json", content), "--drop"])).code).toBe(2);
  expect([await rows().countDocuments(), await collections()]).toEqual([5, ["flow_monitoring"]]);
});

test("flow-rag import --drop, killed while it fills, loses nothing, and what it left is removed after a day", async () => {
  await rows().insertMany(Array.from({ length: 5 }, (_, id) => ({ _id: id as never })));
  const line = JSON.stringify({ timestamp: "2026-11-29T10:00:00Z", error_message: "x".repeat(200) });
  const file = await write("large.ndjson", `${line}\n`.repeat(15_000));
  const child = startFlowRag(["import", file, "--drop"], environmentOf(world), { cwd: dir });
  const staged = await waitFor(
    async () => {
      const name = (await collections()).find((candidate) => candidate.includes("importing"));
      return name !== undefined && (await world.source.collection(name).countDocuments()) > 0 ? name : undefined;
    },
    "the collection beside",
    30_000,
  );
  child.kill("SIGKILL");
  await once(child, "close");
  expect([await rows().countDocuments(), await collections()]).toEqual([5, ["flow_monitoring", staged]]);

  const options = { collection: "flow_monitoring", cursorFields: ["timestamp"] };
  const soon = await stageRecords(world.source, options, new Date());
  expect(await collections()).toContain(staged); // it may be another import's, which is still at work
  await soon.discard();
  const nextDay = await stageRecords(world.source, options, new Date(Date.now() + 25 * 3_600_000));
  expect(await collections()).not.toContain(staged);
  await nextDay.discard();
  expect((await run([await write("one.ndjson", line), "--drop"])).code).toBe(0);
  expect(await rows().countDocuments()).toBe(1);
});
