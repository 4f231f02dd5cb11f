import { createSignatureMiner } from "@flow-rag/insights";
import { openLines } from "../adapters/text-lines.js";
import type { CommandContext } from "../deps.js";

/** `flow-rag signatures mine`: the shipped masks and tree, from an empty tree. A line without words has no signature. */
export async function mineSignatures({ terminal, signal }: CommandContext, { file, json }: { file: string; json: boolean }): Promise<void> {
  const miner = createSignatureMiner();
  async function* mined(): AsyncGenerator<string> {
    for await (const text of openLines(file)) {
      const { id = null, template = "" } = miner.place(text) ?? {};
      yield json ? JSON.stringify({ signature: id, template }) : `${id ?? "-"}\t${template}`;
    }
  }
  await terminal.results(mined(), signal);
}
