import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { ExpressAdapter } from "@bull-board/express";
import { queueContracts, sourcePull, type QueueContract } from "@flow-rag/contracts";
import { AppError, redact, type Logger } from "@flow-rag/kernel";
import { openQueue, type Producer, type QueueOptions } from "@flow-rag/queue";
import type { Mount } from "../entry/http.js";
import { pullForm, readPullForm } from "./pull-form.js";

type Options = QueueOptions & {
  readonly producer: Pick<Producer, "send">;
  readonly sources: readonly string[];
  /** In which a date without a time is read. */
  readonly zone: string;
  readonly log: Logger;
};
const path = "/admin/queues";

/**
 * The queues as a page: everything to be looked at, and one deed, a new pull of the source. Whoever may open it sees all that is queued, so
 * it wants the scope `admin`. Jobs of other queues cannot be added, removed or run again here: a second delivery is a second message.
 */
export function openQueueBoard(options: Options): { mount: Mount; close: () => Promise<void> } {
  const queues = queueContracts.map((contract) => ({ contract, queue: openQueue(contract, options) }));
  const adapters = queues.map(({ contract, queue }) => {
    const adapter = contract.name === sourcePull.name ? new PullAdapter(queue, options) : new BullMQAdapter(queue, readOnly(contract));
    for (const field of ["data", "returnValue", "progress"] as const) adapter.setFormatter(field, redactAll);
    return adapter;
  });
  const server = new BoardServer(options.log).setBasePath(path);
  createBullBoard({
    queues: adapters,
    serverAdapter: server,
    options: {
      uiConfig: { boardTitle: "flow-rag", hideDocsLink: true, miscLinks: [{ text: "API", url: "/docs" }] },
    },
  });
  return {
    mount: {
      path,
      scope: "admin",
      limits: { class: "reads" },
      summary: "The queues as a page, with a form to read records again",
      router: server.getRouter() as Mount["router"],
      // Its addresses are relative to a <base>, and its editor brings its styles as <style> elements. Scripts stay strict.
      contentSecurity: { baseUri: ["'self'"], styleSrc: ["'unsafe-inline'"] },
    },
    close: async () => void (await Promise.all(queues.map(({ queue }) => queue.close()))),
  };
}

const readOnly = ({ name }: QueueContract) => ({ readOnlyMode: true, allowRetries: false, description: `Read only: ${name}` });

/** Adding goes the way of every other pull: the payload is checked, keyed and given the contract's retries, whatever the form sent. */
class PullAdapter extends BullMQAdapter {
  readonly #options: Options;

  constructor(queue: ConstructorParameters<typeof BullMQAdapter>[0], options: Options) {
    super(queue, {
      description: "Add job: read records of the source again",
    });
    this.#options = options;
  }

  override getJobDataSchema(): Record<string, unknown> {
    return pullForm({ ...this.#options, now: new Date() });
  }

  override async addJob(_name: string, data: unknown): ReturnType<BullMQAdapter["addJob"]> {
    const { producer, zone } = this.#options;
    const jobId = await producer.send(sourcePull, readPullForm(data, zone));
    const job = await this.getJob(jobId);
    if (!job) throw new AppError("unexpected", "the job was added but is not there");
    return job;
  }
}

/** Bull Board shows the message of whatever was thrown; from 500 up it may name internals. */
class BoardServer extends ExpressAdapter {
  readonly #log: Logger;

  constructor(log: Logger) {
    super();
    this.#log = log;
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
