import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** An OpenAI-compatible endpoint on loopback. `pauseMs` comes before each answer; `isRandom` gives every text another vector each time. */
export type Embeddings = { readonly url: string; pauseMs: number; isRandom: boolean; asked(): number; close(): Promise<void> };

const dimensions = 16;

export async function startEmbeddings(): Promise<Embeddings> {
  let asked = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      asked += 1;
      const { input } = JSON.parse(Buffer.concat(chunks).toString()) as { input: string[] };
      const data = input.map((text, index) => ({ index, embedding: endpoint.isRandom ? noise() : vectorOf(text) }));
      setTimeout(() => response.end(JSON.stringify({ data })), endpoint.pauseMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint: Embeddings = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    pauseMs: 0,
    isRandom: false,
    asked: () => asked,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return endpoint;
}

const noise = (): number[] => Array.from({ length: dimensions }, () => Math.random() - 0.5);

/** Words are added up, so that texts that share words are near each other. */
function vectorOf(text: string): number[] {
  const vector = new Array<number>(dimensions).fill(0.01);
  for (const word of text.split(/\W+/)) {
    let state = [...word].reduce((hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0, 7);
    for (let axis = 0; axis < dimensions; axis += 1) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
      vector[axis]! += ((state >>> 16) & 255) / 255 - 0.5;
    }
  }
  return vector;
}
