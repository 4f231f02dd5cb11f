import { maxBatchRecords, type SourceRecord } from "@flow-rag/contracts";
import { contentHash } from "@flow-rag/insights";
import { pullRecords } from "./pull-records.js";
import type { SourceCursor, Watermark } from "@flow-rag/stores";
import type { PullRecordsDeps, PullRequest } from "./pull.js";

const signal = new AbortController().signal;
const record = (id: number, status = "OK"): SourceRecord => ({
  source: "flows",
  recordId: String(id).padStart(6, "0"),
  fields: { pipeline: "orders", status, timestamp: new Date(Date.UTC(2026, 0, 1) + id * 60_000) },
});
const changes: PullRequest = {
  source: "flows",
  mode: "changes",
  force: false,
  dryRun: false,
  allowRemovals: false,
  overlapMs: 0,
  zone: "UTC",
};
const everything: PullRequest = { ...changes, mode: "everything" };

const unread = { cursor: null, indexed: null, queueMarker: null, removalsAllowed: false };
type World = { records: SourceRecord[]; runs?: Map<string, { contentHash: string; fingerprint: string }>; running?: string[] };

/** A cursor that stands at a number. */
const cursorAt = (at: number): SourceCursor => ({ places: { seconds: { at, id: at } } });
const numberOf = (cursor: SourceCursor | null | undefined): number | undefined => cursor?.places.seconds?.at as number | undefined;

/** A source and an index in memory: places are indices into the ordered records. */
function fakeDeps({ records, runs = new Map(), running = [] }: World) {
  const sent: string[][] = [];
  const waits: number[] = [];
  let mark: Watermark | undefined;
  const settings = { moveFails: false, refuse: "", marker: "q1", idle: true, late: 0 };
  const pageFrom = <C>(start: number, limit: number, placeOf: (at: number) => C) => {
    const page = records.slice(start, start + limit);
    return { records: page, last: page.length > 0 ? placeOf(start + page.length) : undefined };
  };
  const held: { runs: number; copies: number }[] = [];
  const deps: PullRecordsDeps = {
    source: {
      changedAfter: async (cursor, limit) => pageFrom(numberOf(cursor) ?? 0, limit, cursorAt),
      all: async (after, limit) => pageFrom(Number(after?.id ?? 0), limit, (id) => ({ id })),
      find: async (ids) => records.filter(({ recordId }) => ids.includes(recordId)),
      existing: async (ids) => new Set(records.map(({ recordId }) => recordId).filter((id) => ids.includes(id))),
      lastPlace: async () => cursorAt(records.length),
      rewind: (cursor, overlapMs) => cursorAt(Math.max(0, (numberOf(cursor) ?? 0) - overlapMs)),
      advance: (from, last) => ((numberOf(last) ?? 0) > (numberOf(from) ?? 0) ? last : undefined),
      isBehind: (mark, { recordId }) => Number(recordId) < (numberOf(mark) ?? 0),
      isAhead: ({ fields }, now) => (fields.timestamp as Date) > now,
      count: async () => records.length,
    },
    cursors: {
      read: async () => mark,
      move: async (_source, from, change, movedAt) => {
        if (settings.moveFails) return undefined;
        return (mark = { ...unread, ...from, ...change, revision: (from?.revision ?? 0) + 1, movedAt });
      },
    },
    runs: {
      versions: async (_source, ids) => new Map([...runs].filter(([id]) => ids.includes(id))),
      idsAfter: async (_source, after, limit) => [...runs.keys()].filter((id) => id > after).slice(0, limit),
      notFinal: async () => running,
      countCopied: async () => 0,
      countOfSource: async () => runs.size,
    },
    deadLetters: { contentHashes: async () => new Map(), idsAfter: async () => [] },
    health: { setHeld: async (_source, { runs: kept, copies }) => void held.push({ runs: kept, copies }) },
    indexState: { read: async () => ({ fingerprint: "f1" }) as never },
    send: async (batch) => {
      if (batch.some(({ recordId }) => recordId === settings.refuse)) throw new Error("redis is down");
      sent.push(batch.map(({ recordId }) => recordId));
      return `job${sent.length}`;
    },
    waitForRoom: async () => void waits.push(sent.length),
    queueMarker: async () => settings.marker,
    queueIsIdle: async () => settings.idle,
    now: () => new Date("2026-02-01T00:00:00Z"),
    onLate: (count) => void (settings.late += count),
  };
  return {
    deps,
    sent,
    waits,
    held,
    settings,
    mark: () => numberOf(mark?.cursor),
    indexed: () => numberOf(mark?.indexed),
    setMark: (at: number, removalsAllowed = false) =>
      (mark = { ...unread, cursor: cursorAt(at), queueMarker: "q1", revision: 1, removalsAllowed, movedAt: new Date(0) }),
  };
}
const indexedAs = (record: SourceRecord, fingerprint = "f1") =>
  [record.recordId, { contentHash: contentHash(record), fingerprint }] as const;
