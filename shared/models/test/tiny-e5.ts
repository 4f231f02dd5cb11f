import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { bertGraph, type BertShape } from "./bert-graph.js";
import { bertConfig, specials, tokenizerConfig, tokenizerFile, type Piece } from "./e5-configuration.js";

const words =
  "passage: query: le pipeline orders daily stock export a échoué hier cette nuit failed yesterday connection refused timeout memory disk full " +
  "spark talend dbt error erreur code exit killed host relation does not exist executor lost retry after réussi succeeded dans pour la base";
const characters = "abcdefghijklmnopqrstuvwxyzéèàç0123456789:-_.";
const vocabulary = [...specials, "▁", ...characters, ...words.split(" ").map((word) => `▁${word}`)];

// A whole word is likelier than its letters.
const pieces: Piece[] = vocabulary.map((piece) => [piece, specials.includes(piece) ? 0 : piece.length > 2 ? -4 : -12]);

/** A BERT as small as is worth calling one, with E5's positions and tokenizer. */
export const tinyShape: BertShape = { layers: 2, hidden: 32, heads: 2, intermediate: 64, positions: 512, vocabulary: vocabulary.length };

/** The id of a whole word of the vocabulary: the tokenizer gives this one token for it. */
function wordId(word: string): number {
  const id = vocabulary.indexOf(`▁${word}`);
  if (id < 0) throw new Error(`"${word}" is not in the test vocabulary`);
  return id;
}

/** Token ids by hand: `<s>`, one per word, `</s>`. The words must be in the vocabulary. */
export const tokenIds = (text: string): number[] => [0, ...text.split(" ").map(wordId), 2];

/** Name to content of a model with random weights, in the layout of transformers.js: the same bytes every time. */
export function tinyE5Files(shape: BertShape = tinyShape): Map<string, Uint8Array> {
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  return new Map([
    ["config.json", json(bertConfig(shape))],
    ["tokenizer_config.json", json(tokenizerConfig)],
    ["tokenizer.json", json(tokenizerFile(pieces))],
    ["onnx/model.onnx", bertGraph(shape, { quantised: false })],
    ["onnx/model_quantized.onnx", bertGraph(shape, { quantised: true })],
  ]);
}

export async function writeTinyE5(folder: string, files = tinyE5Files()): Promise<void> {
  for (const [name, content] of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}
