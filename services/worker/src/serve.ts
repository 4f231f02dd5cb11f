import { recordsEmbed } from "@flow-rag/contracts";
import type { Runtime } from "@flow-rag/kernel";
import { openRedis, startConsumer } from "@flow-rag/queue";
import type { Config } from "./config.js";
import type { EmbedRecordsDeps } from "./domain/embed-records.js";
import { handleRecordsEmbed } from "./entry/records-embed.consumer.js";

/** Binds entries to deps and starts taking work. Tests call this with fakes, so they never load a model. */
export async function serve({ config, lifecycle, log }: Runtime<Pick<Config, "queue">>, deps: EmbedRecordsDeps): Promise<void> {
  const { url, ...queue } = config.queue;
  const redis = lifecycle.own("redis", await openRedis({ url, whenDown: "wait", log }), (client) => client.quit());
  const consumer = startConsumer(recordsEmbed, handleRecordsEmbed(deps), { redis, ...queue, log });
  lifecycle.own("records.embed consumer", consumer, (resource) => resource.close());
  await consumer.ready();
}
