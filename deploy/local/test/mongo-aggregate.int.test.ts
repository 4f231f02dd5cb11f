import { randomUUID } from "node:crypto";
import { Double, Int32, type Document } from "mongodb";
import { codeOf, openThings } from "./mongo-under-test.js";

const world = openThings();

const day = (text: string): Date => new Date(`2026-03-${text}Z`);
const runs = [
  { _id: 1, p: "a", ok: true, ms: 10, at: day("01T23:30:00") },
  { _id: 2, p: "a", ok: false, ms: 30, at: day("02T10:00:00"), tags: ["x", "y"] },
  { _id: 3, p: "b", ok: true, ms: null, at: day("02T11:00:00"), tags: [] },
  { _id: 4, p: "b", ok: false, at: day("03T00:00:00"), tags: ["x"] },
];

test.each<[string, Document[], Document[]]>([
  [
    "$group",
    [
      { $group: { _id: "$p", n: { $sum: 1 }, ms: { $sum: "$ms" }, avg: { $avg: "$ms" }, max: { $max: "$ms" }, ids: { $push: "$_id" } } },
      { $sort: { _id: 1 } },
    ],
    [
      { _id: "a", n: 2, ms: 40, avg: 20, max: 30, ids: [1, 2] },
      { _id: "b", n: 2, ms: 0, avg: null, max: null, ids: [3, 4] },
    ],
  ],
  [
    "a compound key",
    [{ $group: { _id: { p: "$p", ok: "$ok" }, first: { $first: "$_id" } } }, { $sort: { first: -1 } }, { $limit: 1 }],
    [{ _id: { p: "b", ok: false }, first: 4 }],
  ],
  [
    "$unwind",
    [{ $unwind: "$tags" }, { $project: { tags: 1 } }],
    [
      { _id: 2, tags: "x" },
      { _id: 2, tags: "y" },
      { _id: 4, tags: "x" },
    ],
  ],
  ["$unwind that keeps the empty", [{ $unwind: { path: "$tags", preserveNullAndEmptyArrays: true } }, { $count: "n" }], [{ n: 5 }]],
  [
    "dates in a time zone",
    [
      { $group: { _id: { $dateToString: { date: "$at", format: "%Y-%m-%d", timezone: "Europe/Paris" } }, n: { $sum: 1 } } },
      { $sort: { _id: 1 } },
    ],
    [
      { _id: "2026-03-02", n: 3 },
      { _id: "2026-03-03", n: 1 },
    ],
  ],
  [
    "$dateTrunc",
    [
      { $match: { _id: 2 } },
      { $project: { d: { $dateTrunc: { date: "$at", unit: "day" } }, w: { $dateTrunc: { date: "$at", unit: "week" } } } },
    ],
    [{ _id: 2, d: day("02T00:00:00"), w: day("01T00:00:00") }],
  ],
  [
    "missing and null differ in expressions",
    [{ $project: { eq: { $eq: ["$ms", null] }, or: { $ifNull: ["$ms", -1] } } }],
    [
      { _id: 1, eq: false, or: 10 },
      { _id: 2, eq: false, or: 30 },
      { _id: 3, eq: true, or: -1 },
      { _id: 4, eq: false, or: -1 },
    ],
  ],
  [
    "$facet",
    [{ $facet: { total: [{ $count: "n" }], failed: [{ $match: { ok: false } }, { $sort: { _id: -1 } }, { $project: { _id: 1 } }] } }],
    [{ total: [{ n: 4 }], failed: [{ _id: 4 }, { _id: 2 }] }],
  ],
  [
    "$sortByCount",
    [{ $match: { _id: { $ne: 4 } } }, { $sortByCount: "$p" }],
    [
      { _id: "a", count: 2 },
      { _id: "b", count: 1 },
    ],
  ],
  [
    "$cond, $switch, $map and $filter",
    [
      { $match: { _id: 2 } },
      {
        $project: {
          c: { $cond: [{ $gt: ["$ms", 20] }, "slow", "fast"] },
          s: { $switch: { branches: [{ case: "$ok", then: 1 }], default: 2 } },
          m: { $map: { input: "$tags", as: "t", in: { $concat: ["$$t", "!"] } } },
          f: { $filter: { input: "$tags", cond: { $ne: ["$$this", "x"] } } },
        },
      },
    ],
    [{ _id: 2, c: "slow", s: 2, m: ["x!", "y!"], f: ["y"] }],
  ],
  [
    "$bucket",
    [{ $bucket: { groupBy: "$ms", boundaries: [0, 20, 40], default: "none", output: { n: { $sum: 1 }, ids: { $push: "$_id" } } } }],
    [
      { _id: 0, n: 1, ids: [1] },
      { _id: 20, n: 1, ids: [2] },
      { _id: "none", n: 2, ids: [3, 4] },
    ],
  ],
])("aggregate, %s, gives this", async (_name, pipeline, expected) => {
  await world.things.insertMany(runs.map((run) => ({ ...run })) as unknown as Document[]);
  expect(await world.things.aggregate(pipeline).toArray()).toEqual(expected);
});

test("aggregate, $lookup by field and by pipeline, joins within the database", async () => {
  const other = world.db.collection<Document>(randomUUID());
  await world.things.insertMany([
    { _id: 1, k: "a" },
    { _id: 2, k: ["b", "c"] },
  ] as Document[]);
  await other.insertMany([
    { _id: 10, k: "a" },
    { _id: 11, k: "b" },
    { _id: 12, k: "c" },
  ] as Document[]);
  const from = other.collectionName;
  const byField = await world.things.aggregate([{ $lookup: { from, localField: "k", foreignField: "k", as: "o" } }]).toArray();
  expect(byField.map(({ o }) => (o as Document[]).map(({ _id }) => _id as unknown))).toEqual([[10], [11, 12]]);
  const pipeline = [{ $match: { $expr: { $eq: ["$k", "$$mine"] } } }];
  const byPipeline = await world.things.aggregate([{ $lookup: { from, let: { mine: "$k" }, pipeline, as: "o" } }]).toArray();
  expect(byPipeline.map(({ o }) => (o as unknown[]).length)).toEqual([1, 0]);
});

test.each<[string, Document[], number]>([
  ["an unknown stage", [{ $nope: {} }], 40324],
  ["an unknown expression", [{ $addFields: { a: { $nope: 1 } } }], 168],
  ["$group without an _id", [{ $group: { n: { $sum: 1 } } }], 15955],
])("aggregate, %s, is an error", async (_name, pipeline, code) => {
  expect(await codeOf(world.things.aggregate(pipeline).toArray())).toBe(code);
});

test("aggregate, stages that are checked at the door, are errors also without a collection", async () => {
  for (const stage of [{ $match: 1 }, { $limit: 0 }, { $skip: -1 }, { $sort: { a: 2 } }, { $match: { $nope: 1 } }]) {
    expect(await codeOf(world.things.aggregate([stage]).toArray())).toBeGreaterThan(0);
  }
});

test("aggregate, the number types of a first $match, are told apart", async () => {
  await world.things.insertMany([{ a: new Int32(1) }, { a: new Double(1) }]);
  expect(await world.things.countDocuments({ a: { $type: "int" } })).toBe(1);
});
