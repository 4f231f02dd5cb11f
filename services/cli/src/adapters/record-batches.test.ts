import { createIdentities } from "../domain/import/record-identity.js";
import type { PutResult } from "@flow-rag/stores";
import fc from "fast-check";
import iconv from "iconv-lite";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { FileRecord } from "../domain/import/file-record.js";
import { writeRecords } from "./record-batches.js";
import { openRecordFile } from "./record-file/record-file.js";

let dir: string;
beforeAll(async () => (dir = await mkdtemp(join(tmpdir(), "flow-rag-batches-"))));
afterAll(() => rm(dir, { recursive: true }));

const signal = new AbortController().signal;
const conversion = { order: undefined, zone: undefined, decimal: "." as const, said: [] };
const paths = { times: [], numbers: [] };

/** A sink that holds what it is given, by id, and counts what it was asked. */
function holdingSink(refuses: (document: Record<string, unknown>) => boolean = () => false) {
  const held = new Map<string, Record<string, unknown>>();
  const sizes: number[] = [];
  const put = async (documents: readonly Record<string, unknown>[]): Promise<PutResult> => {
    sizes.push(documents.length);
    const refused = documents.flatMap((document, index) => (refuses(document) ? [{ index, reason: "refused" }] : []));
    for (const document of documents) if (!refuses(document)) held.set(String(document["_id"]), document);
    return { added: documents.length - refused.length, replaced: 0, unchanged: 0, refused };
  };
  return { held, sizes, sink: { put, drop: async () => 0, ensureIndexes: async () => {} } };
}
async function* from(records: readonly FileRecord[]): AsyncGenerator<FileRecord> {
  yield* records;
}
const write = (sink: ReturnType<typeof holdingSink>, records: AsyncIterable<FileRecord>, key?: readonly string[]) =>
  writeRecords({ sink: sink.sink, identify: createIdentities(key), conversion, paths, seen: () => {}, signal }, records);

type Row = { pipeline_name: string; status: string; error_message: string };
const columns = ["pipeline_name", "status", "error_message"] as const;
const cell = (text: string, delimiter: string) =>
  new RegExp(`["\n\r${delimiter === "|" ? "\\|" : delimiter}]`).test(text) ? `"${text.replaceAll('"', '""')}"` : text;
const csv = (delimiter: string) => (rows: readonly Row[]) =>
  [columns.join(delimiter), ...rows.map((row) => columns.map((name) => cell(row[name], delimiter)).join(delimiter))].join("\r\n");

const layouts: Readonly<Record<string, { text: (rows: readonly Row[]) => string; at?: string }>> = {
  commas: { text: csv(",") },
  semicolons: { text: csv(";") },
  tabs: { text: csv("\t") },
  pipes: { text: csv("|") },
  lines: { text: (rows) => rows.map((row) => JSON.stringify(row)).join("\n") },
  list: { text: (rows) => JSON.stringify(rows) },
  "pretty list": { text: (rows) => JSON.stringify(rows, null, 2) },
  "pretty values": { text: (rows) => rows.map((row) => JSON.stringify(row, null, 2)).join("\n") },
  wrapper: { text: (rows) => JSON.stringify({ total: rows.length, data: { runs: rows } }), at: "data.runs" },
  "pages of wrappers": { text: (rows) => rows.map((row) => JSON.stringify({ runs: [row] })).join("\n"), at: "runs" },
};
const encodings: Readonly<Record<string, { name: string; addBOM: boolean; said: boolean }>> = {
  "UTF-8": { name: "utf-8", addBOM: false, said: false },
  "UTF-8 with its mark": { name: "utf-8", addBOM: true, said: false },
  "UTF-16LE": { name: "utf-16le", addBOM: true, said: false },
  "UTF-16BE": { name: "utf-16be", addBOM: true, said: false },
  "Windows-1252, said": { name: "windows-1252", addBOM: false, said: true },
};
// What Windows-1252 and every layout can hold; not blank at the ends of a cell, where CSV has no say.
const text = fc
  .string({ unit: fc.constantFrom(..."abcXYZ éèàçÉÀ’«»€,;|\t\"'\n{}[]:1239-"), minLength: 1, maxLength: 20 })
  .map((raw) => `x${raw}x`);
