import { recordsEmbed, maxBatchRecords, type DeadLetter } from "@flow-rag/contracts";
import { createDeadLetterStore, createImportNotes, createSourceHealthStore, openMongo, type DeadLetterStore } from "@flow-rag/stores";
import { setTimeout as sleep } from "node:timers/promises";
import { openJobQueue } from "../adapters/job-queue.js";
import { openAddresses, type CommandContext } from "../deps.js";
import { describeRefused } from "./status.js";
import { watchBatches } from "../domain/watch-batches.js";

/** Which dead letters are meant; what is left out does not restrict. `reason` is a part of the reason's text. */
export type LetterFlags = { ids?: readonly string[]; stage?: DeadLetter["stage"]; reason?: string; json?: true };

const listed = 1_000;
const pollMs = 200;

/** `flow-rag dead-letters list`; without a filter also what imports refused. */
export async function listLetters(context: CommandContext, flags: LetterFlags): Promise<void> {
  const { terminal } = context;
  const { letters, refused } = await select(context, flags);
  if (flags.json) for (const letter of letters) terminal.result(JSON.stringify(letter));
  else
    for (const { recordId, stage, attempts, reason } of letters) terminal.result(`${recordId} (${stage}, ${attempts} attempts): ${reason}`);
  for (const line of flags.json ? refused.map((one) => JSON.stringify(one)) : refused.flatMap(describeRefused)) terminal.result(line);
  const rows = refused.reduce((sum, one) => sum + one.rows, 0);
  const notInSource = rows > 0 ? `, ${rows} refused by imports: mend the file and import it again` : "";
  terminal.say(`${letters.length} set aside${letters.length === listed ? " or more" : ""}${notInSource}`);
}

/** `flow-rag dead-letters retry`: tried again as they are in the source now. False when one is set aside again. */
export async function retryLetters(context: CommandContext, flags: LetterFlags): Promise<boolean> {
  const { config, terminal, signal } = context;
  const { letters, addresses } = await select(context, flags);
  const jobs = await openJobQueue(context, addresses);
  const batches: string[] = [];
  for (let start = 0; start < letters.length; start += maxBatchRecords) {
    const records = letters.slice(start, start + maxBatchRecords).map(({ recordId, contentHash }) => ({ recordId, contentHash }));
    batches.push(await jobs.send(recordsEmbed, { source: config.source.name, records, force: true }));
  }
  const deps = { jobs, pause: () => sleep(pollMs, undefined, { signal }) };
  const totals = await watchBatches(deps, batches, signal, () => {});
  if (flags.json) terminal.result(JSON.stringify(totals));
  else
    terminal.result(
      `${letters.length} tried: ${totals.indexed} indexed, ${totals.removed} gone from the source, ${totals.setAside} set aside again`,
    );
  return totals.setAside + totals.failed === 0;
}

/** `flow-rag dead-letters discard`: taken off the list for as long as the record stays as it is. */
export async function discardLetters(context: CommandContext, flags: LetterFlags): Promise<void> {
  const { config, terminal } = context;
  const { letters, refused, store, notes } = await select(context, flags);
  await store.discard(letters.map(({ recordId }) => ({ source: config.source.name, recordId })));
  const rows = refused.length > 0 ? await notes.forgetRefused(config.source.name) : 0;
  if (rows > 0) terminal.say(`${rows} rows refused by imports are no longer told`);
  terminal.result(
    flags.json
      ? JSON.stringify({ discarded: letters.length })
      : `${letters.length} discarded: they are looked at again when the record changes`,
  );
}

async function select(context: CommandContext, { ids, stage, reason }: LetterFlags) {
  const { config, lifecycle, signal } = context;
  const addresses = await openAddresses(context, ["redis", "mongo", "chroma"]);
  const state = lifecycle.own("state", await openMongo(addresses.stateUri, "STATE_MONGO_URI"), (connection) => connection.close());
  const store: DeadLetterStore = createDeadLetterStore(state.db(config.state.db));
  const filter = { ...(ids && { ids }), ...(stage && { stage }), ...(reason !== undefined && { reason }) };
  const stateDb = state.db(config.state.db);
  const all = Object.keys(filter).length === 0;
  const { refused } = await createSourceHealthStore(stateDb).read(config.source.name, signal);
  const letters = await store.list(config.source.name, listed, signal, filter);
  return { addresses, store, letters, refused: all ? refused : [], notes: createImportNotes(stateDb) };
}