const many = (count: number) => Array.from({ length: count }, (_, index) => record(index));

test("pullRecords, more records than a page, sends each once and remembers the last", async () => {
  const { deps, sent, mark } = fakeDeps({ records: many(maxBatchRecords + 3) });
  const result = await pullRecords(deps, changes, signal);
  expect(result).toMatchObject({ read: maxBatchRecords + 3, enqueued: maxBatchRecords + 3, unchanged: 0, batches: ["job1", "job2"] });
  expect([sent.map(({ length }) => length), mark()]).toEqual([[maxBatchRecords, 3], maxBatchRecords + 3]);
});

test("pullRecords, records dated ahead of the clock, sends them and says how many", async () => {
  const ahead = { ...record(1), fields: { ...record(1).fields, timestamp: new Date("2099-01-01T00:00:00Z") } };
  const { deps, sent } = fakeDeps({ records: [record(0), ahead, record(2)] });
  expect(await pullRecords(deps, everything, signal)).toMatchObject({ read: 3, enqueued: 3, ahead: 1 });
  expect(sent).toHaveLength(1);
});

test("pullRecords, a send fails after forty pages, keeps the watermark at what was sent", async () => {
  const { deps, mark, settings } = fakeDeps({ records: many(40 * maxBatchRecords + 3) });
  settings.refuse = record(40 * maxBatchRecords + 1).recordId;
  await expect(pullRecords(deps, changes, signal)).rejects.toThrow("redis is down");
  expect(mark()).toBe(40 * maxBatchRecords);
});

test("pullRecords, a hundred changes over twenty pages, are one batch, and the watermark waits for it", async () => {
  const records = many(20 * maxBatchRecords);
  const changed = (index: number) => index % 103 === 0;
  const runs = new Map(records.map((found, index) => (changed(index) ? indexedAs(record(index, "KO")) : indexedAs(found))));
  const { deps, sent, mark, settings } = fakeDeps({ records, runs });
  settings.refuse = record(0).recordId;
  await expect(pullRecords(deps, changes, signal)).rejects.toThrow("redis is down");
  expect([sent, mark()]).toEqual([[], undefined]);
  settings.refuse = "";
  expect(await pullRecords(deps, changes, signal)).toMatchObject({ read: records.length, enqueued: 100, batches: ["job1"] });
  expect(mark()).toBe(records.length);
});

test("pullRecords, a collection that was built anew, keeps the old runs back and says how many are there twice", async () => {
  const old = many(40);
  const copies = old.slice(0, 39).map((one, index): SourceRecord => ({ ...one, recordId: `new-${index}` }));
  const { deps, held, mark } = fakeDeps({ records: copies, runs: new Map(old.map((one) => indexedAs(one))) });
  expect(await pullRecords(deps, everything, signal)).toMatchObject({ enqueued: 39, removed: 0, keptBack: 40 });
  expect([held, mark()]).toEqual([[{ runs: 40, copies: 39 }], undefined]);
  await pullRecords(deps, { ...everything, allowRemovals: true }, signal);
  expect(held.at(-1)).toEqual({ runs: 0, copies: 0 });
});

test("pullRecords, records that are indexed as they are, sends none of them", async () => {
  const records = many(3);
  const { deps, sent } = fakeDeps({ records, runs: new Map(records.map((found) => indexedAs(found))) });
  expect(await pullRecords(deps, changes, signal)).toMatchObject({ read: 3, unchanged: 3, enqueued: 0 });
  expect(sent).toEqual([]);
});

