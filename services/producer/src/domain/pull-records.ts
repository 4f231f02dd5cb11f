import type { SourcePullResult } from "@flow-rag/contracts";
import { pullChanges } from "./pull-changes.js";
import { pullEverything } from "./pull-everything.js";
import { pullSelected } from "./pull-selected.js";
import { beginPull, type PullRecordsDeps, type PullRequest, type ReportPull } from "./pull.js";

const pulls = { changes: pullChanges, everything: pullEverything, selected: pullSelected };

/**
 * Enqueues the records that the request means and the index does not hold as they are.
 * @throws whatever the deps throw; the signal's reason once it has aborted.
 */
export async function pullRecords(
  deps: PullRecordsDeps,
  request: PullRequest,
  signal: AbortSignal,
  report: ReportPull = async () => {},
): Promise<SourcePullResult> {
  const pull = await beginPull(deps, request, signal, report);
  await pulls[request.mode](pull);
  await pull.flush();
  return pull.result;
}
