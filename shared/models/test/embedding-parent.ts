/** Embeds without end and tells its parent the ids of its processes, so that a test can kill it in mid-list. */
import { createLogger } from "@flow-rag/kernel";
import { createE5Embedder } from "../src/e5-embedder.js";
import { locateModel } from "../src/model-files.js";

const model = process.argv[2] ?? "";
const files = locateModel({ model, modelDir: "unused", dtype: "q8" });
const embedder = await createE5Embedder(files, { dtype: "q8", processes: 2, log: createLogger("test", "silent") });
await embedder.warmUp();
const work = embedder.embedPassages(
  Array.from({ length: 100_000 }, (_, i) => `disk full ${i}`),
  new AbortController().signal,
);
process.send?.(embedder.processes().map(({ pid }) => pid));
await work;
