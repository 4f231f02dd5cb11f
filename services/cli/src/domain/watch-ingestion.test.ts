import { sourcePull } from "@flow-rag/contracts";
import type { JobOutcome, Producer } from "@flow-rag/queue";
import { watchIngestion } from "./watch-ingestion.js";

const signal = new AbortController().signal;
const pull = { read: 20, matched: 20, unchanged: 5, enqueued: 15, ahead: 1, removed: 1, keptBack: 0, batches: ["b1", "b2"] };
const waiting = { state: "waiting", attempts: 0, progress: undefined, result: undefined, reason: undefined } as const;
const completed = <R>(result: R): JobOutcome<R> => ({ ...waiting, state: "completed", result });
const failed = (reason: string): JobOutcome<never> => ({ ...waiting, state: "failed", reason });

/** `script` holds what each look at a job finds, the last for ever. */
function watch(script: Record<string, JobOutcome<unknown>[]>) {
  const progress: string[] = [];
  const outcome = (async (_contract: unknown, id: string) => {
    const looks = script[id] ?? [];
    return (looks.length > 1 ? looks.shift() : looks[0]) ?? { ...waiting, state: "gone" };
  }) as Producer["outcome"];
  const deps = {
    jobs: { outcome },
    pause: async () => {},
    onProgress: (stage: string, done: number, total: number) => void progress.push(`${stage} ${done}/${total}`),
  };
  return { progress, result: watchIngestion(deps, "pull", signal) };
}

test("watchIngestion, a pull and its batches, adds up what really happened", async () => {
  const { progress, result } = watch({
    pull: [{ ...waiting, state: "running", progress: { read: 10, total: 20 } }, completed(pull)],
    b1: [waiting, completed({ indexed: 8, unchanged: 1, removed: 0, setAside: 1 })],
    b2: [completed({ indexed: 5, unchanged: 0, removed: 1, setAside: 0 })],
  });
  expect(await result).toEqual({
    read: 20,
    matched: 20,
    enqueued: 15,
    ahead: 1,
    keptBack: 0,
    indexed: 13,
    unchanged: 6,
    removed: 1,
    setAside: 1,
    failed: 0,
  });
  expect(progress).toEqual(["read 10/20", "read 0/0", "embed 6/16", "embed 16/16"]);
});

test("watchIngestion, a batch is given up, counts it as failed", async () => {
  const { result } = watch({
    pull: [completed(pull)],
    b1: [failed("Chroma did not answer")],
    b2: [completed({ indexed: 1, unchanged: 0, removed: 0, setAside: 0 })],
  });
  expect(await result).toMatchObject({ indexed: 1, failed: 1 });
});

test("watchIngestion, the pull fails, says why", async () => {
  await expect(watch({ pull: [failed("MongoDB did not answer")] }).result).rejects.toThrow(/MongoDB did not answer/);
});

test("watchIngestion, the queue forgot the pull, does not wait for ever", async () => {
  await expect(watch({}).result).rejects.toThrow(/Redis/);
});

test("watchIngestion, interrupted, stops", async () => {
  const jobs = { outcome: (async () => waiting) as unknown as Producer["outcome"] };
  const watching = watchIngestion(
    { jobs, pause: async () => {}, onProgress: () => {} },
    sourcePull.name,
    AbortSignal.abort(new Error("interrupted")),
  );
  await expect(watching).rejects.toThrow("interrupted");
});
