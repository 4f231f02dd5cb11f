import { createSignatureGroups, createSignatureMiner, signatureState, type SignatureState } from "@flow-rag/insights";
import { readSettings } from "@flow-rag/report";
import { createSignatureStore, openMongo, type StoredSignature } from "@flow-rag/stores";
import { spoolLines } from "../adapters/spooled-lines.js";
import { openLines } from "../adapters/text-lines.js";
import { openAddresses, type CommandContext } from "../deps.js";

// Some readers take a control character for the end of a line, and a terminal for a command.
const controls = /[\p{Cc}\u2028\u2029]/gu;

/**
 * `flow-rag signatures mine`: the shipped masks and groups, from nothing. What a line is an occurrence of may show many lines later, so all are
 * read before the first is written. A line without words has no signature.
 */
export async function mineSignatures(context: CommandContext, { file, json }: { file: string; json: boolean }): Promise<void> {
  const { lifecycle, terminal, signal } = context;
  const groups = createSignatureGroups();
  const miner = createSignatureMiner(groups);
  async function* learned(): AsyncGenerator<string> {
    for await (const text of openLines(file)) {
      const { id, template } = miner.place(text) ?? { id: null, template: "" };
      yield JSON.stringify([id, template]);
    }
  }
  const spooled = lifecycle.own("lines", await spoolLines(learned(), signal), (lines) => lines.remove());
  async function* mined(): AsyncGenerator<string> {
    for await (const line of spooled.read()) {
      const [first, own] = JSON.parse(line) as [string | null, string];
      const id = first === null ? null : groups.resolve(first);
      const template = ((first === null ? undefined : groups.templateOf(first)?.join(" ")) ?? own).replace(controls, "");
      yield json ? JSON.stringify({ signature: id, template }) : `${id ?? "-"}\t${template}`;
    }
  }
  await terminal.results(mined(), signal);
}

/** `flow-rag signatures list`: what is known of each error. Counts are of the runs as they are now, by UTC day. */
export async function listSignatures(context: CommandContext, { limit, json }: { limit: number; json: boolean }): Promise<void> {
  const { config, lifecycle, terminal, signal } = context;
  const { regressedAfterDays } = await readSettings(config.report.settingsFile, config.report);
  const { stateUri } = await openAddresses(context, ["mongo"]);
  const state = lifecycle.own("state", await openMongo(stateUri, "STATE_MONGO_URI"), (connection) => connection.close());
  const store = createSignatureStore(state.db(config.state.db));
  const now = new Date();
  async function* listed(): AsyncGenerator<string> {
    for (const signature of await store.latest(limit, signal)) {
      const days = await store.countsByDay(signature.id, signal);
      const count = [...days.values()].reduce((sum, runs) => sum + runs, 0);
      const found = { ...signature, ...signatureState([...days.keys()], now, regressedAfterDays), count };
      yield json ? JSON.stringify({ ...found, countsByDay: Object.fromEntries(days) }) : describe(found);
    }
  }
  await terminal.results(listed(), signal);
}

function describe(found: StoredSignature & SignatureState & { count: number }): string {
  const { id, template, example, pipelines, techs, firstSeen, lastSeen, state, regressedOn, count } = found;
  const day = (at: Date): string => at.toISOString().slice(0, "2026-05-05".length);
  const returned = regressedOn === null ? "" : ` · came back ${regressedOn}`;
  return [
    `${id} · ${state}${returned} · ${count} runs, ${day(firstSeen)} to ${day(lastSeen)} · ${techs.join(", ")} · ${pipelines.join(", ")}`,
    `  ${template}`,
    `  e.g. ${example.split("\n")[0] ?? ""}`,
  ].join("\n");
}
