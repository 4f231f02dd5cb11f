import { waitFor } from "@flow-rag/testing";
import fc from "fast-check";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { killRunning, startFlowRag, startServiceOf } from "./command-line.js";
import { openReindexing, type Reindexing } from "./reindexing.js";

const soak = process.env["FLOW_RAG_SOAK"] === "true";
const kills = soak ? 100 : 12;
jest.setTimeout(soak ? 7_200_000 : 600_000);

let here: Reindexing;
beforeEach(async () => {
  here = await openReindexing();
});
afterEach(async () => {
  killRunning();
  await here.close();
});

test(`flow-rag reindex, killed at ${kills} random instants there and back, goes on and ends in parity`, async () => {
  const count = 2_000;
  await here.put(0, count);
  expect((await here.run("ingest")).code).toBe(0);
  here.endpoint.pauseMs = 10;
  const worker = await startServiceOf("worker", here.env);
  const [draws] = fc.sample(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: kills, maxLength: kills }), {
    seed: 11,
    numRuns: 1,
  }) as [number[]];
  let version = 0;
  let killed = 0;
  for (let round = 0; killed < kills; round += 1) {
    const args = round % 2 === 0 ? ["reindex", "--embedder", "openai", "--json"] : ["reindex", "--rollback", "--json"];
    const before = (await here.pointer())?.["collection"] as string;
    for (let stop = 0; stop < 6 && killed < kills; stop += 1) {
      const child = startFlowRag(args, here.env, { cwd: here.dir });
      const ended = once(child, "close");
      // The instants are drawn over what a whole rebuilding says: its progress on stderr, one line at each stage.
      const share = draws[killed] ?? 0;
      const reached = waitForShare(child, share, before);
      const first = await Promise.race([reached, ended.then(() => "ended" as const)]);
      if (first === "ended") break;
      for (const pid of childrenOf(child)) process.kill(pid, "SIGKILL"); // without it, the end of the command would let it close in order
      child.kill("SIGKILL");
      await ended;
      killed += 1;
      await here.put(0, 200, (version += 1));
    }
    expect((await here.run("ingest")).code).toBe(0);
    const done = await here.run(...args);
    expect([round, done.code, done.code === 0 ? "" : done.stderr]).toEqual([round, 0, ""]);
    expect(JSON.parse(done.stdout)).toMatchObject({ parity: { runs: count, documents: count, inSync: true } });
    await here.inParity(count);
  }
  worker.kill("SIGTERM");
  expect(await once(worker, "exit")).toEqual([0, null]);
});

/** The rebuilding process of a command. Source: proc(5). */
function childrenOf({ pid }: ReturnType<typeof startFlowRag>): number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  return existsSync(path) ? readFileSync(path, "utf8").split(" ").filter(Boolean).map(Number) : [];
}

/**
 * Resolves at an instant of a rebuilding: in the first third while texts are embedded for documents, in the second while the gate asks, told
 * by what the here.endpoint was asked; in the last after the switch, told by the runs that bear the new fingerprint.
 */
async function waitForShare(child: ReturnType<typeof startFlowRag>, share: number, before: string): Promise<"reached"> {
  const from = here.endpoint.asked();
  const asked = share < 0.33 ? share * 24 : 8 + (share - 0.33) * 600;
  const adopted = ((share - 0.66) / 0.34) * 1_900;
  await waitFor(
    async () => {
      if (child.exitCode !== null || child.signalCode !== null) return true;
      const active = await here.pointer();
      if ((active?.["collection"] as string) === before) return share < 0.66 && here.endpoint.asked() - from > asked ? true : undefined;
      const fingerprint: unknown = active?.["fingerprint"];
      return (await here.world.state.collection("runs").countDocuments({ fingerprint })) >= adopted ? true : undefined;
    },
    "the instant to kill at",
    120_000,
  );
  return "reached";
}
