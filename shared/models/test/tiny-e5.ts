import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { OnnxGraph } from "./onnx-graph.js";

/** A BERT as small as is worth calling one, with E5's positions and tokenizer. */
export const tinyShape = { layers: 2, hidden: 32, heads: 2, intermediate: 64, positions: 512 };
export type BertShape = typeof tinyShape;

const specials = ["<s>", "<pad>", "</s>", "<unk>"];
const words =
  "passage: query: le pipeline orders daily stock export a échoué hier cette nuit failed yesterday connection refused timeout memory disk full " +
  "spark talend dbt error erreur code exit killed host relation does not exist executor lost retry after réussi succeeded dans pour la base";
const characters = "abcdefghijklmnopqrstuvwxyzéèàç0123456789:-_.";
const vocabulary = [...specials, "▁", ...characters, ...words.split(" ").map((word) => `▁${word}`)];

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
    ["tokenizer.json", json(tokenizer)],
    ["onnx/model.onnx", bert(shape, { quantised: false })],
    ["onnx/model_quantized.onnx", bert(shape, { quantised: true })],
  ]);
}

export async function writeTinyE5(folder: string, files = tinyE5Files()): Promise<void> {
  for (const [name, content] of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

const bertConfig = (shape: BertShape) => ({
  architectures: ["BertModel"],
  model_type: "bert",
  hidden_size: shape.hidden,
  num_hidden_layers: shape.layers,
  num_attention_heads: shape.heads,
  intermediate_size: shape.intermediate,
  max_position_embeddings: shape.positions,
  vocab_size: vocabulary.length,
  type_vocab_size: 2,
  pad_token_id: 1,
});

const tokenizerConfig = {
  tokenizer_class: "XLMRobertaTokenizer",
  bos_token: "<s>",
  cls_token: "<s>",
  eos_token: "</s>",
  sep_token: "</s>",
  pad_token: "<pad>",
  unk_token: "<unk>",
  model_max_length: 512,
};

const metaspace = { type: "Metaspace", replacement: "▁", add_prefix_space: true };
const special = (content: string, id: number) => ({
  id,
  content,
  special: true,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
});

const tokenizer = {
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: specials.map(special),
  normalizer: { type: "NFKC" },
  pre_tokenizer: { type: "Sequence", pretokenizers: [{ type: "WhitespaceSplit" }, metaspace] },
  post_processor: {
    type: "TemplateProcessing",
    single: [
      { SpecialToken: { id: "<s>", type_id: 0 } },
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "</s>", type_id: 0 } },
    ],
    pair: [],
    special_tokens: { "<s>": { id: "<s>", ids: [0], tokens: ["<s>"] }, "</s>": { id: "</s>", ids: [2], tokens: ["</s>"] } },
  },
  decoder: metaspace,
  // A whole word is likelier than its letters.
  model: {
    type: "Unigram",
    unk_id: 3,
    vocab: vocabulary.map((piece) => [piece, specials.includes(piece) ? 0 : piece.length > 2 ? -4 : -12]),
  },
};

