import type { Context } from "@flow-rag/contracts";
import { byScore, spreadHits } from "./spread-hits.js";

const hit = (id: number, pipeline: string, signature: string | null, score: number): Context => ({
  content: "",
  meta: {
    id: `flows:${id}`,
    source: "flows",
    pipeline,
    tech: "Spark",
    status: "failed",
    ts: "2026-05-05T02:00:00.000Z",
    durationMs: null,
    signature,
    environment: null,
  },
  score,
});
const ids = (hits: readonly Context[]) => hits.map(({ meta }) => meta.id);
const many = [hit(1, "a", "x", 0.9), hit(2, "a", "x", 0.89), hit(3, "b", "x", 0.88), hit(4, "a", "y", 0.8), hit(1, "a", "x", 0.9)];

test("spreadHits, one failure of one pipeline many times, is shown once", () =>
  expect(ids(spreadHits(many, 10))).toEqual(["flows:1", "flows:3", "flows:4"]));

test("spreadHits, fewer places than hits, gives one to each error before a second pipeline", () =>
  expect(ids(spreadHits(many, 2))).toEqual(["flows:1", "flows:4"]));

test("spreadHits, runs without an error, are shown each", () =>
  expect(ids(spreadHits([hit(1, "a", null, 0.9), hit(2, "a", null, 0.9)], 3))).toEqual(["flows:1", "flows:2"]));

test("spreadHits, hits in an order of their own, keeps it", () =>
  expect(ids(spreadHits([hit(4, "a", "y", 0.1), ...many], 3))).toEqual(["flows:4", "flows:1", "flows:3"]));

test("byScore, hits in any order, are the nearest first and of equals the first id", () =>
  expect(ids(byScore([hit(2, "a", "x", 0.5), hit(1, "b", "x", 0.5), hit(3, "c", "x", 0.9)]))).toEqual(["flows:3", "flows:1", "flows:2"]));
