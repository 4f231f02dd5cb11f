import type { Document } from "bson";
import type { Logger } from "@flow-rag/kernel";
import { checkFields, maxTimeMs, toCommand, wantsDisk, type Answer, type Command, type Handler, type Server } from "./command.js";
import { Operation } from "./operation.js";
import { ServerError, StorageError } from "./server-error.js";
import { encode } from "./values.js";
import { concatReply, type Reply, type Request } from "./wire-protocol.js";

/** Answers one request; an error is an answer too. */
export type RunRequest = (request: Request, connectionId: number) => Promise<Reply>;

export function createRunner(handlers: Record<string, Handler>, server: Server, log: Logger): RunRequest {
  let operations = 0;
  return async (request, connectionId) => {
    let command: Command | undefined;
    const id = ++operations;
    try {
      command = toCommand(request, connectionId);
      const { name, body, database } = command;
      const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
      if (!handler) throw new ServerError(59, `no such command: '${name}'`);
      checkFields(command, handler);
      const operation = new Operation(id, name, `${database}.${String(body[name])}`, name === "getMore" ? 0 : maxTimeMs(body));
      server.operations.set(id, operation);
      return toReply(await runHandler(handler, command, server, operation));
    } catch (error) {
      if (!(error instanceof ServerError)) log.error({ err: error, command: command?.name }, "embedded MongoDB command failed");
      return concatReply([encode(errorReply(error))]);
    } finally {
      server.operations.delete(id);
    }
  };
}

/** Documents that the handler has found stay readable until it is done. */
async function runHandler(handler: Handler, command: Command, server: Server, operation: Operation): Promise<Answer> {
  const { catalog } = server;
  if (!handler.writes) {
    const release = catalog.lease();
    try {
      return await handler.run(command, server, operation);
    } finally {
      release();
    }
  }
  return await catalog.exclusive(async () => {
    operation.check();
    try {
      const answer = await handler.run(command, server, operation);
      catalog.commit({ onDisk: wantsDisk(command.body) });
      return answer;
    } catch (error) {
      // A change is in the log file before it is answered, also when a later item of the same command failed.
      if (error instanceof StorageError) catalog.rollBack();
      else catalog.commit();
      throw error;
    }
  });
}

const isReply = (answer: Answer): answer is Reply => Array.isArray(answer["parts"]) && typeof answer["bytes"] === "number";

const toReply = (answer: Answer): Reply => (isReply(answer) ? answer : concatReply([encode({ ...answer, ok: 1 })]));

function errorReply(error: unknown): Document {
  const known = error instanceof ServerError ? error : new ServerError(1, (error as Error).message);
  return { ok: 0, errmsg: known.message, code: known.code, codeName: known.codeName, ...known.details };
}
