import { createHarness, type Harness } from "@flow-rag/testing";
import fc from "fast-check";
import { createWorld } from "./ingestion-world.js";

const soak = process.env["FLOW_RAG_SOAK"] === "true";
const numRuns = soak ? 5_000 : 300;
jest.setTimeout(soak ? 3_600_000 : 240_000);

const now = new Date("2026-05-06T08:00:00Z");
const minute = 60_000;

let harness: Harness;
beforeAll(async () => (harness = await createHarness()));
afterAll(async () => expect(await harness.lifecycle.close()).toBe(true));

/** Times as sources write them: equal ones, late ones, none at all, in other types, ahead of the clock, and unreadable ones. */
const timestamp = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -30, max: 0 }).map((n) => new Date(now.getTime() + n * minute)) },
  fc.constant(now),
  fc.constant(null),
  fc.constant("2026-05-05T07:00:00Z"),
  fc.constant(1_777_900_000),
  fc.constant(new Date("2099-01-01T00:00:00Z")),
  fc.constant("soon"),
);
const id = fc.integer({ min: 1, max: 12 });
const fields = fc.record({
  pipeline_name: fc.constantFrom("orders", "crm", null),
  status: fc.constantFrom("OK", "KO", "EN COURS"),
  error_message: fc.constantFrom("disk full", "timeout", undefined),
});

const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("put" as const), id, timestamp, fields }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("delete" as const), id }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("pull" as const), everything: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("work" as const), pick: fc.nat(9), again: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("crash" as const), steps: fc.nat(12), before: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ do: "reconcile" as const }) },
  { weight: 1, arbitrary: fc.constantFrom({ do: "loseQueue" as const }, { do: "loseIndex" as const }) },
);

test("ingestion, any edits, crashes, losses, and jobs repeated and reordered, ends with an index that equals its source", async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 30 }), async (commands) => {
      const world = createWorld(harness, String(++run), () => now);
      for (const step of commands) {
        if (step.do === "put")
          await world.rows.replaceOne({ _id: step.id }, { ...step.fields, timestamp: step.timestamp }, { upsert: true });
        else if (step.do === "delete") await world.rows.deleteOne({ _id: step.id });
        else if (step.do === "pull") await world.pull(step.everything ? "everything" : "changes");
        else if (step.do === "work") await world.work(step.pick, step.again);
        else if (step.do === "crash") world.crashAfter(step.steps, step.before);
        else if (step.do === "reconcile") await world.reconcile();
        else world[step.do]();
      }
      world.crashAfter(Infinity, true);
      // Twice, as two nights would: the first may meet work that a crash left behind.
      for (let night = 0; night < 2; night++) {
        await world.reconcile();
        await world.drain();
      }
      expect(await settledState(world)).toEqual(await oracle(world));
      await world.drop();
    }),
    { numRuns },
  );
});

test("ingestion, records written in time and any crashes of the producer, needs no reconciliation", async () => {
  let run = 0;
  const steps = fc.array(
    fc.oneof(
      fc.record({ do: fc.constant("put" as const), id: fc.integer({ min: 1, max: 1_000 }), fields }),
      fc.record({ do: fc.constant("pull" as const) }),
      fc.record({ do: fc.constant("work" as const), pick: fc.nat(9), again: fc.boolean() }),
      fc.record({ do: fc.constant("crash" as const), steps: fc.nat(10), before: fc.boolean() }),
      fc.constant({ do: "loseQueue" as const }),
    ),
    { minLength: 5, maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (commands) => {
      let clock = now.getTime();
      const world = createWorld(harness, `in-time-${++run}`, () => new Date(clock));
      for (const step of commands) {
        clock += minute / 2;
        if (step.do === "put")
          await world.rows.replaceOne({ _id: step.id }, { ...step.fields, timestamp: new Date(clock) }, { upsert: true });
        else if (step.do === "pull") await world.pull("changes");
        else if (step.do === "work") await world.work(step.pick, step.again);
        else if (step.do === "crash") world.crashAfter(step.steps, step.before);
        else world.loseQueue();
      }
      world.crashAfter(Infinity, true);
      await world.pull("changes");
      await world.drain();
      expect(await settledState(world)).toEqual(await oracle(world));
      await world.drop();
    }),
    { numRuns: Math.ceil(numRuns / 3) },
  );
});

type World = ReturnType<typeof createWorld>;
type Held = { status: string; document: string; signature: string };

/** Status of each run, and of its document, and whether its signature has a document of the template that is known of it. */
async function settledState(world: World): Promise<Record<string, Held>> {
  const runs = await world.runs.find().toArray();
  const ids = new Set([...runs.map((run) => run._id), ...world.documents.keys()]);
  const runOf = new Map(runs.map((run) => [run._id, String(run["rawStatus"])]));
  const known = new Map((await world.signatures.find().toArray()).map((row) => [row._id, String(row["template"])]));
  const signatureOf = new Map(
    runs.flatMap(({ _id, signature }) => {
      if (signature === null) return [];
      const template = world.templates.get(String(signature));
      return [[_id, template !== undefined && template === known.get(String(signature)) ? template : "differs"]];
    }),
  );
  return Object.fromEntries(
    [...ids].sort().map((key) => [
      key,
      {
        status: runOf.get(key) ?? "none",
        document: world.documents.get(key)?.metadata.status ?? "none",
        signature: signatureOf.get(key) ?? "none",
      },
    ]),
  );
}

const statuses: Record<string, string> = { OK: "success", KO: "failed", "EN COURS": "running" };

/** What must be held, told from the source alone: every record that has a readable time, and no other. */
async function oracle(world: World): Promise<Record<string, Held>> {
  const rows = await world.rows.find().toArray();
  return Object.fromEntries(
    rows
      .filter((row) => row["timestamp"] !== null && row["timestamp"] !== "soon")
      .map((row) => {
        const status = String(row["status"]);
        return [
          world.idOf(row._id),
          { status, document: statuses[status] ?? "", signature: String(row["error_message"] ?? "none") },
        ] as const;
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
