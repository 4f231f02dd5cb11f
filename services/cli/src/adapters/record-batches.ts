import { objectIdOf, type RecordSink } from "@flow-rag/stores";
import { convertRecord, type Conversion } from "../domain/import/conversion.js";
import type { FileRecord } from "../domain/import/file-record.js";
import type { Identity } from "../domain/import/record-identity.js";
import type { WrittenPaths } from "../domain/import/source-paths.js";

/** What an import did, record by record of the file. `repeated`: of those, how many replaced an earlier one of the same file. */
export type ImportCounts = {
  read: number;
  added: number;
  unchanged: number;
  replaced: number;
  repeated: number;
  setAside: number;
  readonly problems: { readonly line: number; readonly reason: string }[];
};

const batchRecords = 1_000;
const batchCharacters = 16 * 1024 * 1024;
const keptProblems = 20;

type Deps = {
  readonly sink: RecordSink;
  readonly identify: (document: Readonly<Record<string, unknown>>) => Identity;
  readonly conversion: Conversion;
  readonly paths: WrittenPaths;
  /** Told of each record as it is written. */
  readonly seen: (document: Readonly<Record<string, unknown>>) => void;
  readonly signal: AbortSignal;
};

/** Writes a file's records, converted and with an `_id` each, in batches that are bounded in number and size. */
export async function writeRecords(
  { sink, identify, conversion, paths, seen, signal }: Deps,
  records: AsyncIterable<FileRecord>,
): Promise<ImportCounts> {
  const counts: ImportCounts = { read: 0, added: 0, unchanged: 0, replaced: 0, repeated: 0, setAside: 0, problems: [] };
  let batch: { line: number; document: Record<string, unknown> }[] = [];
  let ids = new Set<string>();
  let size = 0;
  const setAside = (line: number, reason: string): void => {
    counts.setAside += 1;
    if (counts.problems.length < keptProblems) counts.problems.push({ line, reason });
  };
  const flush = async () => {
    const { added, replaced, unchanged, refused } = await sink.put(batch.map(({ document }) => document));
    counts.added += added;
    counts.replaced += replaced;
    counts.unchanged += unchanged;
    for (const { index, reason } of refused) setAside(batch[index]?.line ?? 0, reason);
    [batch, ids, size] = [[], new Set(), 0];
  };
  for await (const record of records) {
    signal.throwIfAborted();
    counts.read += 1;
    if (!("document" in record)) {
      setAside(record.line, record.reason);
      continue;
    }
    const identified = withId(record.document, identify);
    if ("reason" in identified) {
      setAside(record.line, identified.reason);
      continue;
    }
    if (identified.again) counts.repeated += 1;
    const document = { ...convertRecord(record.document, conversion, paths), _id: identified.id };
    seen(document);
    // One batch holds an id once: of two records of one id the later must win.
    const id = JSON.stringify(identified.id);
    if (ids.has(id)) await flush();
    batch.push({ line: record.line, document });
    ids.add(id);
    size += roughSize(document);
    if (batch.length >= batchRecords || size >= batchCharacters) await flush();
  }
  await flush();
  return counts;
}

function withId(document: Record<string, unknown>, identify: Deps["identify"]): { id: unknown; again: boolean } | { reason: string } {
  const id = document["_id"];
  if (id !== undefined && id !== null && id !== "") return { id: csvId(id), again: false };
  const identity = identify(document);
  return "reason" in identity ? identity : { id: objectIdOf(identity.hex), again: identity.again };
}

/** mongoexport writes an ObjectId into CSV as ObjectId(…). */
function csvId(id: unknown): unknown {
  const hex = typeof id === "string" ? /^ObjectId\("?([0-9a-f]{24})"?\)$/.exec(id)?.[1] : undefined;
  return hex === undefined ? id : objectIdOf(hex);
}

/** Characters of a document's texts; enough to keep a batch within memory. */
function roughSize(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 8;
  return Object.values(value).reduce<number>((sum, inner) => sum + 8 + roughSize(inner), 0);
}
