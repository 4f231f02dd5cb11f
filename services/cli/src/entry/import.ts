import { cursorPathsOf } from "@flow-rag/contracts";
import { createCursorStore, createRecordSink, openMongo } from "@flow-rag/stores";
import { readRecordFile } from "../adapters/record-file.js";
import { openAddresses, type CommandContext } from "../deps.js";

const batchSize = 1_000;
const shownProblems = 5;

/** `flow-rag import`: a file into the source collection. False when a record of the file could not be read. */
export async function importFile(context: CommandContext, { file, drop }: { file: string; drop: boolean }): Promise<boolean> {
  const { config, terminal, lifecycle, signal } = context;
  const problems: string[] = [];
  const counts = { added: 0, replaced: 0, unchanged: 0 };
  const records = readRecordFile(file);
  const first = await records.next(); // a file that cannot be read must not cost the collection its contents

  const { sourceUri, stateUri } = await openAddresses(context, ["mongo"]);
  const mongo = lifecycle.own("source", await openMongo(sourceUri, "MONGO_URI"), (connection) => connection.close());
  const state = lifecycle.own("state", await openMongo(stateUri, "STATE_MONGO_URI"), (connection) => connection.close());
  const sink = createRecordSink(mongo.db(config.source.db), {
    collection: config.source.collection,
    cursorFields: cursorPathsOf(config.source.fields),
  });
  const target = `${config.source.db}.${config.source.collection}`;
  if (drop) {
    const held = await sink.drop();
    await createCursorStore(state.db(config.state.db)).reset(config.source.name, { removalsAllowed: true, now: new Date() });
    terminal.say(`${target} emptied: it held ${held} records`);
  }
  await sink.ensureIndexes();

  let batch: Record<string, unknown>[] = [];
  const flush = async () => {
    const { added, replaced, unchanged } = await sink.put(batch);
    counts.added += added;
    counts.replaced += replaced;
    counts.unchanged += unchanged;
    batch = [];
  };
  for (let next = first; next.done !== true; next = await records.next()) {
    signal.throwIfAborted();
    if ("document" in next.value) batch.push(next.value.document);
    else problems.push(`${file}:${next.value.line}: ${next.value.reason}`);
    if (batch.length >= batchSize) await flush();
  }
  await flush();

  for (const problem of problems.slice(0, shownProblems)) terminal.say(problem);
  if (problems.length > shownProblems) terminal.say(`… and ${problems.length - shownProblems} more`);
  const { added, replaced, unchanged } = counts;
  terminal.result(`${target}: ${added} added, ${replaced} replaced, ${unchanged} unchanged, ${problems.length} not read`);
  return problems.length === 0;
}
