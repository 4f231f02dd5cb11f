import { AppError } from "@flow-rag/kernel";
import type { IndexedRun } from "@flow-rag/stores";
import type { ReindexDeps, TargetDeps } from "./reindex-deps.js";
import { pageSize, walkRuns } from "./walk-runs.js";
import { writeDocuments } from "./write-documents.js";

/** Runs that a pass may still find behind: about what ingestion writes while a pass reads. The switch is followed by another look. */
const closeEnough = 512;
const mostPasses = 20;

/**
 * Brings the documents up to the runs: writes those that are missing or of another content, passes over the rest, and begins again until a
 * pass finds next to nothing to do, because ingestion goes on meanwhile. Then removes documents that no run has.
 * Safe to kill and to repeat: what is there is compared, not remembered. Returns how many documents were written.
 * @throws AppError `unexpected` when ingestion is faster than the passes.
 */
export async function fillIndex(deps: ReindexDeps, signal: AbortSignal): Promise<number> {
  let written = 0;
  for (let pass = 1; pass <= mostPasses; pass += 1) {
    const found = await fillOnce(deps, signal);
    written += found;
    if (found > closeEnough) continue;
    await removeOrphans(deps, () => true, signal);
    return written;
  }
  throw new AppError("unexpected", "more is being ingested than can be indexed beside it: try again when less is going on");
}

async function fillOnce(deps: ReindexDeps, signal: AbortSignal): Promise<number> {
  const total = await deps.runs.count(signal);
  let done = 0;
  let written = 0;
  await walkRuns(
    deps,
    async (page) => {
      const behind = await findBehind(deps, page, signal);
      await writeDocuments(deps, behind, signal);
      written += behind.length;
      done += page.length;
      deps.onProgress({ stage: "build", done, total: Math.max(total, done) });
    },
    signal,
  );
  return written;
}

/** Those among the runs whose document is missing or of another content. */
export async function findBehind(
  { vectors }: Pick<TargetDeps, "vectors">,
  runs: readonly IndexedRun[],
  signal: AbortSignal,
): Promise<IndexedRun[]> {
  const versions = await vectors.versions(
    runs.map(({ id }) => id),
    signal,
  );
  return runs.filter(({ id, contentHash }) => versions.get(id) !== contentHash);
}

/** Removes documents without a run that `isGone` says are not just about to have one. Returns their number. */
export async function removeOrphans(
  deps: Pick<TargetDeps, "vectors" | "runs">,
  isGone: (id: string) => Promise<boolean> | boolean,
  signal: AbortSignal,
): Promise<number> {
  if ((await deps.vectors.count(signal)) <= (await deps.runs.count(signal))) return 0;
  const orphans: string[] = [];
  for (let offset = 0; ; offset += pageSize) {
    const ids = await deps.vectors.ids({ limit: pageSize, offset }, signal);
    const held = new Set((await deps.runs.byIds(ids, signal)).map(({ id }) => id));
    for (const id of ids) if (!held.has(id) && (await isGone(id))) orphans.push(id);
    if (ids.length < pageSize) break;
  }
  await deps.vectors.remove(orphans, signal);
  return orphans.length;
}
