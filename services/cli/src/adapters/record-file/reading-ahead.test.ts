import { readCsvRows } from "./csv-rows.js";
import { readJsonValues } from "./json-values.js";
import { splitLines } from "./text-lines.js";

/** An endless text in chunks, which counts how many of them were asked for. */
function endless(begin: string, repeated: string) {
  const counter = { chunks: 0 };
  async function* chunks() {
    yield begin;
    for (;;) {
      counter.chunks += 1;
      yield repeated.repeat(100);
    }
  }
  return { counter, chunks };
}
async function take(count: number, values: AsyncGenerator<unknown>): Promise<number> {
  let taken = 0;
  for await (const _value of values) {
    taken += 1;
    if (taken === count) break;
  }
  return taken;
}

const options = { file: "f", paths: ["$.runs.*"] };
test.each<[string, string, string, (chunks: AsyncIterable<string>) => AsyncGenerator<unknown>]>([
  ["a list in a wrapper", '{"runs":[{"a":0}', ',{"a":"xxxxxxxxxxxxxxxxxxxx"}', (chunks) => readJsonValues(chunks, options)],
  ["lines", "", '{"a":"xxxxxxxxxxxxxxxxxxxx"}\n', (chunks) => splitLines(chunks, 1_000)],
  ["CSV", "a,b\n", '1,"x, y"\n', (chunks) => readCsvRows(chunks, "f", { delimiter: ",", columns: ["a", "b"], skippedLines: 0 })],
])("import, %s without an end, takes in what its records need and little more", async (_layout, begin, repeated, read) => {
  const { counter, chunks } = endless(begin, repeated);
  expect(await take(5_000, read(chunks()))).toBe(5_000);
  expect(counter.chunks).toBeLessThan(250); // 50 chunks hold them; streams have some in hand
});

test("splitLines, a line without an end, holds no more than allowed and goes on behind it", async () => {
  async function* chunks() {
    for (let index = 0; index < 1_000; index += 1) yield "x".repeat(10_000);
    yield "\nnext\r\n";
  }
  const found = [];
  for await (const { line, text, cut } of splitLines(chunks(), 5_000)) found.push([line, text.length, cut]);
  expect(found).toEqual([
    [1, 5_000, true],
    [2, 4, false],
  ]);
});

test("readJsonValues, one value without an end, is given up within a bound", async () => {
  const { counter, chunks } = endless('{"runs":[{"a":[1', ",1".repeat(50));
  await expect(readJsonValues(chunks(), { ...options, maxBytes: 1_000_000 }).next()).rejects.toMatchObject({
    kind: "invalid_input",
    message: expect.stringContaining("larger than MongoDB takes") as string,
  });
  expect(counter.chunks * 10_000).toBeLessThan(1_020_000);
});
