import { createHarness, sampleRun, type Harness } from "@flow-rag/testing";
import { MongoClient } from "mongodb";
import { readdirSync, readFileSync } from "node:fs";
import { createQueryLogStore, createRunFacts, createRunStore } from "../src/index.js";

const sources = new URL("../src/", import.meta.url);
const texts = readdirSync(sources).flatMap((name) => (name.endsWith(".ts") ? [readFileSync(new URL(name, sources), "utf8")] : []));
/** What the driver puts around every command. */
const envelope = new Set(["$db", "$clusterTime", "$readPreference"]);
const signal = AbortSignal.timeout(60_000);

function* operatorsIn(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key.startsWith("$") && !envelope.has(key)) yield key;
    yield* operatorsIn(inner);
  }
}

let world: Harness;
beforeEach(async () => (world = await createHarness()));
afterEach(async () => expect(await world.lifecycle.close()).toBe(true));

test("commands of the stores, as the driver sends them, fail nowhere and hold only operators that the sources name", async () => {
  const client = await new MongoClient(world.mongoUri, { monitorCommands: true }).connect();
  const [sent, operators, failed] = [new Set<string>(), new Set<string>(), [] as string[]];
  client.on("commandStarted", ({ commandName, command }) => {
    sent.add(commandName);
    for (const operator of operatorsIn(command)) operators.add(operator);
  });
  client.on("commandFailed", ({ commandName, failure }) => void failed.push(`${commandName}: ${failure.message}`));
  try {
    const db = client.db(world.stateDb);
    const [runs, facts, log] = [createRunStore(db), createRunFacts(db), createQueryLogStore(db, { retentionMs: 60_000 })];
    await runs.ensureIndexes();
    await log.ensureIndexes();
    await runs.upsert([sampleRun("1", {}), sampleRun("2", { status: "failed", error: "disk full" })]);
    const filter = { from: new Date(0), to: new Date(), techs: ["Spark"], errorText: "disk", minDurationMs: 1, maxDurationMs: 1e9 };
    await facts.cells(filter, signal);
    await facts.errorKinds(filter, signal);
    await facts.pipelines(filter, signal);
    await facts.latestRuns(filter, 5, signal);
    await facts.latestOfTexts(filter, signal);
    await facts.longestRuns(filter, 5, signal);
    await facts.durations(filter, "pipeline", signal);
    await facts.quarters(filter, signal);
    await facts.unreadStatuses(filter, signal);
    await facts.catalogue(signal);
    await runs.countCopied("flows", ["1"], signal);
    await runs.idsAfter("flows", "", 5, signal);
    await log.latest({ limit: 5, now: new Date(), from: new Date(0), sources: ["flows"] }, signal);
    await runs.remove([{ source: "flows", recordId: "1" }]);
  } finally {
    await client.close();
  }
  expect(failed).toEqual([]);
  expect([...sent]).toEqual(expect.arrayContaining(["createIndexes", "aggregate", "find", "delete"]));
  expect([...operators].filter((operator) => !texts.some((text) => text.includes(`${operator}:`)))).toEqual([]);
  expect(operators.size).toBeGreaterThan(10);
});
