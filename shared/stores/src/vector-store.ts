import { runStatus, type Context } from "@flow-rag/contracts";
import { AppError, limitConcurrency, untilAborted, type Breaker } from "@flow-rag/kernel";
import { ChromaClient, IncludeEnum, type Metadata, type Where } from "chromadb";
import { z } from "zod";
import { bounded, createChromaCalls, isCollectionGone, timeouts } from "./chroma-calls.js";
import { withRowWriter, type OpenCollection } from "./chroma-rows.js";

/**
 * The whole metadata of one document. Chroma merges metadata on upsert and drops nulls in silence, so every key is always sent
 * and "unknown" has a value of its own: -1 for a duration, "" for a text.
 */
export const vectorMetadata = z.object({
  source: z.string(),
  pipeline: z.string(),
  tech: z.string(),
  status: runStatus,
  /** Epoch milliseconds: Chroma compares numbers only. */
  ts: z.number().int(),
  durationMs: z.number().int(),
  signature: z.string(),
  environment: z.string(),
  contentHash: z.string(),
});
export type VectorMetadata = z.output<typeof vectorMetadata>;

/** `values`: one L2-normalised vector; every vector of a collection has the same length. */
export type VectorDocument = {
  readonly id: string;
  readonly values: number[];
  readonly document: string;
  readonly metadata: VectorMetadata;
};
export type VectorFilter = {
  statuses?: readonly string[];
  techs?: readonly string[];
  pipelines?: readonly string[];
  environments?: readonly string[];
  /** Whose documents may be found at all; an empty list finds none. */
  sources?: readonly string[];
  from?: Date;
  to?: Date;
};

export type VectorStore = ReturnType<typeof createVectorStore>;
/** A whole job in one request: what a request costs Chroma beside its rows is as much as 300 rows. The server's limit is 5,461. */
const maxPerRequest = 1_000;
/**
 * Upserts under way at once. One at a time leaves the server idle in between; with four its threads wait for one another, and the same
 * 10,530 rows took it up to 16 s of CPU instead of 8.
 */
const maxUpserts = 2;

/** The graph of a collection. Source: docs/decisions/2026-11-21-graph-settings.md has the measurements. */
export const graphSettings = { max_neighbors: 32, ef_construction: 200, ef_search: 200 };

/**
 * The collection, made on first use. Vectors come from our own embedder, so Chroma must not bring one.
 * The graph's settings are the collection's for good: `modify` stores others without effect until the server restarts.
 * @throws AppError `misconfigured` when the collection's vectors were made with something else, `upstream_unavailable`.
 */
export async function openCollection(
  url: string,
  name: string,
  fingerprint: string,
  signal: AbortSignal,
  graph = graphSettings,
): Promise<OpenCollection> {
  const configuration = { hnsw: { space: "cosine" as const, ...graph } };
  const client = connect(url);
  const opening = client.getOrCreateCollection({ name, embeddingFunction: null, metadata: { fingerprint }, configuration });
  const collection = await bounded(opening, signal, timeouts.write);
  if (collection.metadata?.["fingerprint"] !== fingerprint) {
    throw new AppError("misconfigured", `collection ${name} holds vectors of another embedder: it is not written to`);
  }
  return withRowWriter(collection, client, url);
}

/** Drops a collection; one that is not there is no error. */
export async function dropCollection(url: string, name: string, signal: AbortSignal): Promise<void> {
  await bounded(connect(url).deleteCollection({ name }), signal, timeouts.write).catch((error: unknown) => {
    if (!isCollectionGone(error)) throw error;
  });
}

/** Names of the collections that begin with `prefix`. */
export async function listCollections(url: string, prefix: string, signal: AbortSignal): Promise<string[]> {
  const client = connect(url);
  const names: string[] = [];
  for (let offset = 0; ; offset += 100) {
    const page = await bounded(client.listCollections({ limit: 100, offset }), signal, timeouts.read);
    names.push(...page.map(({ name }) => name).filter((name) => name.startsWith(prefix)));
    if (page.length < 100) return names;
  }
}

/** True when the server answers. */
export const pingVectorStore = async (url: string, signal: AbortSignal): Promise<boolean> =>
  await bounded(connect(url).heartbeat(), signal, 1_000).then(
    () => true,
    () => false,
  );

/**
 * Reads and writes one collection. All calls share a breaker: while Chroma does not answer they fail at once with `rate_limited`, which a
 * queue waits out and an answer does without. What never reached Chroma is sent again once; every write is safe to repeat.
 */
