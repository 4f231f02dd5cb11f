import { reportDeliver, type Delivery, type DeliveryState } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import { closeRedis, createProducer, openRedis } from "@flow-rag/queue";
import { createDeliveryStore, openMongo, type DeliveryStore } from "@flow-rag/stores";
import { openAddresses, type Addresses, type CommandContext } from "../deps.js";

export type DeliveryFlags = { state?: DeliveryState; limit: number; json?: true };

/** `flow-rag report deliveries`. */
export async function listDeliveries(context: CommandContext, { state, limit, json }: DeliveryFlags): Promise<void> {
  const { terminal, signal } = context;
  const store = await openStore(context, await openAddresses(context, ["mongo"]));
  const deliveries = await store.list(limit, signal, state ? { states: [state] } : {});
  const counts = await store.countByState(signal);
  if (json) {
    terminal.result(JSON.stringify({ counts, deliveries }));
    return;
  }
  for (const delivery of deliveries) terminal.result(describe(delivery));
  const told = Object.entries(counts).flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : []));
  terminal.say(told.length > 0 ? told.join(", ") : "no report was sent yet");
  if (counts.unknown > 0) terminal.say("unknown: it may have arrived; look there, then flow-rag report resend ID --yes if it has not");
}

/** `flow-rag report resend`: asks the reporter for it; what had arrived of it is not sent again. */
export async function resendDelivery(
  context: CommandContext,
  { id, yes, json }: { id: string; yes: boolean; json: boolean },
): Promise<void> {
  const { config, lifecycle, log, terminal, signal } = context;
  const addresses = await openAddresses(context, ["redis", "mongo"]);
  const store = await openStore(context, addresses);
  const delivery = await store.read(id, signal);
  if (!delivery) throw new AppError("not_found", `there is no delivery ${id}: flow-rag report deliveries lists them`);
  const { state, channel, target } = delivery;
  if (state === "sent") throw new AppError("invalid_input", `${id} was sent on ${delivery.endedAt?.toISOString() ?? "an unknown day"}`);
  if (state === "pending" || state === "sending")
    throw new AppError("invalid_input", `${id} is ${state}: the reporter goes on with it by itself`);
  if (!yes) {
    const risk = state === "unknown" ? "it may have arrived already" : `it has failed (${delivery.reason ?? "no reason"})`;
    throw new AppError("invalid_input", `${id} to ${channel} ${target}: ${risk}; --yes sends it again`);
  }
  if (!(await store.reopen(delivery, new Date()))) throw new AppError("invalid_input", `${id} has changed meanwhile: look again`);
  const redis = lifecycle.own("redis", await openRedis({ url: addresses.redisUrl, whenDown: "fail", log }), closeRedis);
  const jobs = lifecycle.own("producer", createProducer({ redis, prefix: config.queue.prefix, log }), (resource) => resource.close());
  await jobs.send(reportDeliver, { delivery: id });
  const reporters = await jobs.consumers(reportDeliver);
  if (json) terminal.result(JSON.stringify({ id, state: "pending", reporters }));
  else terminal.result(`${id}: asked for again`);
  if (reporters === 0) terminal.say("no reporter is running: it is sent once one is (flow-rag up)");
}

async function openStore({ config, lifecycle }: CommandContext, { stateUri }: Addresses): Promise<DeliveryStore> {
  const state = lifecycle.own("state", await openMongo(stateUri, "STATE_MONGO_URI"), (connection) => connection.close());
  return createDeliveryStore(state.db(config.state.db));
}

function describe({ id, state, channel, target, route, attempts, parts, endedAt, dueAt, reason }: Delivery): string {
  const when = endedAt ? endedAt.toISOString() : `next try ${dueAt.toISOString()}`;
  const missing = state === "sent" ? parts.filter((part) => part.state !== "sent").map((part) => `${part.name} ${part.state}`) : [];
  const details = [...missing, ...(reason === null ? [] : [reason])];
  return `${id} ${state} · ${channel} ${target} · route ${route} · ${attempts} attempts · ${when}${details.length > 0 ? ` · ${details.join("; ")}` : ""}`;
}
