import { ObjectId } from "mongodb";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRecordFile, type FileRecord } from "./record-file.js";

let dir: string;
beforeAll(async () => (dir = await mkdtemp(join(tmpdir(), "flow-rag-file-"))));
afterAll(() => rm(dir, { recursive: true }));

async function read(text: string): Promise<FileRecord[]> {
  const file = join(dir, "records");
  await writeFile(file, text);
  const found: FileRecord[] = [];
  for await (const record of readRecordFile(file)) found.push(record);
  return found;
}
const hex = "6df3a50a785dcb51b0d4f4ee";
const line = `{"_id":{"$oid":"${hex}"},"pipeline_name":"orders","timestamp":{"$date":"2026-01-20T21:28:38.000Z"},"duration_ms":437}`;
const document = { _id: new ObjectId(hex), pipeline_name: "orders", timestamp: new Date("2026-01-20T21:28:38Z"), duration_ms: 437 };

test.each([
  ["NDJSON of extended JSON", `${line}\n`],
  ["NDJSON with a byte order mark, Windows line ends and blank lines", `\uFEFF\r\n${line}\r\n\r\n`],
  ["a JSON array", `[${line}]`],
  ["a JSON array over several lines", `[\n  ${line}\n]\n`],
])("readRecordFile, %s, gives BSON documents", async (_situation, text) => {
  expect((await read(text)).map((record) => "document" in record && record.document)).toEqual([document]);
});

test("readRecordFile, CSV with a header, gives a document a row without its empty cells", async () => {
  const text = `_id,pipeline_name,status,error_message\nObjectId(${hex}),orders,KO,"line one\nline ""two"""\nrun-2,crm,OK,\n`;
  expect((await read(text)).map((record) => "document" in record && record.document)).toEqual([
    { _id: new ObjectId(hex), pipeline_name: "orders", status: "KO", error_message: 'line one\nline "two"' },
    { _id: "run-2", pipeline_name: "crm", status: "OK" },
  ]);
});

test("readRecordFile, a bad line between good ones, says which and gives the others", async () => {
  expect(await read(`{"_id":1}\n{broken\n[1]\n{"_id":2}\n`)).toEqual([
    { line: 1, document: { _id: 1 } },
    { line: 2, reason: expect.any(String) as string },
    { line: 3, reason: expect.any(String) as string },
    { line: 4, document: { _id: 2 } },
  ]);
});

test("readRecordFile, records without an id read twice, give the same ids, each its own", async () => {
  const text = `{"pipeline_name":"orders"}\n{"pipeline_name":"orders"}\n`;
  const ids = async () => (await read(text)).map((record) => ("document" in record ? String(record.document["_id"]) : ""));
  const [first, second] = [await ids(), await ids()];
  expect(first).toEqual(second);
  expect(new Set(first).size).toBe(2);
});

test("readRecordFile, an empty file, gives nothing", async () => {
  expect(await read("")).toEqual([]);
});

test("readRecordFile, no such file, is invalid input that names it", async () => {
  await expect(readRecordFile(join(dir, "nowhere.ndjson")).next()).rejects.toMatchObject({
    kind: "invalid_input",
    message: expect.stringMatching(/nowhere\.ndjson.*ENOENT/) as string,
  });
});

test("readRecordFile, an array that is cut off, is invalid input", async () => {
  await expect(read(`[${line},`)).rejects.toMatchObject({ kind: "invalid_input" });
});
