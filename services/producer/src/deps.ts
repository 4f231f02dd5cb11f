import type { Runtime } from "@flow-rag/kernel";
import {
  createCursorStore,
  createDeadLetterStore,
  createIndexStateStore,
  createRecordSource,
  createRunStore,
  openMongo,
} from "@flow-rag/stores";
import type { Config } from "./config.js";
import type { PullStores } from "./domain/pull-stores.js";

/** The only file of this service that constructs the outside world. Rejects with an AppError when a part of it is missing. */
export async function openDeps({ config, lifecycle }: Runtime<Config>): Promise<PullStores> {
  const source = lifecycle.own("source", await openMongo(config.source.uri, "MONGO_URI"), (connection) => connection.close());
  const state = lifecycle.own("state", await openMongo(config.state.uri, "STATE_MONGO_URI"), (connection) => connection.close());
  const stateDb = state.db(config.state.db);
  return {
    source: createRecordSource(source.db(config.source.db), { source: config.source.name, ...config.source }),
    cursors: createCursorStore(stateDb),
    runs: createRunStore(stateDb),
    deadLetters: createDeadLetterStore(stateDb),
    indexState: createIndexStateStore(stateDb),
  };
}
