import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError, type Lifecycle, type Logger } from "@flow-rag/kernel";
import { startChroma } from "./chroma.js";
import { onJsonLine, sendJson } from "./json-lines.js";
import { startMongo } from "./mongo.js";
import { startRedis } from "./redis.js";
import { identify } from "./process-identity.js";
import { serviceNames, type LocalService, type ServiceName } from "./service.js";
import { stateFileOf, writeState, type ClientMessage, type ServerMessage } from "./supervisor-state.js";

type Options = { dir: string; toolsDir: string; log: Logger; lifecycle: Lifecycle; firstLeaseWithinMs?: number };

/** Resolves once the last lease is gone, or when nobody took one in time; the lifecycle then stops what was started. */
export async function superviseServices({ dir, toolsDir, log, lifecycle, firstLeaseWithinMs = 15_000 }: Options): Promise<void> {
  const token = randomBytes(24).toString("hex");
  const services = new RunningServices(dir, toolsDir, log, lifecycle);
  const leases = new Set<Socket>();
  const server = createServer();

  await new Promise<void>((resolve, reject) => {
    let closing = false;
    const closeIfUnused = () => {
      if (leases.size > 0) return;
      closing = true;
      resolve();
    };
    const patience = setTimeout(closeIfUnused, firstLeaseWithinMs);
    server.on("error", reject);
    server.on("connection", (socket) => {
      const drop = () => {
        if (!leases.delete(socket)) return;
        log.info({ leases: leases.size }, "lease ended");
        closeIfUnused();
      };
      socket.on("close", drop).on("error", () => {}); // a holder that was killed: its close follows
      onJsonLine(socket, (message) => {
        const request = message as ClientMessage;
        if ("release" in request) {
          const last = leases.size === 1 && leases.has(socket);
          // The last holder waits for this process to end; its socket closes with it.
          if (!last) socket.end(`${JSON.stringify({ released: true } satisfies ServerMessage)}\n`);
          drop();
        } else if (!closing && isSame(request.token, token)) {
          leases.add(socket);
          clearTimeout(patience);
          log.info({ leases: leases.size, services: request.services }, "lease taken");
          void answer(socket, services, request.services);
        } else {
          socket.destroy();
        }
      });
    });
    server.listen(0, "127.0.0.1");
    void once(server, "listening")
      .then(async () => {
        const { port } = server.address() as AddressInfo;
        const identity = await identify(process.pid);
        await writeState(dir, { pid: process.pid, startedAt: identity?.startedAt ?? "", port, token });
        lifecycle.own("local.json", stateFileOf(dir), (path) => rm(path, { force: true }));
      })
      .catch(reject);
  });
  services.end();
  server.close(); // who connects from now on is refused, waits for our end and starts a supervisor of its own
}

async function answer(socket: Socket, services: RunningServices, names: readonly ServiceName[]): Promise<void> {
  const message: ServerMessage = await services.run(names).catch((thrown: unknown) => {
    const { kind, message } = AppError.from(thrown);
    return { error: { kind, message } };
  });
  if (socket.writable) sendJson(socket, message);
}

const firstPauseMs = 250;
const longestPauseMs = 30_000;
/** A service that ran for as long has recovered. */
const recoveredAfterMs = 120_000;

/**
 * Starts each service once, however many ask for it at the same time, and again on the same port after it has ended by itself: whoever has its
 * address need not know. The pauses before that double as long as it goes on dying.
 */
class RunningServices {
  readonly #started = new Map<ServiceName, Promise<LocalService>>();
  readonly #deaths = new Map<ServiceName, { count: number; at: number }>();
  readonly #ending = new AbortController();

  constructor(
    private readonly dir: string,
    private readonly toolsDir: string,
    private readonly log: Logger,
    private readonly lifecycle: Lifecycle,
  ) {}

  /**
   * `notices`: what the caller for whom services are started should know, such as what was installed and which of them are for trying
   * out. Who comes later is told nothing: a sentence that comes with every command is read by nobody.
   */
  async run(names: readonly ServiceName[]): Promise<{ urls: Partial<Record<ServiceName, string>>; notices: readonly string[] }> {
    const notices: string[] = [];
    const wanted = serviceNames.filter((name) => names.includes(name));
    const entries = await Promise.all(wanted.map(async (name) => [name, (await this.#ensure(name, notices)).url] as const));
    return { urls: Object.fromEntries(entries), notices };
  }

  #ensure(name: ServiceName, notices: string[]): Promise<LocalService> {
    const running = this.#started.get(name) ?? this.#start(name, notices);
    this.#started.set(name, running);
    return running;
  }

  /** Nothing is started again from now on. */
  end(): void {
    this.#ending.abort();
  }

  #revive(name: ServiceName, port: number): void {
    if (this.#ending.signal.aborted) return;
    const before = this.#deaths.get(name);
    const count = before && performance.now() - before.at < recoveredAfterMs ? before.count + 1 : 0;
    this.#deaths.set(name, { count, at: performance.now() });
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** count);
    this.log.warn({ service: name, ms: pause }, "local service ended: starting it again");
    const revived = sleep(pause, undefined, { signal: this.#ending.signal, ref: false }).then(() => this.#start(name, [], port));
    this.#started.set(name, revived); // who asks meanwhile waits for it
    revived.catch(() => this.#revive(name, port));
  }

  /** The log, whose plain sentences are kept for the caller too. */
  #noticing(notices: string[]): Logger {
    const info = (...args: Parameters<Logger["info"]>): void => {
      if (typeof args[0] === "string") notices.push(args[0]);
      this.log.info(...args);
    };
    return Object.assign(Object.create(this.log) as Logger, { info });
  }

  async #start(name: ServiceName, notices: string[], port?: number): Promise<LocalService> {
    const start = { redis: startRedis, mongo: startMongo, chroma: startChroma }[name];
    const startedAt = performance.now();
    const options = { dir: this.dir, toolsDir: this.toolsDir, log: this.#noticing(notices), ...(port !== undefined && { port }) };
    try {
      const service = await start({ ...options, onExit: () => this.#revive(name, service.port) });
      this.lifecycle.own(name, service, () => service.stop());
      this.log.info({ service: name, url: service.url, ms: Math.round(performance.now() - startedAt) }, "local service started");
      return service;
    } catch (error) {
      if (port === undefined) this.#started.delete(name); // the next caller may have better luck
      this.log.error({ service: name, err: error }, "local service did not start");
      throw error;
    }
  }
}

const isSame = (given: string, token: string): boolean => {
  const [a, b] = [Buffer.from(String(given)), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
};
