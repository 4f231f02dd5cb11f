import type { Run } from "@flow-rag/contracts";
import { createHarness, type Harness } from "@flow-rag/testing";
import {
  createCursorStore,
  createDeadLetterStore,
  createIndexStateStore,
  createRecordSink,
  createRunStore,
  createSettledCursors,
  openMongo,
} from "../src/index.js";

const signal = new AbortController().signal;
const now = new Date("2026-05-06T08:00:00Z");
let world: Harness;
beforeEach(async () => (world = await createHarness()));
afterEach(async () => expect(await world.lifecycle.close()).toBe(true));

const run = (recordId: string, fields: Partial<Run> = {}): Run => ({
  source: "flows",
  recordId,
  pipeline: "orders",
  tech: "Spark",
  status: "failed",
  rawStatus: "KO",
  ts: new Date("2026-05-05T10:00:00Z"),
  durationMs: 900,
  error: "disk full",
  environment: null,
  owner: null,
  runRef: null,
  recordsProcessed: null,
  signature: "sig-1",
  contentHash: "h1",
  fingerprint: "f1",
  indexedAt: now,
  ...fields,
});

describe("run store", () => {
  test("upsert, the same run in another version, replaces it", async () => {
    const runs = createRunStore(world.state);
    await runs.ensureIndexes();
    await runs.upsert([run("a"), run("b")]);
    await runs.upsert([run("a", { contentHash: "h2" })]);
    expect([await runs.countOfSource("flows", signal), await runs.versions("flows", ["a", "b", "c"], signal)]).toEqual([
      2,
      new Map([
        ["a", expect.objectContaining({ contentHash: "h2", fingerprint: "f1", status: "failed" })],
        ["b", expect.objectContaining({ contentHash: "h1", fingerprint: "f1", status: "failed" })],
      ]),
    ]);
  });

  test("upsert, a run that another job stored since it was looked for, replaces that one and stores the others", async () => {
    const runs = createRunStore(world.state);
    await runs.upsert([run("b", { contentHash: "by another job" })]);
    await runs.upsert([run("a"), run("b"), run("c")], { unseen: new Set(["a", "b"]) });
    expect(await runs.versions("flows", ["a", "b", "c"], signal)).toEqual(
      new Map(
        ["a", "b", "c"].map((recordId) => [recordId, expect.objectContaining({ contentHash: "h1", fingerprint: "f1", status: "failed" })]),
      ),
    );
  });

  test("idsAfter, in pages and by status, gives every id once", async () => {
    const runs = createRunStore(world.state);
    await runs.upsert([run("a"), run("b", { status: "running" }), run("c"), run("x", { source: "others" })]);
    expect(await runs.idsAfter("flows", "", 2, signal)).toEqual(["a", "b"]);
    expect(await runs.idsAfter("flows", "b", 2, signal)).toEqual(["c"]);
    expect(await runs.notFinal("flows", 2, signal)).toEqual(["b"]);
  });

  test("latest, of the runs that are there, is the instant of the last", async () => {
    const runs = createRunStore(world.state);
    expect(await runs.latest(now, signal)).toBeUndefined();
    await runs.upsert([run("a"), run("b", { ts: now }), run("c")]);
    expect([await runs.latest(now, signal), await runs.count(signal)]).toEqual([now, 3]);
  });

  test("remove, one of two runs, leaves the other", async () => {
    const runs = createRunStore(world.state);
    await runs.upsert([run("a"), run("b")]);
    await runs.remove([{ source: "flows", recordId: "a" }]);
    expect(await runs.idsAfter("flows", "", 10, signal)).toEqual(["b"]);
  });
});

