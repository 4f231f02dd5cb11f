/** Runs an ONNX model in a process of its own: `run` of onnxruntime-node is synchronous, and several sessions in one process crash. */
import { InferenceSession, Tensor } from "onnxruntime-node";
import { answerParent } from "../answer-parent.js";
import type { SessionSetup, TokenRows } from "../child-protocol.js";
import { unsignedMatMulWeights } from "../weight-types.js";

await answerParent<SessionSetup, TokenRows, Float32Array>(async ({ weights, threads }) => {
  const session = await InferenceSession.create(weights, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    // Masked attention scores make denormals, on which the processor is several times slower. It counts on a process's first session only.
    extra: { session: { set_denormal_as_zero: "1" } },
  });
  const unsigned = await unsignedMatMulWeights(weights);
  return {
    answer: async (rows) => await meanStates(session, rows),
    ...(unsigned > 0 && { warning: `${unsigned} of its matrices are unsigned int8, which is about three times slower than signed int8` }),
  };
});

/** The mean of the last hidden states over each row's own tokens, not normalised; one vector after the other. */
async function meanStates(session: InferenceSession, { ids, lengths }: TokenRows): Promise<Float32Array> {
  const width = Math.max(...lengths);
  const shape = [lengths.length, width];
  const tokens = new BigInt64Array(lengths.length * width).fill(1n); // <pad> of XLM-RoBERTa; the mask hides it
  const mask = new BigInt64Array(tokens.length);
  let from = 0;
  for (const [row, length] of lengths.entries()) {
    for (let column = 0; column < length; column += 1) tokens[row * width + column] = BigInt(ids[from + column]!);
    mask.fill(1n, row * width, row * width + length);
    from += length;
  }
  const feeds: Record<string, Tensor> = {
    input_ids: new Tensor("int64", tokens, shape),
    attention_mask: new Tensor("int64", mask, shape),
    ...(session.inputNames.includes("token_type_ids") && { token_type_ids: new Tensor("int64", new BigInt64Array(tokens.length), shape) }),
  };
  const outputs = await session.run(feeds);
  try {
    const states = outputs["last_hidden_state"];
    if (!states) throw new Error("the model has no output last_hidden_state");
    const size = states.dims[2] ?? 0;
    const means = new Float32Array(lengths.length * size);
    for (const [row, count] of lengths.entries())
      means.set(mean(states.data as Float32Array, { from: row * width * size, count, size }), row * size);
    return means;
  } finally {
    for (const tensor of [...Object.values(feeds), ...Object.values(outputs)]) tensor.dispose();
  }
}

/** The mean of `count` vectors of `size` numbers that follow each other in `values`, beginning at `from`. */
function mean(values: Float32Array, { from, count, size }: { from: number; count: number; size: number }): Float64Array {
  const sum = new Float64Array(size);
  for (let token = 0; token < count; token += 1)
    for (let axis = 0; axis < size; axis += 1) sum[axis]! += values[from + token * size + axis]!;
  return sum.map((value) => value / count);
}
