import { OnnxGraph } from "./onnx-graph.js";

/** What the size and speed of a BERT depend on. */
export interface BertShape {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly intermediate: number;
  readonly positions: number;
  readonly vocabulary: number;
}

/**
 * BERT with random weights, as PyTorch exports it; `quantised` as onnxruntime's dynamic int8 quantisation rewrites its products, and with
 * `unsigned` as it does for weights of uint8.
 */
export function bertGraph(shape: BertShape, { quantised, unsigned = false }: { quantised: boolean; unsigned?: boolean }): Uint8Array {
  const { layers, hidden, heads, intermediate, positions, vocabulary } = shape;
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

  /** Dynamic quantisation of an activation is shared by all products that take it. */
  const quantisedInputs = new Map<string, string[]>();
  const quantise = (x: string): string[] => {
    const known = quantisedInputs.get(x) ?? graph.nodes("DynamicQuantizeLinear", [x], 3);
    quantisedInputs.set(x, known);
    return known;
  };
  const product = (x: string, from: number, to: number): string => {
    const weights = Float32Array.from({ length: from * to }, () => random() * (1.2 / Math.sqrt(from)));
    if (!quantised) return graph.node("MatMul", [x, graph.constant("float32", [from, to], weights)]);
    const scale = weights.reduce((largest, weight) => Math.max(largest, Math.abs(weight)), 0) / 127;
    const signed = Int8Array.from(weights, (weight) => Math.round(weight / scale));
    const [int8, zero] = unsigned
      ? [
          graph.constant(
            "uint8",
            [from, to],
            Uint8Array.from(signed, (value) => value + 128),
          ),
          graph.constant("uint8", [], Uint8Array.of(128)),
        ]
      : [graph.constant("int8", [from, to], signed), graph.constant("int8", [], Int8Array.of(0))];
    const [xQuantised, xScale, xZero] = quantise(x);
    const sums = graph.node("MatMulInteger", [xQuantised!, int8, xZero!, zero]);
    return graph.node("Mul", [graph.node("Cast", [sums], { to: 1 }), graph.node("Mul", [xScale!, graph.scalar(scale)])]);
  };
  const linear = (x: string, from: number, to: number) => graph.node("Add", [product(x, from, to), bias(to)]);

  const [ids, mask, types] = ["input_ids", "attention_mask", "token_type_ids"].map((name) =>
    graph.input(name, "int64", ["batch", "tokens"]),
  ) as [string, string, string];
  const width = graph.node("Gather", [graph.node("Shape", [ids]), graph.integers([], 1)], { axis: 0 });
  const places = graph.node("Range", [graph.integers([], 0), width, graph.integers([], 1)]);
  const table = (rows: number, index: string) => graph.node("Gather", [floats([rows, hidden], () => random() * 0.5), index], { axis: 0 });
  const quantisedTable = (rows: number, index: string) => {
    const values = graph.constant(
      "uint8",
      [rows, hidden],
      Uint8Array.from({ length: rows * hidden }, () => Math.max(0, Math.min(255, Math.round(random() * 32 + 128)))),
    );
    const zero = graph.constant("uint8", [], Uint8Array.of(128));
    return graph.node("DequantizeLinear", [graph.node("Gather", [values, index], { axis: 0 }), graph.scalar(0.5 / 32), zero]);
  };
  const words = quantised ? quantisedTable(vocabulary, ids) : table(vocabulary, ids);
  const wordsAndTypes = graph.node("Add", [words, table(2, types)]);
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
