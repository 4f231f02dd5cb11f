import type { Runtime } from "@flow-rag/kernel";
import { openRedis } from "@flow-rag/queue";
import type { Config } from "./config.js";

/** Holds its place in the fleet: connected, ready and ended like the others. It has no report to write yet. */
export async function serve({ config, lifecycle, log }: Runtime<Config>): Promise<void> {
  lifecycle.own("redis", await openRedis({ url: config.queue.url, whenDown: "wait", log }), (client) => client.quit());
}
