/** Tokenises texts in a process of its own: its 250,000 pieces take 0.2 GB and a second to load, which no worker or API has to carry. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { AutoTokenizer, env } from "@huggingface/transformers";
import { answerParent } from "../answer-parent.js";
import type { TokenizerSetup, TokenRows } from "../child-protocol.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
/** Left alone, V8 lets the garbage of loading and tokenising grow to as much as the vocabulary itself, some 0.3 GB. */
const garbageBytes = 64e6;

await answerParent<TokenizerSetup, readonly string[], TokenRows>(async ({ folder, maxTokens, maxCharacters }) => {
  env.allowRemoteModels = false;
  env.useFSCache = false; // the folder is all there is
  const tokenizer = await AutoTokenizer.from_pretrained(folder, { local_files_only: true });
  /** Keeps the closing token, as Hugging Face's tokenizers do; the library's own truncation drops it. */
  const cut = (ids: number[]): number[] => (ids.length <= maxTokens ? ids : [...ids.slice(0, maxTokens - 1), ids.at(-1)!]);
  collectGarbage();
  const loaded = process.memoryUsage().heapUsed;
  return {
    answer: async (texts) => {
      if (process.memoryUsage().heapUsed > loaded + garbageBytes) collectGarbage();
      const rows = texts.map((text) => cut(tokenizer.encode(text.slice(0, maxCharacters))));
      return { ids: Int32Array.from(rows.flat()), lengths: Int32Array.from(rows, ({ length }) => length) };
    },
  };
});