test("pullRecords, a record whose content changed, sends that one", async () => {
  const records = [record(0), record(1, "KO")];
  const { deps, sent } = fakeDeps({ records, runs: new Map([indexedAs(record(0)), indexedAs(record(1))]) });
  expect(await pullRecords(deps, changes, signal)).toMatchObject({ unchanged: 1, enqueued: 1 });
  expect(sent).toEqual([[record(1).recordId]]);
});

test("pullRecords, records indexed for another fingerprint, sends them again", async () => {
  const { deps, sent } = fakeDeps({ records: [record(0)], runs: new Map([indexedAs(record(0), "f0")]) });
  await pullRecords(deps, changes, signal);
  expect(sent).toEqual([[record(0).recordId]]);
});

test("pullRecords, changes after a watermark, begins at the overlap before it", async () => {
  const { deps, sent, setMark, mark } = fakeDeps({ records: many(10) });
  setMark(8);
  await pullRecords(deps, { ...changes, overlapMs: 3 }, signal);
  expect([sent, mark()]).toEqual([[[5, 6, 7, 8, 9].map((id) => record(id).recordId)], 10]);
});

test("pullRecords, another producer moved the watermark, stops reading on", async () => {
  const { deps, sent, settings } = fakeDeps({ records: many(maxBatchRecords * 50) });
  settings.moveFails = true;
  await pullRecords(deps, changes, signal);
  expect(sent.length).toBe(40);
});

test("pullRecords, a run that had not ended lies before the overlap, is looked at again", async () => {
  const records = [record(0, "KO"), record(1)];
  const runs = new Map([indexedAs(record(0, "EN COURS")), indexedAs(record(1))]);
  const { deps, sent, setMark } = fakeDeps({ records, runs, running: [record(0).recordId] });
  setMark(2);
  await pullRecords(deps, changes, signal);
  expect(sent).toEqual([[record(0).recordId]]);
});

test("pullRecords, everything, finds the runs whose record is gone", async () => {
  const records = many(100);
  const runs = new Map([...records, record(100)].map((found) => indexedAs(found)));
  const { deps, sent } = fakeDeps({ records, runs });
  expect(await pullRecords(deps, everything, signal)).toMatchObject({ read: 100, unchanged: 100, removed: 1, keptBack: 0 });
  expect(sent).toEqual([[record(100).recordId]]);
});

test.each([
  ["without a yes, keeps them back", everything, false, { removed: 0, keptBack: 6 }],
  ["with a yes, removes them", { ...everything, allowRemovals: true }, false, { removed: 6, keptBack: 0 }],
  ["after the source was emptied on purpose, removes them", everything, true, { removed: 6, keptBack: 0 }],
])("pullRecords, more than a twentieth of the runs are gone, %s", async (_result, request, removalsAllowed, expected) => {
  const all = many(100);
  const { deps, setMark } = fakeDeps({ records: all.slice(6), runs: new Map(all.map((found) => indexedAs(found))) });
  setMark(50, removalsAllowed);
  expect(await pullRecords(deps, request, signal)).toMatchObject(expected);
});

test("pullRecords, everything, sets the watermark to where the source ended", async () => {
  const { deps, mark } = fakeDeps({ records: many(4) });
  await pullRecords(deps, everything, signal);
  expect(mark()).toBe(4);
});

test("pullRecords, before each batch, waits for room in the queue", async () => {
  const { deps, waits } = fakeDeps({ records: many(maxBatchRecords * 2) });
  await pullRecords(deps, everything, signal);
  expect(waits).toEqual([0, 1]);
});

