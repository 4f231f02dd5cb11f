import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, rename, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { bertGraph, type BertShape } from "../test/bert-graph.js";
import { bertConfig, specials, tokenizerConfig, tokenizerFile, type Piece } from "../test/e5-configuration.js";

/** multilingual-e5-small's shape. Source: its config.json. */
const shape: BertShape = { layers: 12, hidden: 384, heads: 12, intermediate: 1536, positions: 512, vocabulary: 250_037 };
/** Change it with the shape or the generator: a folder of that name is taken as it is. */
const version = 1;

/**
 * A folder with a model of exactly e5-small's shape and random weights, in q8 and fp32, with a tokenizer of as many pieces; made on first
 * use under the temporary folder (about 600 MB, half a minute). Speed and memory carry over from it to the real one, meaning does not.
 * A process of its own makes it, whose 2 GB are not taken for those of what is measured.
 */
export async function e5ShapedModel(say: (line: string) => void): Promise<string> {
  const folder = join(tmpdir(), `flow-rag-bench-e5-shape-${version}`);
  if (await stat(join(folder, "onnx/model.onnx")).catch(() => undefined)) return folder; // written last
  say(`making a model in ${folder}`);
  const maker = fork(new URL("make-e5-shape.ts", import.meta.url), [folder], { execArgv: process.execArgv });
  const [code] = (await once(maker, "exit")) as [number | null];
  if (code !== 0) throw new Error("the model could not be made");
  return folder;
}

/** Writes what is missing of it. */
export async function makeE5Shape(folder: string): Promise<void> {
  const files: readonly (readonly [string, () => Uint8Array | string])[] = [
    ["config.json", () => JSON.stringify(bertConfig(shape))],
    ["tokenizer_config.json", () => JSON.stringify(tokenizerConfig)],
    ["tokenizer.json", () => JSON.stringify(tokenizerFile(pieces()))],
    ["onnx/model_quantized.onnx", () => bertGraph(shape, { quantised: true })],
    ["onnx/model.onnx", () => bertGraph(shape, { quantised: false })],
  ];
  for (const [name, make] of files) {
    const path = join(folder, name);
    if (await stat(path).catch(() => undefined)) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.part`, make());
    await rename(`${path}.part`, path);
  }
}

/** Letters, the words below and made-up words, likelier the earlier they come. */
function pieces(): Piece[] {
  const random = uniform(9);
  const known = new Set<string>(specials);
  for (const letter of "▁abcdefghijklmnopqrstuvwxyz0123456789:_-./,'éèàùêç·()") known.add(letter);
  for (const word of words.split(" ")) known.add(`▁${word}`);
  const letters = "etaoinsrhldcumfpgwybvkxjqz";
  while (known.size < shape.vocabulary) {
    let piece = random() < 0.5 ? "▁" : "";
    for (let length = 2 + Math.floor(random() * 6); length > 0; length -= 1) piece += letters[Math.floor(random() * random() * 26)];
    known.add(piece);
  }
  return [...known].map((piece, rank): Piece => [piece, rank < specials.length ? 0 : -3 - (9 * Math.log(rank)) / 12 - random()]);
}

const words =
  "pipeline spark airflow kafka talend status failed success error timeout connection refused while reading table relation does not exist retries host net after échec mémoire base";

/**
 * Texts of 30 to 150 tokens, log-normal around 62, no two alike. Lengths are about right: a word is one to two tokens.
 */
export function recordTexts(count: number, seed = 7): string[] {
  const random = uniform(seed);
  const vocabulary = words.split(" ");
  return Array.from({ length: count }, (_, position) => {
    const normal = Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
    const tokens = Math.max(30, Math.min(150, Math.round(62 * Math.exp(0.38 * normal))));
    const text = [`pipeline-${seed}-${position}`];
    for (let length = 12; length < tokens; length += 1) text.push(vocabulary[Math.floor(random() * vocabulary.length)]!);
    return text.join(" ");
  });
}

/** Mulberry32: the same numbers for the same seed. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
