import type { SourceConfig } from "@flow-rag/contracts";
import type { Logger } from "@flow-rag/kernel";
import { openEmbedder, type ChatModel, type EmbedderConfig } from "@flow-rag/models";
import { inspectRedis, type Producer } from "@flow-rag/queue";
import {
  createCanaryStores,
  createDeadLetterStore,
  createIndexStateStore,
  createRecordSource,
  createRunFacts,
  createSourceHealthStore,
  createVectorStore,
  dropCollection,
  inspectMongo,
  openCollection,
  openSources,
  tryWriting,
  type MongoConnection,
} from "@flow-rag/stores";
import { randomUUID } from "node:crypto";
import { checkCanary } from "./check-canary.js";
import { checkChat, checkMail, checkSlack, type SlackUnderTest } from "./check-outlets.js";
import { checkReading } from "./check-reading.js";
import { checkChroma, checkClock, checkEmbedder, checkRedis, checkSource, checkState } from "./check-stores.js";
import { currentDoubts } from "../doubts/collect-doubts.js";
import { checkDoubts } from "./check-doubts.js";
import type { Check } from "./run-selftest.js";

export type SelftestDeps = {
  readonly sources: readonly SourceConfig[];
  readonly state: MongoConnection;
  readonly stateDb: string;
  readonly redis: Parameters<typeof inspectRedis>[0];
  readonly jobs: Producer;
  readonly index: { readonly url: string; readonly prefix: string };
  readonly embedder: EmbedderConfig;
  readonly chat: ChatModel | undefined;
  readonly slack: SlackUnderTest;
  readonly smtpUrl: string | undefined;
  readonly zone: string;
  /** No worker runs because none was started: a terminal on a bare machine, not an outage. */
  readonly mayBeAlone: boolean;
  readonly log: Logger;
};

/** Everything flow-rag needs, each thing looked at by really using it; safe in production: what is written has names of its own and is taken away. */
export function listChecks(deps: SelftestDeps): Check[] {
  const { sources, redis, jobs, index, embedder, chat, slack, smtpUrl, zone, mayBeAlone, log } = deps;
  const state = deps.state.db(deps.stateDb);
  const readIndex = (signal: AbortSignal) => createIndexStateStore(state).read(signal);
  return [
    // Opened for the check alone: a source that is away must not keep the others from being looked at.
    ...sources.map((source) =>
      checkSource(source.name, async () => {
        const { db: open, close } = await openSources([source]);
        const db = open(source);
        return { source: createRecordSource(db, source), inspect: (signal) => inspectMongo(db, signal), close };
      }),
    ),
    ...sources.map((source) =>
      checkReading(source, async () => {
        const { db: open, close } = await openSources([source]);
        return {
          source: createRecordSource(open(source), source),
          facts: createRunFacts(state).limitedTo({ sources: [source.name] }),
          close,
        };
      }),
    ),
    checkState((signal) => tryWriting(state, signal)),
    checkRedis((signal) => inspectRedis(redis, signal)),
    checkChroma(async (signal) => {
      const name = `${index.prefix}selftest-${randomUUID()}`;
      const vectors = createVectorStore(await openCollection(index.url, name, "selftest", signal));
      return { vectors, drop: () => dropCollection(index.url, name, AbortSignal.timeout(10_000)) };
    }),
    checkEmbedder(async (signal) => {
      const active = await readIndex(signal).catch(() => undefined); // the state has a check of its own
      const config = active && embedder.kind === "auto" ? { ...embedder, kind: active.embedder.kind } : embedder;
      return { state: active, ...(await openEmbedder(config, { log })) };
    }),
    checkChat(chat),
    checkSlack(slack),
    checkMail(smtpUrl),
    checkCanary({
      jobs,
      mayBeAlone,
      openStores: async (signal) => {
        const active = await readIndex(signal);
        return active && createCanaryStores(state, { chromaUrl: index.url, index: active });
      },
    }),
    checkDoubts({
      zone,
      now: () => new Date(),
      read: (now, signal) =>
        currentDoubts(
          { runs: createRunFacts(state), deadLetters: createDeadLetterStore(state), health: createSourceHealthStore(state), log },
          { sources: sources.map(({ name }) => name), zone, now },
          signal,
        ),
    }),
    checkClock({
      zone,
      clocks: [
        { name: "Redis", read: async (signal) => (await inspectRedis(redis, signal)).clock },
        { name: "the state's MongoDB", read: async (signal) => (await inspectMongo(state, signal)).clock },
      ],
    }),
  ];
}
