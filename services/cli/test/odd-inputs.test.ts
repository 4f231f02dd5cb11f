import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { flowRag, killRunning, type Ended } from "./command-line.js";

jest.setTimeout(120_000);

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "flow-rag-odd-"));
});
afterAll(async () => {
  killRunning();
  await rm(dir, { recursive: true });
});
/** Runs a command that needs no services on a file of this content. */
async function on(command: readonly string[], content: string | Buffer): Promise<Ended> {
  await writeFile(join(dir, "input"), content);
  return await flowRag([...command, "input"], { PATH: process.env["PATH"] }, { cwd: dir });
}
const linesOf = ({ stdout }: Ended): string[] => stdout.split("\n").slice(0, -1);
const rowsOf = (ended: Ended) =>
  linesOf(ended).map((line) => JSON.parse(line) as { timestamp: string; value: number | null; score: number });

test.each<[string, string | Buffer, [timestamp: string, value: number | null][]]>([
  [
    "a byte order mark, other names and CRLF",
    "\ufeffTime,cpu\r\n10:00,1\r\n10:01,-2\r\n",
    [
      ["10:00", 1],
      ["10:01", -2],
    ],
  ],
  [
    "semicolons and the columns swapped",
    "value;timestamp\n1;a\n2;b\n",
    [
      ["a", 1],
      ["b", 2],
    ],
  ],
  [
    "no header, gaps and a repeated instant",
    "1700000060,\n1700000000,4\n1700000000,4\n",
    [
      ["1700000060", null],
      ["1700000000", 4],
      ["1700000000", 4],
    ],
  ],
  ["quotes, commas and line ends in fields", 'timestamp,value\n"a, ""b""\nc",1\n', [['a, "b"\nc', 1]]],
  ["a quote within a field", 'timestamp,value\na"b,1\n', [['a"b', 1]]],
  [
    "what is no number",
    "t,v\n1,NaN\n2,inf\n3,x\n4\n5,6,7\n",
    [
      ["1", null],
      ["2", null],
      ["3", null],
      ["4", null],
      ["5", 6],
    ],
  ],
  [
    "one column",
    "1\n2\n",
    [
      ["1", 1],
      ["2", 2],
    ],
  ],
  ["nothing", "", []],
])("flow-rag series, %s, is one row out for each row in", async (_situation, content, rows) => {
  const ended = await on(["series", "--json"], content);
  expect([ended.code, rowsOf(ended)]).toEqual([0, rows.map(([timestamp, value]) => ({ timestamp, value, score: 0 }))]);
});

test("flow-rag series, a constant and numbers at the ends of their range, scores from 0 to 1", async () => {
  const values = [...Array<string>(100).fill("7"), ...Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? "1e308" : "-1e308"))];
  const ended = await on(["series", "--json"], values.map((value, index) => `${index},${value}\n`).join(""));
  const scores = rowsOf(ended).map(({ score }) => score);
  expect([ended.code, scores.length, scores.every((score) => score >= 0 && score <= 1), scores[100]! > 0.5]).toEqual([0, 200, true, true]);
});

test("flow-rag series, CSV with such fields, is read back as it was written", async () => {
  const { stdout } = await on(["series"], 'timestamp,value\n"a, ""b""",1\n');
  expect(stdout).toBe('timestamp,value,score\n"a, ""b""",1,0\n');
});

test("flow-rag series, another encoding, says what is wanted", async () => {
  const { stderr } = await on(["series"], Buffer.from("timestamp,value\n1,2\n", "utf16le"));
  expect(stderr).toContain("no row has a number");
});

test("flow-rag series, a quote that is never closed, is wrong usage", async () => {
  const { code, stderr } = await on(["series"], 'timestamp,value\n"open,1\n2,3\n');
  expect([code, stderr]).toEqual([2, expect.stringContaining("not CSV")]);
});

test("flow-rag signatures mine, blank and long lines, CRLF and control characters, is one line out for each line in", async () => {
  const content = [
    "disk /dev/sda1 full",
    "",
    "  ",
    `${"x".repeat(1_000_000)}`,
    "1 ".repeat(300_000),
    "a\u0000\u001b[31m\u0085\u2028b\rc",
    "end",
  ].join("\r\n");
  const plain = await on(["signatures", "mine"], content);
  expect([plain.code, linesOf(plain).length]).toEqual([0, 7]);
  expect(plain.stdout).not.toMatch(/(?![\t\n])[\p{Cc}\u2028\u2029]/u);
  const signatures = linesOf(await on(["signatures", "mine", "--json"], content)).map(
    (line) => (JSON.parse(line) as { signature: string | null }).signature,
  );
  expect(signatures.map((signature) => signature !== null)).toEqual([true, false, false, true, true, true, true]);
});

test("flow-rag signatures mine, bytes that are no text, is one line out for each line in", async () => {
  const content = Buffer.from(Array.from({ length: 50_000 }, (_, index) => (index * 7_919) % 251));
  const ended = await on(["signatures", "mine"], content);
  expect([ended.code, linesOf(ended).length]).toEqual([0, content.filter((byte) => byte === 10).length + 1]);
});

test.each([[["series"]], [["signatures", "mine"]]])("flow-rag %j, a file that cannot be read, is wrong usage", async (command) => {
  const { code, stdout, stderr } = await flowRag([...command, "nowhere"], { PATH: process.env["PATH"] }, { cwd: dir });
  expect([code, stdout, stderr]).toEqual([2, "", expect.stringContaining("ENOENT")]);
});
