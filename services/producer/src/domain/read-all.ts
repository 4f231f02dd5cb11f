import { maxBatchRecords, type SourceRecord } from "@flow-rag/contracts";
import type { PullStores } from "./pull-stores.js";

/** Every record of a source in pages, in the order of its id, whatever its times are. */
export async function* readAll(source: Pick<PullStores["source"], "all">, signal: AbortSignal): AsyncGenerator<readonly SourceRecord[]> {
  for (let after: { readonly id: unknown } | undefined; ;) {
    const page = await source.all(after, maxBatchRecords, signal);
    yield page.records;
    if (page.records.length < maxBatchRecords) return;
    after = page.last;
  }
}
