import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Message = { readonly role: string; readonly content: string };
export type ChatRequest = { readonly messages: readonly Message[]; readonly stream: boolean; readonly headers: IncomingHttpHeaders };

/** How a server answers: with a text (once something has happened), or badly. */
export type ChatReply =
  | { readonly text: string; readonly onceHeld?: Promise<unknown> }
  /** A status, with a body that repeats the key, as some servers do. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** Nothing, before the headers or after the first words. */
  | { readonly hang: "before headers" | "in mid-stream" }
  /** Ends as if it were done, after the first words; as LiteLLM does it, with a finish reason and a count of its own. */
  | { readonly cut: string; readonly finish?: string }
  /** Bytes as they are, with a content type. */
  | { readonly raw: string; readonly type: string }
  /** Words without end. */
  | { readonly endless: string };

export interface ChatServer {
  readonly baseUrl: string;
  readonly requests: readonly ChatRequest[];
  /** From now on every request is answered so. */
  reply(with_: (request: ChatRequest) => ChatReply): void;
  close(): Promise<void>;
}

/** An OpenAI-compatible server on loopback that says what it is told to. Streams when it is asked to, else answers at once. */
export async function startChatServer(): Promise<ChatServer> {
  const requests: ChatRequest[] = [];
  let replyTo: (request: ChatRequest) => ChatReply = () => ({ status: 503 });
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      if (incoming.url !== "/v1/chat/completions") return void response.writeHead(404).end();
      const { messages, stream = false } = JSON.parse(Buffer.concat(chunks).toString()) as { messages: Message[]; stream?: boolean };
      const request = { messages, stream, headers: incoming.headers };
      requests.push(request);
      const reply = replyTo(request);
      const ready = "text" in reply ? reply.onceHeld : undefined;
      if (ready) void ready.then(() => send(response, reply, request));
      else send(response, reply, request);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    reply: (next) => void (replyTo = next),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const chunk = (delta: Record<string, unknown>, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", model: "stub", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };

function send(response: ServerResponse, reply: ChatReply, { stream, headers }: ChatRequest): void {
  if ("status" in reply) {
    response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
    response.end(reply.body ?? JSON.stringify({ error: { message: `refused: ${headers.authorization}` } }));
  } else if ("raw" in reply) response.writeHead(200, { "content-type": reply.type }).end(reply.raw);
  else if ("hang" in reply) {
    if (reply.hang === "before headers") return;
    response.writeHead(200, { "content-type": "text/event-stream" }).write(chunk({ role: "assistant", content: "Hier, " }));
  } else if ("cut" in reply) {
    response.writeHead(200, { "content-type": "text/event-stream" }).write(chunk({ content: reply.cut }));
    if (reply.finish === undefined) return void response.end();
    response.write(chunk({}, reply.finish));
    response.write(`data: ${JSON.stringify({ id: "c", model: "stub", choices: [], usage })}\n\n`);
    response.end("data: [DONE]\n\n");
  } else if ("endless" in reply) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const write = (): void => {
      while (!response.destroyed) if (!response.write(chunk({ content: reply.endless }))) return void response.once("drain", write);
    };
    write();
  } else if (stream) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const piece of reply.text.match(/[\s\S]{1,16}/gu) ?? []) response.write(chunk({ content: piece }));
    response.write(chunk({}, "stop"));
    response.write(`data: ${JSON.stringify({ id: "c", model: "stub", choices: [], usage })}\n\n`);
    response.end("data: [DONE]\n\n");
  } else {
    response.writeHead(200, { "content-type": "application/json" });
    const choices = [{ index: 0, message: { role: "assistant", content: reply.text }, finish_reason: "stop" }];
    response.end(JSON.stringify({ id: "c", object: "chat.completion", model: "stub", choices, usage }));
  }
}

/** The lines of a prompt's first list of facts: what a truthful model would say again. */
export function draftOf(messages: readonly Message[]): string {
  const data = /<data-(\w+)>\n([\s\S]*)\n<\/data-\1>/.exec(messages.find(({ role }) => role === "user")?.content ?? "")?.[2] ?? "";
  const section = data.split("\n\n").find((part) => /^(?:faits|facts):\n/.test(part)) ?? "";
  return section
    .split("\n")
    .slice(1)
    .map((line) => JSON.parse(line) as string)
    .join("\n");
}
