import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { ExpressAdapter } from "@bull-board/express";
import { queueContracts } from "@flow-rag/contracts";
import { AppError, redact, type Logger } from "@flow-rag/kernel";
import { openQueue, type QueueOptions } from "@flow-rag/queue";
import type { Mount } from "../entry/http.js";
import type { Caller } from "../entry/route.js";

type Options = QueueOptions & { readonly log: Logger };
const path = "/admin/queues";
/** Back to our own pages. */
const ways = [
  { text: "Relire · Re-ingest", url: "/reingest" },
  { text: "État · Status", url: "/status" },
  { text: "Rapports · Reports", url: "/reports" },
  { text: "Anomalies", url: "/anomalies" },
  { text: "API", url: "/docs" },
];

/**
 * The queues as a page, to be looked at: nothing in them can be added, removed, paused, slowed down or run again from here. A second delivery
 * is a second message, and a queue that was emptied or limited stops what depends on it while everything looks well. Records are read again
 * by the form at /reingest. Whoever may open it sees all that is queued, so it wants the scope `admin` and no limit to some sources.
 */
export function openQueueBoard(options: Options): { mount: Mount; close: () => Promise<void> } {
  const queues = queueContracts.map((contract) => openQueue(contract, options));
  const adapters = queues.map((queue) => {
    const adapter = new BullMQAdapter(queue, {
      readOnlyMode: true,
      allowRetries: false,
      description: "Read only. Records are read again at /reingest",
    });
    for (const field of ["data", "returnValue", "progress"] as const) adapter.setFormatter(field, redactAll);
    return adapter;
  });
  const server = new BoardServer(options.log).setBasePath(path);
  createBullBoard({
    queues: adapters,
    serverAdapter: server,
    options: {
      uiConfig: { boardTitle: "flow-rag", hideDocsLink: true, miscLinks: ways },
    },
  });
  return {
    mount: {
      path,
      scope: "admin",
      limits: { class: "reads" },
      summary: "The queues as a page, to be looked at",
      refuse,
      router: server.getRouter() as Mount["router"],
      // Its addresses are relative to a <base>, and its editor brings its styles as <style> elements. Scripts stay strict.
      contentSecurity: { baseUri: ["'self'"], styleSrc: ["'unsafe-inline'"] },
    },
    close: async () => void (await Promise.all(queues.map((queue) => queue.close()))),
  };
}

/** What the board itself would refuse, and what a release of it may add: only looking goes through. */
function refuse({ sources }: Caller, method: string): AppError | undefined {
  if (method !== "GET" && method !== "HEAD")
    return new AppError("method_not_allowed", "the queues can be looked at here and not be changed: /reingest reads records again");
  if (sources)
    return new AppError(
      "forbidden",
      `the queues hold jobs of all sources, and the key is for ${sources.join(", ")} only: /status and /reingest show what is theirs`,
    );
  return undefined;
}

/** Styles that the board's page would fetch from another host: it has its own. */
const foreignStyles = /<link href="https?:[^>]*>/g;

/** Bull Board shows the message of whatever was thrown; from 500 up it may name internals. */
class BoardServer extends ExpressAdapter {
  readonly #log: Logger;

  constructor(log: Logger) {
    super();
    this.#log = log;
  }

  override setEntryRoute(entry: Parameters<ExpressAdapter["setEntryRoute"]>[0]): this {
    this.app[entry.method](entry.route, (_req, res, next) => {
      const { name, params } = entry.handler({ basePath: this.basePath, uiConfig: this.uiConfig });
      res.render(name, params, (error: Error | null, page = "") => (error ? next(error) : res.send(page.replace(foreignStyles, ""))));
    });
    return this;
  }

  override setErrorHandler(handle: Parameters<ExpressAdapter["setErrorHandler"]>[0]): this {
    return super.setErrorHandler((thrown) => {
      const error = AppError.from(thrown);
      const { status } = error.policy;
      this.#log[status >= 500 ? "error" : "info"]({ err: error }, "queue dashboard");
      const message = status >= 500 ? "the queues cannot be reached now" : error.message;
      return handle(Object.assign(new Error(message), { statusCode: status }));
    });
  }
}

const maxDepth = 8;
function redactAll(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return redact(value);
  if (typeof value !== "object" || value === null || depth >= maxDepth) return value;
  if (Array.isArray(value)) return value.map((item) => redactAll(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactAll(item, depth + 1)]));
}