describe("cursor store", () => {
  const place = (at: string) => ({ places: { date: { at: new Date(at), id: "a" } } });

  test("move, two producers from the same watermark, lets one of them win", async () => {
    const cursors = createCursorStore(world.state);
    const first = await cursors.move("flows", undefined, { cursor: place("2026-05-01") }, now);
    const moves = await Promise.all([
      cursors.move("flows", first, { cursor: place("2026-05-02") }, now),
      cursors.move("flows", first, { cursor: place("2026-05-03") }, now),
    ]);
    expect(moves.filter(Boolean)).toHaveLength(1);
    expect((await cursors.read("flows", signal))?.revision).toBe(2);
  });

  test("move, two producers write the first watermark, lets one of them win", async () => {
    const cursors = createCursorStore(world.state);
    const moves = await Promise.all(["2026-05-02", "2026-05-03"].map((at) => cursors.move("flows", undefined, { cursor: place(at) }, now)));
    expect(moves.filter(Boolean)).toHaveLength(1);
  });

  test.each([
    ["idle queue it was sent to", { marker: "q1", idle: true }, "2026-05-02"],
    ["queue with work left", { marker: "q1", idle: false }, "2026-05-01"],
    ["idle queue of another life", { marker: "q2", idle: true }, "2026-05-01"],
    ["queue that does not answer", undefined, "2026-05-01"],
  ])("settled cursors, beside an %s, tell what is indexed", async (_queue, look, indexed) => {
    const cursors = createCursorStore(world.state);
    const mark = { cursor: place("2026-05-02"), indexed: place("2026-05-01"), queueMarker: "q1" };
    await cursors.move("flows", undefined, mark, now);
    const settled = createSettledCursors(cursors, {
      marker: async () => (look ? look.marker : await Promise.reject(new Error("gone"))),
      isIdle: async () => look?.idle ?? false,
    });
    expect(await settled.read("flows", signal)).toMatchObject({ cursor: place("2026-05-02"), indexed: place(indexed) });
  });

  test("reset, a watermark, forgets the place and remembers the yes", async () => {
    const cursors = createCursorStore(world.state);
    const first = await cursors.move("flows", undefined, { cursor: place("2026-05-01") }, now);
    await cursors.reset("flows", { removalsAllowed: true, now });
    const reset = await cursors.read("flows", signal);
    expect(reset).toMatchObject({ cursor: null, removalsAllowed: true, revision: 2 });
    expect(await cursors.move("flows", first, { cursor: place("2026-05-02") }, now)).toBeUndefined();
    expect(await cursors.move("flows", reset, { cursor: place("2026-05-02") }, now)).toMatchObject({
      cursor: place("2026-05-02"),
      revision: 3,
    });
  });
});

describe("dead letter store", () => {
  const letter = { source: "flows", recordId: "a", stage: "normalise", reason: "timestamp: missing", contentHash: "h1" } as const;

  test("put, the same record twice, keeps one row that counts the attempts", async () => {
    const letters = createDeadLetterStore(world.state);
    await letters.put([letter], new Date("2026-05-05"));
    await letters.put([{ ...letter, contentHash: "h2" }], now);
    expect(await letters.list("flows", 10, signal)).toEqual([
      { ...letter, contentHash: "h2", attempts: 2, firstSeenAt: new Date("2026-05-05"), lastSeenAt: now },
    ]);
    expect(await letters.contentHashes("flows", ["a", "b"], signal)).toEqual(new Map([["a", "h2"]]));
  });

  test("resolve, one of two, leaves the other", async () => {
    const letters = createDeadLetterStore(world.state);
    await letters.put([letter, { ...letter, recordId: "b" }], now);
    await letters.resolve([{ source: "flows", recordId: "a" }]);
    expect([await letters.count("flows", signal), await letters.idsAfter("flows", "", 5, signal)]).toEqual([1, ["b"]]);
  });
});

test("index state store, two workers start at once, agree on one index", async () => {
  const states = createIndexStateStore(world.state);
  const state = (name: string) => ({
    collection: name,
    fingerprint: name,
    embedder: { kind: "lexical" as const, fingerprint: "l", dimensions: 384 },
    createdAt: now,
  });
  expect(await states.read(signal)).toBeUndefined();
  const [first, second] = await Promise.all([states.readOrCreate(state("a"), signal), states.readOrCreate(state("b"), signal)]);
  expect(first).toEqual(second);
  expect(await states.read(signal)).toEqual(first);
});

test("record sink, the same documents twice, replaces what changed and says so", async () => {
  const sink = createRecordSink(world.source, { collection: "runs", cursorFields: ["timestamp"] });
  await sink.ensureIndexes();
  expect(
    await sink.put([
      { _id: "a", n: 1 },
      { _id: "b", n: 1 },
    ]),
  ).toEqual({ added: 2, replaced: 0, unchanged: 0, refused: [] });
  expect(
    await sink.put([
      { _id: "a", n: 1 },
      { _id: "b", n: 2 },
      { _id: "c", n: 1 },
    ]),
  ).toEqual({ added: 1, replaced: 1, unchanged: 1, refused: [] });
  expect(await sink.drop()).toBe(3);
});

test("openMongo, nothing listens, says which variable to check", async () => {
  const opening = openMongo("mongodb://user:hunter2@127.0.0.1:1/?serverSelectionTimeoutMS=200", "STATE_MONGO_URI");
  await expect(opening).rejects.toMatchObject({
    kind: "upstream_unavailable",
    message: expect.stringContaining("STATE_MONGO_URI") as string,
  });
});
