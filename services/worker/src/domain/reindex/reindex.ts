import type { ReindexReport } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import type { IndexDescription, IndexState } from "@flow-rag/stores";
import { adoptRuns, verifyIndex } from "./adopt-runs.js";
import { fillIndex } from "./fill-index.js";
import { isEnough, measureRecall, type Recall } from "./measure-recall.js";
import type { ReindexDeps } from "./reindex-deps.js";

/** `gate`: whether the target must find its own documents before it is switched to. */
type Request = { readonly target: IndexDescription; readonly gate: boolean };

/**
 * Builds the target beside the active index from the runs, while ingestion writes to the active one and questions are asked of it; checks
 * it, makes it the active one in one step, and brings what was written meanwhile after it. Wherever it is killed, the next call goes on: the
 * pointer says which side of the switch it is on, and the documents say what is left to do.
 * @throws AppError `unexpected` when the target does not find its own documents, or the pointer was moved by somebody else.
 */
export async function reindex(deps: ReindexDeps, { target, gate }: Request, signal: AbortSignal): Promise<ReindexReport> {
  const active = await readActive(deps, signal);
  const isSwitched = active.fingerprint === target.fingerprint;
  let written = 0;
  let recall: Recall | null = null;
  if (!isSwitched) {
    written = await fillIndex(deps, signal);
    recall = gate ? await passGate(deps, target, signal) : null;
    signal.throwIfAborted();
    if (!(await deps.states.switchOver(active, target)))
      throw new AppError("unexpected", "another index was made the active one meanwhile");
  }
  written += await adoptRuns(deps, signal);
  const parity = await verifyIndex(deps, signal);
  const now = await readActive(deps, signal);
  return {
    outcome: isSwitched ? "unchanged" : "switched",
    collection: now.collection,
    embedder: now.embedder.fingerprint,
    previous: now.previous?.collection ?? null,
    written,
    parity,
    recall,
  };
}

async function readActive({ states }: Pick<ReindexDeps, "states">, signal: AbortSignal): Promise<IndexState> {
  const active = await states.read(signal);
  if (active) return active;
  throw new AppError("invalid_input", "there is no index yet: flow-rag ingest makes the first one");
}

async function passGate(deps: ReindexDeps, target: IndexDescription, signal: AbortSignal): Promise<Recall> {
  const recall = await measureRecall(deps, signal);
  if (isEnough(recall)) return recall;
  const { asked, asPassages, asQuestions } = recall;
  throw new AppError(
    "unexpected",
    `not switched: of ${asked} documents of ${target.collection}, ${asPassages} are found by their own text as it is indexed and ` +
      `${asQuestions} by it as a question. The embedder ${target.embedder.fingerprint} is broken or does not suit these texts; ` +
      "the active index is as it was",
  );
}
