import type { Watched } from "@flow-rag/kernel";
import { openRedis, startOps } from "@flow-rag/queue";
import type { Config } from "./config.js";

/** Holds its place in the fleet: connected, ready and ended like the others. It has no report to write yet. */
export async function serve(runtime: Watched<Config>): Promise<void> {
  const { config, lifecycle, log } = runtime;
  const redis = lifecycle.own("redis", await openRedis({ url: config.queue.url, whenDown: "wait", log }), (client) => client.quit());
  await startOps(runtime, { redis, consumers: [], dependencies: {} });
}
