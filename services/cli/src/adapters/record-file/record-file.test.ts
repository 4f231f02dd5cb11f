import { Long, ObjectId } from "mongodb";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import iconv from "iconv-lite";
import type { FileRecord } from "../../domain/import/file-record.js";
import { openRecordFile, type ReadOptions } from "./record-file.js";

let dir: string;
beforeAll(async () => (dir = await mkdtemp(join(tmpdir(), "flow-rag-file-"))));
afterAll(() => rm(dir, { recursive: true }));

const signal = new AbortController().signal;
const timePaths = ["timestamp", "ended_at", "started_at", "updated_at"];
type Options = Partial<ReadOptions>;

async function open(content: string | Buffer, options: Options = {}) {
  const file = join(dir, "records");
  await writeFile(file, content);
  return openRecordFile(file, { timePaths, knownPaths: ["pipeline_name", "status", ...timePaths], ...options }, signal);
}
async function read(content: string | Buffer, options: Options = {}): Promise<FileRecord[]> {
  const found: FileRecord[] = [];
  for await (const record of (await open(content, options)).read()) found.push(record);
  return found;
}
const documents = async (content: string | Buffer, options: Options = {}) =>
  (await read(content, options)).map((record) => ("document" in record ? record.document : record));
const refusal = (message: RegExp) => ({ kind: "invalid_input", message: expect.stringMatching(message) as string });

const hex = "6df3a50a785dcb51b0d4f4ee";
const line = `{"_id":{"$oid":"${hex}"},"pipeline_name":"orders","timestamp":{"$date":"2026-01-20T21:28:38.000Z"},"duration_ms":437}`;
const document = { _id: new ObjectId(hex), pipeline_name: "orders", timestamp: new Date("2026-01-20T21:28:38Z"), duration_ms: 437 };
const pretty = JSON.stringify(JSON.parse(line), null, 2);

test.each([
  ["NDJSON of extended JSON", `${line}\n`],
  ["NDJSON with a byte order mark, Windows line ends and blank lines", `\uFEFF\r\n${line}\r\n\r\n`],
  ["NDJSON whose lines end in commas", `${line},\n`],
  ["a JSON list", `[${line}]`],
  ["a JSON list over several lines", `[\n  ${pretty}\n]\n`],
  ["one JSON value over several lines", pretty],
])("openRecordFile, %s, gives BSON documents", async (_situation, text) => {
  expect(await documents(text)).toEqual([document]);
});

test("openRecordFile, JSON values one after the other over several lines, gives each with its line", async () => {
  expect((await read(`${pretty}\n${pretty}${pretty}`)).map((record) => record.line)).toEqual([1, 11, 20]);
});

test.each([
  ["dag_runs", '{"dag_runs":[{"state":"a"},{"state":"b"}],"total_entries":2}'],
  ["results", '{"metadata":{"x":1},"results":[\n{"state":"a"},\n{"state":"b"}],"args":{"y":[{"z":1}]}}'],
  ["data.runs", '{"data":{"runs":[{"state":"a"},{"state":"b"}]}}'],
  ["workflow_runs", '{"workflow_runs":[{"state":"a"}]}{"workflow_runs":[{"state":"b"}]}'],
  ["workflow_runs", '[{"workflow_runs":[{"state":"a"}]},{"workflow_runs":[{"state":"b"}]}]'],
])("openRecordFile, records at %s of %s, are unwrapped when told so, and else it says how", async (at, text) => {
  expect(await documents(text, { at })).toEqual([{ state: "a" }, { state: "b" }]);
  if (text.startsWith("{")) await expect(read(text)).rejects.toMatchObject(refusal(new RegExp(`--at ${at}`)));
  await expect(read(text, { at: "nowhere" })).rejects.toMatchObject(refusal(/nothing at nowhere/));
});

test("openRecordFile, a record that holds a list and a time, is a record", async () => {
  expect(await documents('{"timestamp":"2026-01-20T21:28:38Z","tasks":[{"a":1}]}')).toHaveLength(1);
});

test("openRecordFile, fields of the wrapper to be carried, also behind the list, stand in each record", async () => {
  const text = '{"meta":{"id":7},"results":[{"a":1},{"a":2}],"end":{"at":"2026-01-20T21:28:38Z"}}';
  expect(await documents(text, { at: "results", carry: ["meta.id", "end.at"] })).toEqual(
    [1, 2].map((a) => ({ a, meta: { id: 7 }, end: { at: "2026-01-20T21:28:38Z" } })),
  );
  await expect(read(text, { at: "results", carry: ["meta.none"] })).rejects.toMatchObject(refusal(/--carry meta\.none/));
});

