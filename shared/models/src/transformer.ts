import { AppError } from "@flow-rag/kernel";
import type { EmbedderConfig } from "./embedder.js";

/** A loaded model. */
export interface Transformer {
  /** Token ids of a text, special tokens included. */
  tokenize(text: string): number[];
  /**
   * The mean of the last hidden states over each text's own tokens, not normalised: one vector per row, in order.
   * Holds the event loop while it computes: onnxruntime-node runs on the calling thread.
   */
  run(rows: readonly (readonly number[])[]): Promise<Float64Array[]>;
  dispose(): Promise<void>;
}

/**
 * Loads tokenizer and weights from a folder; the network is never touched.
 * @throws AppError `misconfigured` when they do not load.
 */
export async function loadTransformer(folder: string, options: { dtype: EmbedderConfig["dtype"]; threads: number }): Promise<Transformer> {
  // Imported here: it loads onnxruntime and sharp, which who embeds lexically need not carry.
  const { AutoModel, AutoTokenizer, Tensor, env } = await import("@huggingface/transformers");
  env.allowRemoteModels = false; // a second lock beside local_files_only, for whatever the library may come to look up
  const session_options = {
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    extra: {
      session: {
        // Masked attention scores make denormals, on which the processor is several times slower.
        set_denormal_as_zero: "1",
        // Threads that spin while they wait are 10 % faster alone and 40 % slower as soon as anything else wants their core (measured).
        intra_op: { allow_spinning: "0" },
      },
    },
  };
  try {
    const tokenizer = await AutoTokenizer.from_pretrained(folder, { local_files_only: true });
    const model = await AutoModel.from_pretrained(folder, { local_files_only: true, dtype: options.dtype, device: "cpu", session_options });
    const padding = BigInt(tokenizer.pad_token_id ?? 0);
    return {
      tokenize: (text) => tokenizer.encode(text),
      async run(rows) {
        const width = Math.max(...rows.map(({ length }) => length));
        const ids = new BigInt64Array(rows.length * width).fill(padding);
        const mask = new BigInt64Array(rows.length * width);
        for (const [row, tokens] of rows.entries()) {
          for (const [column, id] of tokens.entries()) ids[row * width + column] = BigInt(id);
          mask.fill(1n, row * width, row * width + tokens.length);
        }
        const shape = [rows.length, width];
        const inputs = { input_ids: new Tensor("int64", ids, shape), attention_mask: new Tensor("int64", mask, shape) };
        const { last_hidden_state: states } = (await model(inputs)) as { last_hidden_state: InstanceType<typeof Tensor> };
        try {
          const size = states.dims[2] ?? 0;
          return rows.map((tokens, row) => mean(states.data as Float32Array, { from: row * width * size, count: tokens.length, size }));
        } finally {
          for (const tensor of [states, ...Object.values(inputs)]) tensor.dispose();
        }
      },
      async dispose() {
        await model.dispose();
      },
    };
  } catch (error) {
    const [reason] = AppError.from(error).message.split("\n");
    const remedy = "Delete the folder so that it is downloaded again, or set EMBEDDER=lexical.";
    throw new AppError("misconfigured", `The embedding model in ${folder} does not load (${reason}). ${remedy}`, { cause: error });
  }
}

/** The mean of `count` vectors of `size` numbers that follow each other in `values`, beginning at `from`. */
function mean(values: Float32Array, { from, count, size }: { from: number; count: number; size: number }): Float64Array {
  const sum = new Float64Array(size);
  for (let token = 0; token < count; token += 1)
    for (let axis = 0; axis < size; axis += 1) sum[axis]! += values[from + token * size + axis]!;
  return sum.map((value) => value / count);
}
