import { cursorPathsOf, type SourceConfig } from "@flow-rag/contracts";
import { AppError, type Lifecycle } from "@flow-rag/kernel";
import { createRecordSink, openSources } from "@flow-rag/stores";
import type { PushTarget } from "../entry/routes/logs.js";

/** The collection that records are pushed to. All other sources stay read only. */
export async function openPushTarget(source: SourceConfig, lifecycle: Lifecycle): Promise<PushTarget> {
  const opened = lifecycle.own("push source", await openSources([source]), (connections) => connections.close());
  const sink = createRecordSink(opened.db(source), { collection: source.collection, cursorFields: cursorPathsOf(source.fields) });
  await sink.ensureIndexes();
  const put: PushTarget["put"] = async (documents) => {
    const { refused } = await sink.put(documents);
    if (refused[0]) throw new AppError("unexpected", `the source takes ${refused.length} of the records not: ${refused[0].reason}`);
  };
  return { source: source.name, fields: source.fields, put };
}
