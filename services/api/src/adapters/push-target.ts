import { cursorPathsOf, type SourceConfig } from "@flow-rag/contracts";
import type { Lifecycle } from "@flow-rag/kernel";
import { createRecordSink, openSources } from "@flow-rag/stores";
import type { PushTarget } from "../entry/routes/logs.js";

/** The collection that records are pushed to. All other sources stay read only. */
export async function openPushTarget(source: SourceConfig, lifecycle: Lifecycle): Promise<PushTarget> {
  const opened = lifecycle.own("push source", await openSources([source]), (connections) => connections.close());
  const sink = createRecordSink(opened.db(source), { collection: source.collection, cursorFields: cursorPathsOf(source.fields) });
  await sink.ensureIndexes();
  return { source: source.name, fields: source.fields, put: (documents) => sink.put(documents) };
}
