import { recordsEmbed, sourcePull } from "@flow-rag/contracts";
import { createProducer, openRedis, type Producer } from "@flow-rag/queue";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { startServiceProcess, type ServiceName } from "../adapters/service-processes.js";
import type { Progress } from "../adapters/terminal.js";
import { envWith, openAddresses, type Addresses, type CommandContext } from "../deps.js";
import { watchIngestion, type IngestionResult } from "../domain/watch-ingestion.js";

const pollMs = 200;

/** `flow-rag ingest`: the whole source into the index. False when some of it could not be indexed. */
export async function ingest(context: CommandContext, { yes, json }: { yes: boolean; json: boolean }): Promise<boolean> {
  const { terminal } = context;
  const addresses = await openAddresses(context, ["redis", "mongo", "chroma"]);
  const result = await ingestEverything(context, addresses, { allowRemovals: yes });
  if (json) terminal.result(JSON.stringify(result));
  else for (const line of describe(result)) terminal.result(line);
  return result.failed === 0 && result.keptBack === 0;
}

/** Asks for a pull of everything and watches it to its end. Services that nobody runs are run here for as long as it takes. */
export async function ingestEverything(
  context: CommandContext,
  addresses: Addresses,
  { allowRemovals }: { allowRemovals: boolean },
): Promise<IngestionResult> {
  const { config, terminal, lifecycle, log, signal } = context;
  const { prefix } = config.queue;
  const redis = lifecycle.own("redis", await openRedis({ url: addresses.redisUrl, whenDown: "wait", log }), (client) => client.quit());
  const producer = lifecycle.own("producer", createProducer({ redis, prefix, log }), (resource) => resource.close());
  await startMissing(context, addresses, producer);

  const payload = { source: config.source.name, slot: `manual-${randomUUID()}`, mode: "everything", allowRemovals } as const;
  const pullId = await producer.send(sourcePull, payload);
  let shown: { stage: string; progress: Progress } | undefined;
  const show = (stage: "read" | "embed", done: number, total: number) => {
    if (shown?.stage !== stage) {
      shown?.progress.stop();
      shown = { stage, progress: terminal.startProgress(stage === "read" ? "reading " : "indexing", total) };
    }
    shown.progress.update(done, total);
  };
  const deps = { jobs: producer, pause: () => sleep(pollMs, undefined, { signal }), onProgress: show };
  return await watchIngestion(deps, pullId, signal).finally(() => shown?.progress.stop());
}

/** A queue without a consumer would be waited on for ever. */
async function startMissing(
  { config, env, terminal, lifecycle, signal }: CommandContext,
  addresses: Addresses,
  producer: Producer,
): Promise<void> {
  const roles = [
    ["producer", sourcePull],
    ["worker", recordsEmbed],
  ] as const satisfies readonly (readonly [ServiceName, unknown])[];
  for (const [name, contract] of roles) {
    if ((await producer.consumers(contract)) > 0) continue;
    const processEnv = { LOG_LEVEL: "warn", ...envWith(env, addresses) };
    const service = await startServiceProcess(name, { env: processEnv, say: (line) => terminal.say(line), signal });
    lifecycle.own(name, service, (resource) => resource.stop(config.stopTimeoutMs));
  }
}

export function describe({ read, indexed, unchanged, removed, setAside, failed, keptBack }: IngestionResult): string[] {
  const changed = indexed + removed + setAside + failed > 0;
  const parts = [`${read} records read`, `${indexed} indexed`, `${unchanged} unchanged`, `${removed} removed`, `${setAside} set aside`];
  return [
    changed ? parts.join(", ") : `nothing to do: ${read} records read, all ${unchanged} unchanged`,
    ...(setAside > 0 ? ["records set aside could not be understood: flow-rag status shows why"] : []),
    ...(failed > 0 ? [`${failed} batches failed for good: their records are tried again at the next ingest`] : []),
    ...(keptBack > 0 ? [`${keptBack} runs are gone from the source but kept: more than 5 % at once needs flow-rag ingest --yes`] : []),
  ];
}
