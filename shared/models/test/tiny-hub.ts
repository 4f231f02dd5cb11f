import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A model hub on loopback that counts what it is asked. */
export interface TinyHub {
  readonly url: string;
  /** Paths asked for, in order. */
  readonly asked: string[];
  close(): Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export async function startHub(answer: Answer): Promise<TinyHub> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Serves `/<model id>/resolve/main/<name>` as the hub does; 404 for the rest. */
export function serveFiles(modelId: string, files: ReadonlyMap<string, Uint8Array>): Answer {
  const prefix = `/${modelId}/resolve/main/`;
  return ({ url = "" }, response) => {
    const content = url.startsWith(prefix) ? files.get(url.slice(prefix.length)) : undefined;
    if (!content) response.writeHead(404).end();
    else response.writeHead(200, { "content-length": content.byteLength }).end(content);
  };
}

/** Accepts the connection and says nothing, ever. */
export const saySilence: Answer = () => {};
