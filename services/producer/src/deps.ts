import type { Runtime } from "@flow-rag/kernel";
import {
  createCursorStore,
  createDeadLetterStore,
  createImportNotes,
  createIndexStateStore,
  createRecordSource,
  createRunStore,
  createSourceHealthStore,
  openMongo,
  openSources,
} from "@flow-rag/stores";
import type { Config } from "./config.js";
import type { ProducerStores } from "./serve.js";

/**
 * The only file of this service that constructs the outside world: what pulling needs of each source, by the source's name.
 * Rejects with an AppError when a part of it is missing.
 */
export async function openDeps({ config, lifecycle }: Runtime<Config>): Promise<ReadonlyMap<string, ProducerStores>> {
  const sources = lifecycle.own("sources", await openSources(config.sources), (opened) => opened.close());
  const state = lifecycle.own("state", await openMongo(config.state.uri, "STATE_MONGO_URI"), (connection) => connection.close());
  const stateDb = state.db(config.state.db);
  const shared = {
    cursors: createCursorStore(stateDb),
    runs: createRunStore(stateDb),
    deadLetters: createDeadLetterStore(stateDb),
    health: createSourceHealthStore(stateDb),
    imports: createImportNotes(stateDb),
    indexState: createIndexStateStore(stateDb),
  };
  return new Map(config.sources.map((source) => [source.name, { ...shared, source: createRecordSource(sources.db(source), source) }]));
}