const rowsOf = fc.array(fc.record({ pipeline_name: text, status: text, error_message: text }), { minLength: 1, maxLength: 8 });

test("import, the same records in every layout, encoding and packing, are the same documents", async () => {
  const file = join(dir, "records");
  await fc.assert(
    fc.asyncProperty(rowsOf, async (rows) => {
      const results = new Map<string, string[]>();
      for (const [layout, { text: textOf, at }] of Object.entries(layouts)) {
        for (const [encoding, { name, addBOM, said }] of Object.entries(encodings)) {
          const bytes = iconv.encode(textOf(rows), name, { addBOM });
          for (const packed of [false, true]) {
            await writeFile(file, packed ? gzipSync(bytes) : bytes);
            const options = { at, encoding: said ? name : undefined, timePaths: ["pipeline_name"], knownPaths: [...columns] };
            const opened = await openRecordFile(file, options, signal);
            const sink = holdingSink();
            await write(sink, opened.read());
            const documents = [...sink.held]
              .map(([id, { _id, ...document }]) => JSON.stringify([id, Object.entries(document).sort()]))
              .sort();
            results.set(`${layout} in ${encoding}${packed ? ", packed" : ""}`, documents);
          }
        }
      }
      const [first] = results.values();
      expect(first).toHaveLength(rows.length);
      for (const [name, documents] of results) expect([name, documents]).toEqual([name, first]);
    }),
    { numRuns: 15 },
  );
});

test("writeRecords, a million characters a record, writes small batches", async () => {
  const sink = holdingSink();
  const records = Array.from({ length: 40 }, (_, line) => ({ line, document: { _id: line, text: "x".repeat(1_000_000) } }));
  const counts = await write(sink, from(records));
  expect(counts).toMatchObject({ read: 40, added: 40 });
  expect(Math.max(...sink.sizes)).toBeLessThanOrEqual(17);
});

test("writeRecords, two records of one id, leaves the later one", async () => {
  const sink = holdingSink();
  await write(
    sink,
    from([
      { line: 1, document: { _id: 1, status: "running" } },
      { line: 2, document: { _id: 1, status: "OK" } },
    ]),
  );
  expect([sink.held.get("1")?.["status"], sink.sizes]).toEqual(["OK", [1, 1]]);
});

test("writeRecords, a record that the server refuses, is named by its line and the rest is written", async () => {
  const sink = holdingSink(({ status }) => status === "odd");
  const counts = await write(
    sink,
    from([
      { line: 3, document: { status: "OK" } },
      { line: 4, document: { status: "odd" } },
      { line: 5, reason: "no JSON object" },
      { line: 6, document: { status: "KO" } },
    ]),
  );
  expect(counts).toMatchObject({
    read: 4,
    added: 2,
    setAside: 2,
    problems: [
      { line: 5, reason: "no JSON object" },
      { line: 4, reason: "refused" },
    ],
  });
});

test("writeRecords, records known by a key, counts those of an earlier line's key and sets aside those without one", async () => {
  const sink = holdingSink();
  const rows = [{ id: "a", n: 1 }, { id: "a", n: 2 }, { id: "b" }, { n: 3 }];
  const counts = await write(sink, from(rows.map((document, index) => ({ line: index, document }))), ["id"]);
  expect(counts).toMatchObject({ read: 4, repeated: 1, setAside: 1, problems: [{ line: 3, reason: "--key: it has no id" }] });
  expect([...sink.held.values()].map(({ n }) => n)).toEqual([2, undefined]);
});
