import { recordsEmbed } from "@flow-rag/contracts";
import { unreadText } from "@flow-rag/insights";
import { closeRedis, createPendingRecords, createProducer, createQueueGate, openRedis } from "@flow-rag/queue";
import { currentDoubts, wordDoubts } from "@flow-rag/rag";
import {
  createCursorStore,
  createDeadLetterStore,
  createDeliveryStore,
  createIndexStateStore,
  createRecordSource,
  createReportStore,
  createRunFacts,
  createRunStore,
  createSettledCursors,
  createSourceHealthStore,
  createVectorStore,
  cursorInstant,
  openCollection,
  openMongo,
} from "@flow-rag/stores";
import { openAddresses, type Addresses, type CommandContext } from "../deps.js";
import { collectStatus, type Status } from "../domain/collect-status.js";

/** `flow-rag status`. */
export async function status(context: CommandContext, { json }: { json: boolean }): Promise<void> {
  const { terminal } = context;
  const found = await readStatus(context, await openAddresses(context, ["redis", "mongo", "chroma"]));
  if (json) terminal.result(JSON.stringify(found));
  else for (const line of describe(found, context.config.business.zone)) terminal.result(line);
}

export async function readStatus({ config, lifecycle, log, signal }: CommandContext, addresses: Addresses): Promise<Status> {
  const redis = lifecycle.own("redis", await openRedis({ url: addresses.redisUrl, whenDown: "fail", log }), closeRedis);
  const jobs = lifecycle.own("producer", createProducer({ redis, prefix: config.queue.prefix, log }), (resource) => resource.close());
  const gate = lifecycle.own("queue gate", createQueueGate({ redis, prefix: config.queue.prefix, log }), (resource) => resource.close());
  const source = lifecycle.own("source", await openMongo(addresses.sourceUri, "MONGO_URI"), (connection) => connection.close());
  const state = lifecycle.own("state", await openMongo(addresses.stateUri, "STATE_MONGO_URI"), (connection) => connection.close());
  const stateDb = state.db(config.state.db);
  const indexState = await createIndexStateStore(stateDb).read(signal);
  return await collectStatus(
    {
      source: createRecordSource(source.db(config.source.db), config.source),
      runs: createRunStore(stateDb),
      facts: createRunFacts(stateDb),
      deadLetters: createDeadLetterStore(stateDb),
      cursors: createSettledCursors(createCursorStore(stateDb), { marker: () => jobs.marker(), isIdle: () => jobs.isIdle(recordsEmbed) }),
      instantOf: cursorInstant,
      health: createSourceHealthStore(stateDb),
      reports: createReportStore(stateDb),
      deliveries: createDeliveryStore(stateDb),
      indexState,
      countIndex: async () =>
        indexState
          ? await createVectorStore(await openCollection(addresses.chromaUrl, indexState.collection, indexState.fingerprint, signal)).count(
              signal,
            )
          : 0,
      jobs,
      doubts: (abort) => {
        const parts = {
          runs: createRunFacts(stateDb),
          deadLetters: createDeadLetterStore(stateDb),
          health: createSourceHealthStore(stateDb),
        };
        const sources = config.sources.map(({ name }) => name);
        return currentDoubts(
          { ...parts, pending: createPendingRecords(gate), log },
          { sources, zone: config.business.zone, now: new Date() },
          abort,
        );
      },
      sources: config.sources,
      now: () => new Date(),
    },
    signal,
  );
}

function describe(found: Status, zone: string): string[] {
  const {
    doubts,
    source,
    runs,
    index,
    setAside,
    unread,
    inSync,
    dataUntil,
    indexState,
    queues,
    reports,
    deadLetters,
    refused,
    marks,
    nextReconcile,
  } = found;
  return [
    `source ${source} · runs ${runs} · index ${index} · set aside ${setAside} · ${inSync ? "in sync" : "not in sync: flow-rag ingest brings the index up to date"}`,
    ...(unread ? [unreadText(unread)] : []),
    `data until ${dataUntil ?? "never"} · ${indexState ? `${indexState.collection}, ${indexState.embedder}` : "no index yet"}`,
    ...Object.entries(marks).map(([name, mark]) => `${name}: ${mark ? describeMark(mark) : "not read yet"}`),
    ...Object.entries(nextReconcile).map(([name, at]) => describeReconcile(name, at)),
    ...wordDoubts(
      doubts.filter(({ kind }) => kind !== "unread_status"),
      { language: "en", zone, now: new Date() },
    ),
    describeReports(reports),
    ...Object.entries(queues).map(
      ([name, { unfinished, failed, consumers }]) => `${name}: ${unfinished} unfinished, ${failed} failed, ${consumers} consumers`,
    ),
    ...refused.flatMap(describeRefused),
    ...(deadLetters.length + refused.length > 0 ? ["what is set aside: flow-rag dead-letters list (then retry or discard)"] : []),
    ...deadLetters.map(({ recordId, stage, reason, attempts }) => `set aside: ${recordId} (${stage}, ${attempts} attempts): ${reason}`),
  ];
}

/** What an import did not take over: not in the source, so no reading can bring it. */
export function describeRefused({ file, at, rows, problems }: Status["refused"][number]): string[] {
  const first = problems.map(({ line, reason }) => `line ${line}: ${reason}`).join("; ");
  const more = rows > problems.length ? `; and ${rows - problems.length} more` : "";
  return [
    `refused by the import of ${JSON.stringify(file)} at ${at.toISOString()}: ${rows} ${rows === 1 ? "row" : "rows"}: ${first}${more}`,
  ];
}

function describeMark({ enqueuedThrough, indexedThrough, lagMs }: NonNullable<Status["marks"][string]>): string {
  const ago = lagMs === null ? "" : ` (${describeLag(lagMs)} ago)`;
  return `enqueued through ${enqueuedThrough ?? "a value that is no instant"}${ago}, indexed through ${indexedThrough ?? "nothing for certain yet"}`;
}

function describeReconcile(name: string, at: string | null): string {
  if (at === null) return `${name}: corrections of finished records: no time is known before the producer's first pull`;
  const isOver = at < new Date().toISOString(); // every pull tells of the next time
  const when = isOver ? `were due at ${at} and nothing was pulled since (does a producer run?)` : `are seen at ${at}`;
  return `${name}: corrections of finished records ${when}; at once by flow-rag ingest --since DATE`;
}

/** `45 s`, `12 min`, `3 h` or `2 d`. */
function describeLag(ms: number): string {
  const units = [["d", 86_400_000], ["h", 3_600_000], ["min", 60_000]] as const; // prettier-ignore
  const [unit, length] = units.find(([, size]) => ms >= 2 * size) ?? (["s", 1_000] as const);
  return `${Math.floor(ms / length)} ${unit}`;
}

function describeReports({ last, deliveries }: Status["reports"]): string {
  const told = Object.entries(deliveries).flatMap(([state, count]) => (count > 0 ? [`${count} ${state}`] : []));
  const hint = deliveries.unknown > 0 ? " (flow-rag report deliveries)" : "";
  return `last report ${last ? `${last.id}, written ${last.writtenAt}` : "never"} · deliveries: ${told.length > 0 ? told.join(", ") : "none"}${hint}`;
}