test.each(["{0}\n", "[{0}]", " {0}{0}"])("openRecordFile, integers beyond 2^53 in %s, keep every digit", async (shape) => {
  const text = shape.replaceAll(
    "{0}",
    '{"id":9007199254740993,"neg":-9223372036854775808,"wide":{"$numberLong":"9223372036854775807"},"text":"9007199254740993"}',
  );
  expect((await documents(text))[0]).toEqual({
    id: Long.fromString("9007199254740993"),
    neg: Long.MIN_VALUE,
    wide: Long.MAX_VALUE,
    text: "9007199254740993",
  });
});

test("openRecordFile, a text with U+2028, U+2029, U+0085 and a lone CR within a line, is one record", async () => {
  const text = "a\u2028b\u2029c\u0085d";
  expect(await documents(`{"_id":1,"error_message":"${text}"}\n{"_id":2}\n`)).toEqual([{ _id: 1, error_message: text }, { _id: 2 }]);
});

test("openRecordFile, odd lines between good ones, names each and gives the others", async () => {
  const deep = `${'{"a":'.repeat(150)}1${"}".repeat(150)}`;
  const odd = [
    "{broken",
    "[1]",
    '{"$schema":"v1","_id":2}',
    '{"_id":[3]}',
    '{"_id":{"$oid":"zz"}}',
    '{"_id":4,"at":{"$date":"never"}}',
    deep,
    `{"_id":5,"text":"${"x".repeat(17 * 1024 * 1024)}"}`,
    '"text"',
    "null",
  ];
  const found = await read(`{"_id":0}\n${odd.join("\n")}\n{"_id":9}\n`);
  expect(found.map((record) => ("document" in record ? record.document["_id"] : record.line))).toEqual([
    0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 9,
  ]);
  const reasons = found.flatMap((record) => ("reason" in record ? [record.reason] : []));
  expect(reasons[2]).toContain("$schema");
  expect(reasons[3]).toContain("_id");
  expect(reasons[6]).toContain("100 levels");
  expect(reasons[7]).toContain("16 MiB");
});

test("openRecordFile, odd elements of a JSON list, names each and gives the others", async () => {
  const found = await read('[{"_id":0},\n{"$a":1},\n[1],\n5,\n{"_id":1}]');
  expect(found.map((record) => ("document" in record ? record.document["_id"] : `line ${record.line}`))).toEqual([
    0,
    "line 2",
    "line 3",
    "line 4",
    1,
  ]);
});

test.each([`[${line},`, `[${line}, x]`, `{"runs":[${line}`, `${pretty.slice(0, -3)}`])(
  "openRecordFile, JSON that is broken off (%#), is invalid input",
  async (text) => {
    await expect(read(text, text.startsWith('{"runs') ? { at: "runs" } : {})).rejects.toMatchObject(refusal(/records:\d+: /));
  },
);

test("openRecordFile, CSV with a header, gives a document a row without its empty cells", async () => {
  const text = `_id,pipeline_name,status,error_message\n1,orders,KO,"line one\nline ""two"""\nrun-2,crm,OK,\n`;
  expect(await documents(text)).toEqual([
    { _id: "1", pipeline_name: "orders", status: "KO", error_message: 'line one\nline "two"' },
    { _id: "run-2", pipeline_name: "crm", status: "OK" },
  ]);
});

test("openRecordFile, CSV with dotted, doubled and empty column names, nests and tells them apart", async () => {
  const text = "job.name,job,job.status.word,a,a,,__proto__.x\norders,7,KO,1,2,3,4\n";
  const [found] = await documents(text);
  expect(found).toMatchObject({ job: { name: "orders", value: "7", status: { word: "KO" } }, a: "1", a_5: "2", column_6: "3" });
  expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
});

test("openRecordFile, a CSV row with more cells than columns, is named and not shifted", async () => {
  const found = await read("pipeline_name,error_message\na,disk full, /dev/sda1\nb,ok\n");
  expect(found).toEqual([
    { line: 2, reason: expect.stringContaining("3 cells for 2 columns") as string },
    { line: 3, document: { pipeline_name: "b", error_message: "ok" } },
  ]);
});

test.each([
  ["semicolons", "pipeline_name;status\na;KO, vraiment, KO\n", {}],
  ["tabs", "pipeline_name\tstatus\na\tKO, vraiment, KO\n", {}],
  ["pipes", "pipeline_name|status\na|KO, vraiment, KO\n", {}],
  ["what the first line says", "sep=;\r\npipeline_name;status\r\na;KO, vraiment, KO\r\n", {}],
  ["what the user says", "pipeline_name!status\na!KO, vraiment, KO\n", { delimiter: "!" }],
  ["the name of a sign", "pipeline_name\tstatus\na\tKO, vraiment, KO\n", { delimiter: "tab" }],
])("openRecordFile, CSV separated by %s, has the columns", async (_sign, text, options) => {
  expect(await documents(text, options)).toEqual([{ pipeline_name: "a", status: "KO, vraiment, KO" }]);
});

test("openRecordFile, CSV that two delimiters fit, asks which", async () => {
  await expect(read("a,b;c\n1,2;3\n")).rejects.toMatchObject(refusal(/--delimiter "," or --delimiter ";"/));
});

