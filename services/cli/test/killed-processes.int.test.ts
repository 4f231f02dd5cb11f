import { createHarness, waitFor, type Harness } from "@flow-rag/testing";
import fc from "fast-check";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentOf, flowRag, killRunning, startServiceOf } from "./command-line.js";

const soak = process.env["FLOW_RAG_SOAK"] === "true";
const kills = soak ? 200 : 20;
jest.setTimeout(soak ? 7_200_000 : 900_000);

let world: Harness;
let dir: string;
beforeEach(async () => {
  world = await createHarness();
  dir = await mkdtemp(join(tmpdir(), "flow-rag-killed-"));
});
afterEach(async () => {
  killRunning();
  expect(await world.lifecycle.close()).toBe(true);
  await rm(dir, { recursive: true });
});

const count = 5_000;
const record = (id: number, version: number) => ({
  _id: id,
  pipeline_name: `pipeline-${id % 40}`,
  tech: "Spark",
  status: (id + version) % 9 === 0 ? "KO" : "OK",
  error_message: `version ${version} of ${id}`,
  timestamp: new Date(Date.UTC(2026, 4, 1) + id * 1_000),
});

/** Kills a running process by SIGKILL once `reached` holds, and starts it again. */
async function killAndRestart(name: "producer" | "worker", running: ChildProcess, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  running.kill("SIGKILL");
  await once(running, "exit");
  return await startServiceOf(name, env);
}

test(`producer and worker, killed at ${kills} random instants of ingesting and re-ingesting, lose and double nothing`, async () => {
  const env = { ...environmentOf(world), QUEUE_LOCK: "3s" };
  const rows = world.source.collection<ReturnType<typeof record>>("flow_monitoring");
  const runs = world.state.collection("runs");
  await rows.insertMany(Array.from({ length: count }, (_, id) => record(id, 0)));
  const processes = { producer: await startServiceOf("producer", env), worker: await startServiceOf("worker", env) };

  const [draws] = fc.sample(
    fc.array(fc.record({ producer: fc.boolean(), share: fc.double({ min: 0, max: 1, noNaN: true }) }), {
      minLength: kills,
      maxLength: kills,
    }),
    {
      seed: 7,
      numRuns: 1,
    },
  ) as [{ producer: boolean; share: number }[]];
  const perRound = 4;
  for (let round = 0; round * perRound < kills; round++) {
    // Another version of every record: there is work for all of them again.
    if (round > 0)
      await rows.bulkWrite(
        Array.from({ length: count }, (_, id) => ({ replaceOne: { filter: { _id: id }, replacement: record(id, round) } })),
      );
    const ingest = flowRag(["ingest", "--json"], env, { cwd: dir });
    const marks = draws.slice(round * perRound, (round + 1) * perRound).sort((a, b) => a.share - b.share);
    for (const { producer, share } of marks) {
      const reached = Math.floor(share * count * 0.9);
      await waitFor(
        async () => ((await runs.countDocuments({ error: new RegExp(`^version ${round} `) })) >= reached ? true : undefined),
        `${reached} runs of version ${round}`,
        180_000,
      );
      const name = producer ? "producer" : "worker";
      processes[name] = await killAndRestart(name, processes[name], env);
    }
    const { code, stderr } = await ingest;
    expect([round, code, stderr.match(/error:.*/)?.[0]]).toEqual([round, 0, undefined]);
  }

  const parity = await flowRag(["parity", "--json"], env, { cwd: dir });
  expect([parity.code, JSON.parse(parity.stdout)]).toEqual([
    0,
    expect.objectContaining({ source: count, runs: count, index: count, missing: 0, extra: 0, stale: 0, dead: 0, inSync: true }),
  ]);
  for (const child of Object.values(processes)) {
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  }
});
