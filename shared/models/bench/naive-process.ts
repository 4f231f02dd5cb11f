/** The way it is usually done, in a process of its own: fp32, batches of 32 in the order of arrival, onnxruntime's own settings. */
import { join } from "node:path";
import { AutoTokenizer, env } from "@huggingface/transformers";
import { InferenceSession, Tensor } from "onnxruntime-node";

const folder = process.argv[2] ?? "";
env.allowRemoteModels = false;
const tokenizer = await AutoTokenizer.from_pretrained(folder, { local_files_only: true });
const session = await InferenceSession.create(join(folder, "onnx/model.onnx"), { logSeverityLevel: 3 });

async function embed(texts: readonly string[]): Promise<{ tokens: number; padded: number }> {
  const rows = texts.map((text) => tokenizer.encode(`passage: ${text}`));
  const width = Math.max(...rows.map(({ length }) => length));
  const ids = new BigInt64Array(rows.length * width).fill(1n);
  const mask = new BigInt64Array(ids.length);
  rows.forEach((row, position) => {
    row.forEach((id, column) => (ids[position * width + column] = BigInt(id)));
    mask.fill(1n, position * width, position * width + row.length);
  });
  const tensor = (values: BigInt64Array) => new Tensor("int64", values, [rows.length, width]);
  const { last_hidden_state: states } = await session.run({
    input_ids: tensor(ids),
    attention_mask: tensor(mask),
    token_type_ids: tensor(new BigInt64Array(ids.length)),
  });
  meanOf(states!.data as Float32Array, states!.dims[2]!, rows, width);
  return { tokens: rows.reduce((sum, { length }) => sum + length, 0), padded: ids.length };
}

function meanOf(values: Float32Array, size: number, rows: readonly number[][], width: number): Float32Array[] {
  return rows.map(({ length }, row) => {
    const sum = new Float32Array(size);
    for (let token = 0; token < length; token += 1)
      for (let axis = 0; axis < size; axis += 1) sum[axis]! += values[(row * width + token) * size + axis]! / length;
    return sum;
  });
}

process.on("message", (texts: string[]) => void measure(texts));
process.send?.("ready");

async function measure(texts: readonly string[]): Promise<void> {
  await embed(texts.slice(0, 8)); // memory and caches
  const begin = performance.now();
  let tokens = 0;
  let padded = 0;
  for (let start = 0; start < texts.length; start += 32) {
    const done = await embed(texts.slice(start, start + 32));
    tokens += done.tokens;
    padded += done.padded;
  }
  process.send?.({ seconds: (performance.now() - begin) / 1_000, tokens, padded });
}