const french = "pipeline_name;status;error_message\nfacturation;Échec;accès refusé à l’entrepôt « Nord »\nété;Réussi;\n";
test.each(["utf-8", "utf-16le", "utf-16be", "windows-1252"])(
  "openRecordFile, French CSV in %s without a mark, is read",
  async (encoding) => {
    expect(await documents(iconv.encode(french, encoding))).toEqual(await documents(french));
  },
);
test.each(["utf-8", "utf-16le", "utf-16be"])("openRecordFile, NDJSON in %s with a byte order mark, is read", async (encoding) => {
  expect(await documents(iconv.encode('{"status":"Échec"}\n', encoding, { addBOM: true }))).toEqual([{ status: "Échec" }]);
});

test.each(["Échec", "réf", "Réussi", "à refaire", "déjà vu: 3 €", "Größe", "año", "não", "“quoted” – dash"])(
  "openRecordFile, %j in Windows-1252 alone, is taken for that",
  async (word) => {
    expect(await documents(iconv.encode(`{"status":"${word.replaceAll('"', "")}"}\n`, "windows-1252"))).toEqual([{ status: word }]);
  },
);

test.each([
  ["cp850", "Échec: accès refusé, réessayé"],
  ["macintosh", "Échec: accès refusé, réessayé"],
  ["windows-1251", "ошибка доступа к базе данных"],
  ["koi8-r", "ошибка доступа к базе данных"],
  ["shift_jis", "注文の処理に失敗しました"],
  ["gb18030", "订单处理失败了，请重试"],
  ["windows-1250", "chyba přístupu k databázi, žádost"],
])("openRecordFile, text in %s, is refused with what to type, and read when told", async (encoding, text) => {
  const bytes = iconv.encode(`{"status":"${text}"}\n`, encoding);
  await expect(read(bytes)).rejects.toMatchObject(refusal(/--encoding /));
  expect(await documents(bytes, { encoding })).toEqual([{ status: text }]);
});

test("openRecordFile, Windows-1252 beyond the first megabyte of ASCII, is seen", async () => {
  const text = `${'{"status":"OK"}\n'.repeat(80_000)}{"status":"Échec"}\n`;
  expect((await documents(iconv.encode(text, "windows-1252"))).at(-1)).toEqual({ status: "Échec" });
});

test("openRecordFile, UTF-8 with a few lines of Windows-1252, is refused as doubtful", async () => {
  const mixed = Buffer.concat([Buffer.from('{"status":"Échec réussi"}\n'.repeat(5)), iconv.encode('{"status":"Échec"}\n', "windows-1252")]);
  await expect(read(mixed)).rejects.toMatchObject(refusal(/--encoding/));
});

test("openRecordFile, an encoding nobody knows, is invalid input", async () => {
  await expect(read('{"a":1}', { encoding: "klingon" })).rejects.toMatchObject(refusal(/--encoding klingon: unknown/));
});

test("openRecordFile, packed by gzip in several members, is read whatever its name", async () => {
  expect(await documents(Buffer.concat([gzipSync('{"_id":1}\n'), gzipSync('{"_id":2}\n')]))).toEqual([{ _id: 1 }, { _id: 2 }]);
  await expect(read(gzipSync('{"_id":1}\n'.repeat(10_000)).subarray(0, 60))).rejects.toMatchObject(refusal(/cut off/));
});

test.each<[string, Buffer | string, RegExp]>([
  ["nothing", "", /empty/],
  ["blank lines", " \n\r\n\t\n", /empty/],
  ["a byte order mark alone", "\uFEFF", /empty/],
  ["a packed nothing", gzipSync(""), /empty/],
  ["Parquet", "PAR1\u0015\u0004", /Parquet/],
  ["a workbook", "PK\u0003\u0004....[Content_Types].xml", /workbook/],
  ["a zip archive", "PK\u0003\u0004....runs.csv", /zip archive/],
  ["a PDF", "%PDF-1.7\n", /PDF/],
  ["a login page", "\n<!DOCTYPE html><html><title>Login</title>", /login page/],
  ["XML", "<?xml version='1.0'?><runs/>", /XML/],
  ["bytes that are no text", Buffer.from([1, 0, 2, 0, 0, 0, 7, 200]), /NUL/],
])("openRecordFile, %s, says what it is", async (_kind, content, message) => {
  await expect(read(content)).rejects.toMatchObject(refusal(message));
});

test("openRecordFile, no file and a folder, are named with the reason", async () => {
  const options = { timePaths, knownPaths: [] };
  await expect(openRecordFile(join(dir, "nowhere.ndjson"), options, signal)).rejects.toMatchObject(refusal(/nowhere\.ndjson.*ENOENT/));
  await expect(openRecordFile(dir, options, signal)).rejects.toMatchObject(refusal(/a folder/));
});