/** BERT as PyTorch exports it; `quantised` as onnxruntime's dynamic int8 quantisation rewrites its products. */
function bert({ layers, hidden, heads, intermediate, positions }: BertShape, { quantised }: { quantised: boolean }): Uint8Array {
  const graph = new OnnxGraph();
  const random = gaussian();
  const floats = (shape: readonly number[], make: () => number) =>
    graph.constant("float32", shape, Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, make));
  const bias = (size: number) => floats([size], () => random() * 0.02);
  const layerNorm = (x: string) =>
    graph.node("LayerNormalization", [x, floats([hidden], () => 1 + random() * 0.02), bias(hidden)], {
      axis: -1,
      epsilon: { float: 1e-12 },
    });

  const product = (x: string, from: number, to: number): string => {
    const weights = Float32Array.from({ length: from * to }, () => random() * (1.2 / Math.sqrt(from)));
    if (!quantised) return graph.node("MatMul", [x, graph.constant("float32", [from, to], weights)]);
    const scale = weights.reduce((largest, weight) => Math.max(largest, Math.abs(weight)), 0) / 127;
    const int8 = graph.constant(
      "int8",
      [from, to],
      Int8Array.from(weights, (weight) => Math.round(weight / scale)),
    );
    const [xQuantised, xScale, xZero] = graph.nodes("DynamicQuantizeLinear", [x], 3);
    const sums = graph.node("MatMulInteger", [xQuantised!, int8, xZero!, graph.constant("int8", [], Int8Array.of(0))]);
    return graph.node("Mul", [graph.node("Cast", [sums], { to: 1 }), graph.node("Mul", [xScale!, graph.scalar(scale)])]);
  };
  const linear = (x: string, from: number, to: number) => graph.node("Add", [product(x, from, to), bias(to)]);

  const [ids, mask, types] = ["input_ids", "attention_mask", "token_type_ids"].map((name) =>
    graph.input(name, "int64", ["batch", "tokens"]),
  ) as [string, string, string];
  const width = graph.node("Gather", [graph.node("Shape", [ids]), graph.integers([], 1)], { axis: 0 });
  const places = graph.node("Range", [graph.integers([], 0), width, graph.integers([], 1)]);
  const table = (rows: number, index: string) => graph.node("Gather", [floats([rows, hidden], () => random() * 0.5), index], { axis: 0 });
  const wordsAndTypes = graph.node("Add", [table(vocabulary.length, ids), table(2, types)]);
  let x = layerNorm(graph.node("Add", [wordsAndTypes, table(positions, places)]));

  const visible = graph.node("Cast", [graph.node("Unsqueeze", [mask, graph.integers([2], 1, 2)])], { to: 1 });
  const penalty = graph.node("Mul", [graph.node("Sub", [graph.scalar(1), visible]), graph.scalar(-3.4028234663852886e38)]);
  const perHead = graph.integers([4], 0, 0, heads, hidden / heads);
  const together = graph.integers([3], 0, 0, hidden);
  const split = (value: string, perm: number[]) => graph.node("Transpose", [graph.node("Reshape", [value, perHead])], { perm });

  for (let layer = 0; layer < layers; layer += 1) {
    const query = split(linear(x, hidden, hidden), [0, 2, 1, 3]);
    const key = split(linear(x, hidden, hidden), [0, 2, 3, 1]);
    const value = split(linear(x, hidden, hidden), [0, 2, 1, 3]);
    const scores = graph.node("Div", [graph.node("MatMul", [query, key]), graph.scalar(Math.sqrt(hidden / heads))]);
    const attention = graph.node("Softmax", [graph.node("Add", [scores, penalty])], { axis: -1 });
    const mixed = graph.node("Transpose", [graph.node("MatMul", [attention, value])], { perm: [0, 2, 1, 3] });
    x = layerNorm(graph.node("Add", [linear(graph.node("Reshape", [mixed, together]), hidden, hidden), x]));
    const wide = linear(x, hidden, intermediate);
    const erf = graph.node("Erf", [graph.node("Div", [wide, graph.scalar(Math.SQRT2)])]);
    const gelu = graph.node("Mul", [graph.node("Mul", [wide, graph.node("Add", [erf, graph.scalar(1)])]), graph.scalar(0.5)]);
    x = layerNorm(graph.node("Add", [linear(gelu, intermediate, hidden), x]));
  }
  return graph.encode({ name: "last_hidden_state", value: x, shape: ["batch", "tokens", hidden] });
}

/** Sums of four uniform numbers from a linear congruential generator: near enough to a normal distribution, and always the same. */
function gaussian(): () => number {
  let state = 12_345;
  const uniform = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  return () => (uniform() + uniform() + uniform() + uniform() - 2) * 1.73;
}
