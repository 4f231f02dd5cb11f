import { once } from "node:events";
import { startServiceProcess, type ServiceName } from "../adapters/service-processes.js";
import { envWith, openAddresses, type Addresses, type CommandContext } from "../deps.js";

const serviceNames = ["worker", "producer", "reporter", "api"] as const satisfies readonly ServiceName[];

/** `flow-rag up`: all services as child processes, until Ctrl-C. */
export async function up(context: CommandContext): Promise<void> {
  const { config, terminal, signal } = context;
  const addresses = await openAddresses(context, ["redis", "mongo", "chroma"], { announced: true });
  await startServices(context, addresses, serviceNames, {});
  terminal.say(`ready: POST http://127.0.0.1:${config.http.port}/query · Ctrl-C stops everything`);
  if (!signal.aborted) await once(signal, "abort");
}

/** Starts services in order and owns them: they end in the reverse order. */
export async function startServices(
  { config, env, terminal, lifecycle, signal }: CommandContext,
  addresses: Addresses,
  names: readonly ServiceName[],
  overrides: NodeJS.ProcessEnv,
): Promise<void> {
  for (const [index, name] of names.entries()) {
    // One machine, several processes: each has its metrics on a port of its own, METRICS_PORT and those after it.
    const metricsPort = Number(env["METRICS_PORT"] || 0) > 0 ? { METRICS_PORT: String(Number(env["METRICS_PORT"]) + index) } : {};
    const options = {
      // Nobody's balancer has to be told that they end.
      env: { SHUTDOWN_DELAY: "0s", ...envWith(env, addresses), ...metricsPort, ...overrides },
      say: (line: string) => terminal.say(line),
      signal,
    };
    lifecycle.own(name, await startServiceProcess(name, options), (service) => service.stop(config.stopTimeoutMs));
  }
}