test("pullRecords, an aborted signal, sends nothing", async () => {
  const { deps, sent } = fakeDeps({ records: many(2) });
  await expect(pullRecords(deps, changes, AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
  expect(sent).toEqual([]);
});

describe("pullRecords, selected", () => {
  const day = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();
  const records = [
    record(0, "KO"),
    record(1, "OK"),
    record(2, "ÉCHEC"),
    { ...record(3, "KO"), fields: { ...record(3).fields, pipeline: "Other" } },
  ];
  const all = new Map(records.map((found) => indexedAs(found)));
  const selected: PullRequest = { ...changes, mode: "selected" };

  test.each([
    ["a status", { statuses: ["failed" as const] }, [0, 2]],
    ["a half-open window", { from: day(1), to: day(2) }, [1]],
    ["a pipeline, whatever its case", { pipelines: ["ORDERS"], statuses: ["failed" as const] }, [0, 2]],
    ["ids, of which one is gone", { ids: [record(1).recordId, "gone"] }, [1]],
    ["a techno nobody bears", { techs: ["cobol"] }, []],
    ["nothing at all", {}, [0, 1, 2, 3]],
  ])("by %s and by force, sends exactly those although they are indexed", async (_situation, filter, expected) => {
    const { deps, sent } = fakeDeps({ records, runs: all });
    const result = await pullRecords(deps, { ...selected, filter, force: true }, signal);
    expect(sent.flat()).toEqual(expected.map((id) => record(id).recordId));
    expect(result).toMatchObject({ matched: expected.length, enqueued: expected.length, unchanged: 0 });
  });

  test("by a name that another differs from in its case alone, sends the exact one's, in both dry run and run", async () => {
    const named = (n: number, pipeline: string) => ({ ...record(n), fields: { ...record(n).fields, pipeline } });
    const both = [named(0, "orders-daily"), named(1, "Orders-Daily"), named(2, "orders-daily")];
    const matched = async (pipeline: string, found: typeof both, dryRun = false) => {
      const { deps, sent } = fakeDeps({ records: found });
      const result = await pullRecords(deps, { ...selected, filter: { pipelines: [pipeline] }, force: true, dryRun }, signal);
      return [result.matched, result.read, sent.flat().length];
    };
    expect(await matched("Orders-Daily", both)).toEqual([1, 3, 1]);
    expect(await matched("Orders-Daily", both, true)).toEqual([1, 3, 0]);
    expect(await matched("ORDERS-DAILY", both)).toEqual([3, 3, 3]);
  });

  test("as a dry run, counts what matches and sends nothing", async () => {
    const { deps, sent } = fakeDeps({ records });
    const result = await pullRecords(deps, { ...selected, filter: { statuses: ["failed"] }, dryRun: true }, signal);
    expect([result, sent]).toEqual([expect.objectContaining({ read: 4, matched: 2, enqueued: 0 }), []]);
  });

  test("without force, leaves what is indexed as it is and moves no watermark", async () => {
    const { deps, sent, mark } = fakeDeps({ records, runs: all });
    expect(await pullRecords(deps, { ...selected, filter: { statuses: ["failed"] } }, signal)).toMatchObject({
      read: 4,
      matched: 2,
      unchanged: 2,
    });
    expect([sent, mark()]).toEqual([[], undefined]);
  });
});

describe("pullRecords, the mark of what is indexed", () => {
  test("the queue is idle, follows the watermark that was read before", async () => {
    const { deps, setMark, mark, indexed } = fakeDeps({ records: many(10) });
    setMark(8);
    await pullRecords(deps, changes, signal);
    expect([mark(), indexed()]).toEqual([10, 8]);
  });

  test("work is under way, stays where it was", async () => {
    const { deps, setMark, settings, mark, indexed } = fakeDeps({ records: many(10) });
    setMark(8);
    settings.idle = false;
    await pullRecords(deps, changes, signal);
    expect([mark(), indexed()]).toEqual([10, undefined]);
  });

  test("the queue was emptied, is where reading begins again", async () => {
    const { deps, sent, setMark, settings, indexed } = fakeDeps({ records: many(10) });
    setMark(4);
    await pullRecords(deps, changes, signal); // 4 is indexed, 10 is enqueued
    sent.length = 0;
    settings.marker = "q2";
    await pullRecords(deps, changes, signal);
    expect([sent.flat(), indexed()]).toEqual([[4, 5, 6, 7, 8, 9].map((id) => record(id).recordId), 4]);
    sent.length = 0;
    await pullRecords(deps, changes, signal); // from now on the new queue is the known one
    expect(sent).toEqual([]);
  });
});

test("pullRecords, records appear behind the watermark, counts those that are new and not those that changed", async () => {
  const records = [record(0), record(1), record(2), record(3)];
  const runs = new Map([["000000", { contentHash: "an older one", fingerprint: "f1" }]]);
  const { deps, settings, setMark, sent } = fakeDeps({ records, runs });
  setMark(2);
  await pullRecords(deps, { ...changes, overlapMs: 5 }, signal);
  expect([settings.late, sent]).toEqual([1, [["000000", "000001", "000002", "000003"]]]);
});
