import { cursorPathsOf } from "@flow-rag/contracts";
import { reportWrite } from "@flow-rag/contracts";
import { AppError, DateTime, freePort } from "@flow-rag/kernel";
import { createRecordSink, dropCollection, listCollections, openMongo } from "@flow-rag/stores";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { openAddresses, type Addresses, type CommandContext } from "../deps.js";
import { openJobQueue } from "../adapters/job-queue.js";
import { generateSample } from "../domain/generate-sample.js";
import { waitForJob } from "../domain/wait-for-job.js";
import { importFile } from "./import.js";
import { describe, requestIngestion } from "./ingest.js";
import { lastFullHour, toDocument } from "./sample.js";
import { readStatus } from "./status.js";
import { startServices } from "./up.js";

const questions = ["Quelles technos ont échoué hier ?", "How many failures in the last 7 days?", "espace disque insuffisant"];
const pollMs = 200;
const sample = { days: 14, pipelines: 40, seed: 1 };

/**
 * `flow-rag demo`: from nothing to an answer, with the real services and data of its own. False when the counts of source, runs
 * and index differ at the end, or a question is not answered.
 */
export async function demo(context: CommandContext, { data, exit }: { data: string | undefined; exit: boolean }): Promise<boolean> {
  const { terminal, signal } = context;
  const { bold, green, red, dim } = terminal.colors;
  terminal.say(bold("1. Local services"));
  terminal.say(dim("   starting Redis, a MongoDB store and Chroma; the first time, what is missing is installed"));
  const addresses = await openAddresses(context, ["redis", "mongo", "chroma"], { announced: true });
  terminal.say(dim(`   ${addresses.redisUrl} · ${addresses.mongoUri} · ${addresses.chromaUrl}`));

  terminal.say(bold("2. Records into the source collection"));
  await emptyDemo(context, addresses);
  if (data === undefined) await loadSample(context, addresses);
  else await importFile(context, data, { drop: true });

  terminal.say(bold("3. Source → queue → embedding → index"));
  terminal.say(dim("   starting worker, producer, reporter and api"));
  const port = await freePort(context.config.http.port);
  await startServices(context, addresses, ["worker", "producer", "reporter", "api"], { API_PORT: String(port), LOG_LEVEL: "warn" });
  const result = await requestIngestion(context, addresses, { mode: "everything", allowRemovals: true });
  for (const line of describe(result)) terminal.result(`   ${line}`);
  const { source, runs, index, setAside, inSync, indexState } = await readStatus(context, addresses);
  const counts = `source ${source} · runs ${runs} · index ${index}${setAside > 0 ? ` · set aside ${setAside}` : ""}`;
  terminal.result(`   ${inSync ? green(`${counts} · equal`) : red(`${counts} · NOT EQUAL`)}`);
  const wanted =
    context.config.embedder.kind === "auto" ? " · multilingual-e5-small when its files are in MODEL_DIR or can be downloaded" : "";
  terminal.say(dim(`   ${indexState?.embedder ?? "no index"}${indexState?.embedder.startsWith("lexical") ? wanted : ""}`));

  await writeReport(context, addresses);
  const api = `http://127.0.0.1:${port}`;
  terminal.say(bold(`4. Questions to ${api}/query`));
  let answered = 0;
  for (const question of questions) {
    terminal.result(`\n   ${bold(question)}`);
    const answer = await ask(api, question, signal);
    for (const line of answer.split("\n")) terminal.result(`   ${line}`);
    if (answer !== "") answered += 1;
  }
  terminal.result(
    [
      "",
      bold("Ask your own:"),
      `   curl -s ${api}/query -H 'content-type: application/json' -d '{"query":"Quelles technos ont échoué hier ?"}'`,
      `   npx flow-rag query --demo "Which pipelines failed yesterday?"    npx flow-rag status --demo`,
    ].join("\n"),
  );
  if (!exit) {
    terminal.say(`\n${bold("Up.")} Ctrl-C stops everything.`);
    if (!signal.aborted) await once(signal, "abort");
  }
  return inSync && answered === questions.length;
}

/** The report up to the last full hour, written by the reporter as it writes any; there is nobody to send it to. */
async function writeReport(context: CommandContext, addresses: Addresses): Promise<void> {
  const { config, terminal, signal } = context;
  const { zone } = config.business;
  const dueAt = lastFullHour(new Date());
  const jobs = await openJobQueue(context, addresses);
  const date = DateTime.fromJSDate(dueAt, { zone }).toFormat("yyyy-MM-dd");
  const id = await jobs.send(reportWrite, { kind: "daily", date, zone, dueAt: dueAt.toISOString() });
  const pause = () => sleep(pollMs, undefined, { signal });
  const { report } = await waitForJob({ jobs, pause }, reportWrite, id, signal);
  terminal.say(`   report written: GET /reports/${report}`);
}

/** The demo's data are its own, and it begins anew each time: also after an upgrade that an older index would not fit. */
async function emptyDemo({ config, lifecycle, signal }: CommandContext, { stateUri, chromaUrl }: Addresses): Promise<void> {
  const state = lifecycle.own("state", await openMongo(stateUri, "STATE_MONGO_URI"), (connection) => connection.close());
  await state.db(config.state.db).dropDatabase();
  for (const kind of ["flows-", "signatures-"]) {
    for (const name of await listCollections(chromaUrl, config.index.prefix + kind, signal)) await dropCollection(chromaUrl, name, signal);
  }
}

async function loadSample({ config, terminal, lifecycle }: CommandContext, { sourceUri }: Addresses): Promise<void> {
  const mongo = lifecycle.own("source", await openMongo(sourceUri, "MONGO_URI"), (connection) => connection.close());
  const sink = createRecordSink(mongo.db(config.source.db), {
    collection: config.source.collection,
    cursorFields: cursorPathsOf(config.source.fields),
  });
  await sink.drop();
  await sink.ensureIndexes();
  const { records } = generateSample({ ...sample, end: lastFullHour(new Date()), zone: config.business.zone });
  const documents = [...records].map((record) => toDocument(record));
  for (let start = 0; start < documents.length; start += 1_000) await sink.put(documents.slice(start, start + 1_000));
  terminal.say(`   ${documents.length} generated records: ${sample.pipelines} pipelines, ${sample.days} days, seed ${sample.seed}`);
}

const reply = z.object({ answer: z.string(), contexts: z.array(z.object({ content: z.string() })) });

async function ask(api: string, query: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(`${api}/query`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
  });
  if (!response.ok) throw new AppError("unexpected", `POST /query answered ${response.status}`);
  return reply.parse(await response.json()).answer;
}
