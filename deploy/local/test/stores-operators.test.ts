import { readdirSync, readFileSync } from "node:fs";
import { updates } from "./documented/changes.js";
import { expressions } from "./documented/expressions.js";
import { filters } from "./documented/filters.js";
import { commands, pipelines, projections } from "./documented/pipelines.js";
import { Refused } from "./documented/rows.js";

const stores = new URL("../../../shared/stores/src/", import.meta.url);
/** Its `$date` and `$oid` are the text form of BSON: nothing of it is sent to a server. */
const notSent = new Set(["extended-json.ts"]);
const sources = readdirSync(stores)
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !notSent.has(name))
  .map((name) => [name, readFileSync(new URL(name, stores), "utf8")] as const);

/** Operators, stages and accumulators are keys; `"$field"` is a value. */
const operatorsIn = (text: string): string[] =>
  [...text.matchAll(/(?<![\w$`])["']?(\$[a-z][A-Za-z0-9]*)["']?\s*:/g)].map(([, name = ""]) => name);

function* keysOf(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key.startsWith("$")) yield key;
    yield* keysOf(inner);
  }
}
const isResult = (expected: unknown): boolean => typeof expected === "object" && !(expected instanceof Refused);

/** What has a documented result that the embedded server is held to, row by row: refusals do not count. */
const held = new Set<string>([
  ...filters.flatMap(([, , filter, expected]) => (isResult(expected) ? [...keysOf(filter)] : [])),
  ...expressions.flatMap(([expression, expected]) => (expected instanceof Refused ? [] : [...keysOf(expression)])),
  ...updates.flatMap(([, update, after]) => (isResult(after) ? [...keysOf(update)] : [])),
  ...pipelines.flatMap(([stages, expected]) => (isResult(expected) ? [...keysOf(stages)] : [])),
  ...projections.flatMap(([projection, expected]) => (isResult(expected) ? [...keysOf(projection)] : [])),
  ...commands.flatMap(([, command, expected]) => (isResult(expected) ? [...keysOf(command)] : [])),
]);

test.each(sources.filter(([, text]) => operatorsIn(text).length > 0))(
  "operators and stages of shared/stores/src/%s, all of them, have a documented result that the embedded server is held to",
  (_name, text) => {
    expect([...new Set(operatorsIn(text))].filter((operator) => !held.has(operator))).toEqual([]);
  },
);

test("operators of the stores, as they are read, are those that are there, and an unheld one is noticed", () => {
  const all = new Set(sources.flatMap(([, text]) => operatorsIn(text)));
  expect([...all]).toEqual(expect.arrayContaining(["$match", "$group", "$setOnInsert", "$dateToString", "$elemMatch", "$nin"]));
  expect([...all]).not.toContain("$pipeline");
  expect(operatorsIn('{ $graphLookup: { from: "x" }, at: "$ts" }').filter((operator) => !held.has(operator))).toEqual(["$graphLookup"]);
});
