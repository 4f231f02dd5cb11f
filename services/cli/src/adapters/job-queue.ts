import { indexReconcile, recordsEmbed, sourcePull } from "@flow-rag/contracts";
import { closeRedis, createProducer, openRedis, type Producer } from "@flow-rag/queue";
import { envWith, type Addresses, type CommandContext } from "../deps.js";
import { startServiceProcess, type ServiceName } from "./service-processes.js";

/** Who takes the jobs of which queue. A queue without a consumer would be waited on for ever. */
const consumers = [
  ["producer", [sourcePull]],
  ["worker", [recordsEmbed, indexReconcile]],
] as const satisfies readonly (readonly [ServiceName, unknown])[];

/** The queues, with a consumer for each: services that nobody runs are run here for as long as the command takes. */
export async function openJobQueue(context: CommandContext, addresses: Addresses): Promise<Producer> {
  const { config, env, terminal, lifecycle, log, signal } = context;
  const { prefix } = config.queue;
  const redis = lifecycle.own("redis", await openRedis({ url: addresses.redisUrl, whenDown: "wait", log, prefix }), closeRedis);
  const producer = lifecycle.own("producer", createProducer({ redis, prefix, log }), (resource) => resource.close());
  for (const [name, contracts] of consumers) {
    const counts = await Promise.all(contracts.map((contract) => producer.consumers(contract)));
    if (counts.every((count) => count > 0)) continue;
    const processEnv = { LOG_LEVEL: "warn", ...envWith(env, addresses), METRICS_PORT: "" }; // that port is the fleet's
    const service = await startServiceProcess(name, { env: processEnv, say: (line) => terminal.say(line), signal });
    lifecycle.own(name, service, (resource) => resource.stop(config.stopTimeoutMs));
  }
  return producer;
}