export const createVectorStore = (collection: OpenCollection, breaker?: Breaker) => {
  const call = createChromaCalls(breaker);
  const inTurn = limitConcurrency(maxUpserts);
  return {
    /**
     * `upsert`, never `add`: a repeated job must end in the same rows.
     * @throws AppError `invalid_input` (for example a wrong length), `rate_limited`, `upstream_unavailable`
     */
    async upsert(documents: readonly VectorDocument[], signal: AbortSignal): Promise<void> {
      for (const part of slices(documents, maxPerRequest)) {
        const rows = {
          ids: part.map(({ id }) => id),
          embeddings: part.map(({ values }) => values),
          documents: part.map(({ document }) => document),
          metadatas: part.map(({ metadata }) => metadata),
        };
        const upsert = async () => {
          signal.throwIfAborted(); // its turn may come late
          await call(() => collection.upsertRows(rows), signal, timeouts.write);
        };
        await untilAborted(signal, inTurn(upsert));
      }
    },
    async remove(ids: readonly string[], signal: AbortSignal): Promise<void> {
      for (const part of slices(ids, maxPerRequest)) await call(() => collection.delete({ ids: [...part] }), signal, timeouts.write);
    },
    /** Content hashes of those among the documents that are there, by document id. */
    async versions(ids: readonly string[], signal: AbortSignal): Promise<Map<string, string>> {
      const found = new Map<string, string>();
      for (const part of slices(ids, maxPerRequest)) {
        const page = await call(() => collection.get({ ids: [...part], include: [IncludeEnum.metadatas] }), signal, timeouts.read);
        page.ids.forEach((id, index) => found.set(id, hashOf(page.metadatas[index])));
      }
      return found;
    },
    /** Document ids, at most `limit` from `offset` on; in an order of the server's own that writes in between may change. */
    async ids({ limit, offset }: { limit: number; offset: number }, signal: AbortSignal): Promise<string[]> {
      return (await call(() => collection.get({ limit, offset, include: [] }), signal, timeouts.read)).ids;
    },
    count: (signal: AbortSignal): Promise<number> => call(() => collection.count(), signal, timeouts.read),
    /** Nearest first, at most `limit` (200). Ties are in the order of the id, so that an answer does not change by itself. */
    async search(values: number[], { limit, filter }: { limit: number; filter?: VectorFilter }, signal: AbortSignal): Promise<Context[]> {
      if (filter?.sources?.length === 0) return []; // the server refuses an empty list
      const where = filter && toWhere(filter);
      const query = {
        queryEmbeddings: [values],
        nResults: Math.min(limit, 200),
        ...(where && { where }),
        include: [IncludeEnum.documents, IncludeEnum.metadatas, IncludeEnum.distances],
      };
      const found = await call(() => collection.query(query), signal, timeouts.read);
      const contexts = (found.ids[0] ?? []).map((id, index) =>
        toContext(id, found.documents[0]?.[index] ?? "", found.metadatas[0]?.[index], found.distances[0]?.[index] ?? 1),
      );
      return contexts.sort((a, b) => b.score - a.score || (a.meta.id < b.meta.id ? -1 : 1));
    },
  };
};

const hashOf = (metadata: Metadata | null | undefined): string => {
  const hash = metadata?.["contentHash"];
  return typeof hash === "string" ? hash : "";
};

function toContext(id: string, content: string, metadata: unknown, distance: number): Context {
  const { source, pipeline, tech, status, ts, durationMs, signature, environment } = vectorMetadata.parse(metadata);
  return {
    content,
    meta: {
      id,
      source,
      pipeline,
      tech,
      status,
      ts: new Date(ts).toISOString(),
      durationMs: durationMs < 0 ? null : durationMs,
      signature: signature || null,
      environment: environment || null,
    },
    score: Number((1 - distance).toFixed(4)),
  };
}

/** Built from typed fields with operators of our own: nothing a caller sent is spread into it. */
function toWhere({ statuses, techs, pipelines, environments, sources, from, to }: VectorFilter): Where | undefined {
  const parts: Where[] = [];
  if (statuses?.length) parts.push({ status: { $in: [...statuses] } });
  if (techs?.length) parts.push({ tech: { $in: [...techs] } });
  if (pipelines?.length) parts.push({ pipeline: { $in: [...pipelines] } });
  if (environments?.length) parts.push({ environment: { $in: [...environments] } });
  if (sources) parts.push({ source: { $in: [...sources] } });
  if (from) parts.push({ ts: { $gte: from.getTime() } });
  if (to) parts.push({ ts: { $lt: to.getTime() } });
  return parts.length > 1 ? { $and: parts } : parts[0];
}

function connect(url: string): ChromaClient {
  const { hostname, port, protocol } = new URL(url);
  const ssl = protocol === "https:";
  return new ChromaClient({ host: hostname, port: Number(port || (ssl ? 443 : 80)), ssl });
}

function* slices<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
