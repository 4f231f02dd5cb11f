import { testAddresses, type Evaluate } from "@flow-rag/testing";
import { stderr } from "node:process";
import { parseArgs } from "node:util";
import { createSignatureIndex } from "../src/signature-index.js";
import { createVectorStore, dropCollection, graphSettings, openCollection } from "../src/vector-store.js";
import { clusteredVectors, documentOf, nearestRows, rowOf, uniform, type Vectors } from "./clustered-vectors.js";

export const needsServices = true;

const goals = { p99: 50, recall: 0.99 };
const limit = 8;
const asked = 300;
const signatureCount = 10_000;
/** How many signatures occur in the runs that a question is about. */
const filters = [10, 100, 500, 2_000];
const upsertSize = 500;
const signal = AbortSignal.timeout(3_600_000);
const say = (line: string): void => void stderr.write(`${line}\n`);

type Search = (values: number[]) => Promise<number[]>;
type Figures = { path: string; p50: number; p95: number; p99: number; recall: number };

/**
 * `npm run bench -- retrieval [--vectors 312000] [--graph 32,200,200] [--keep]`: the eight nearest of clustered vectors with their metadata by
 * the product's own stores, against comparing with every vector: without a filter among the runs, and among the signatures of a question's
 * runs. `--graph`: neighbours, ef at construction, ef at search. `--keep` leaves the collections for another measurement.
 */
export const bench: Evaluate = async (args) => {
  const options = { vectors: { type: "string", default: "20000" }, graph: { type: "string" }, keep: { type: "boolean" } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const [neighbours, construction, search] = values.graph?.split(",").map(Number) ?? [];
  const graph = values.graph
    ? { max_neighbors: neighbours ?? 0, ef_construction: construction ?? 0, ef_search: search ?? 0 }
    : graphSettings;
  const { chromaUrl } = testAddresses();
  const shape = Object.values(graph).join("-");
  const names = { runs: `bench-runs-${values.vectors}-${shape}`, signatures: `bench-signatures-${shape}` };

  const runs = clusteredVectors(Number(values.vectors), { clusters: Math.ceil(Number(values.vectors) / 150), seed: 7 });
  const signatures = clusteredVectors(signatureCount, { clusters: 1_000, seed: 11 });
  const open = (name: string) => openCollection(chromaUrl, name, "bench", signal, graph);
  const store = createVectorStore(await open(names.runs));
  const index = createSignatureIndex(await open(names.signatures));
  try {
    const loadSeconds = await load(store, runs);
    await loadSignatures(index, signatures);

    const rows: Figures[] = [];
    const all: Search = async (vector) => (await store.search(vector, { limit }, signal)).map(({ meta }) => Number(meta.id.split(":")[1]));
    rows.push(await measure("runs, no filter", queriesOf(runs, 13), all, (query) => nearestRows(runs, query, limit)));
    for (const size of filters) {
      const among = pick(signatureCount, size);
      const ids = among.map((row) => `sig-${row}`);
      const near: Search = async (vector) => nearestOf(await index.cosines(vector, ids, signal)).map((id) => Number(id.slice(4)));
      rows.push(
        await measure(`signatures, among ${size} of ${signatureCount}`, queriesOf(signatures, 17), near, (query) =>
          nearestRows(signatures, query, limit, among),
        ),
      );
    }
    return {
      table: rows.map(({ path, p50, p95, p99, recall }) => ({ path, "p50 ms": p50, "p95 ms": p95, "p99 ms": p99, "recall@8": recall })),
      summary: { vectors: runs.count, graph, loadedPerSecond: loadSeconds && Math.round(runs.count / loadSeconds), figures: rows, goals },
      passed: rows.every(({ p99, recall }) => p99 < goals.p99 && recall >= goals.recall),
    };
  } finally {
    if (!values.keep) for (const name of Object.values(names)) await dropCollection(chromaUrl, name, signal);
  }
};

/** Seconds it took; null when the vectors were there already. */
async function load(store: ReturnType<typeof createVectorStore>, vectors: Vectors): Promise<number | null> {
  const present = await store.count(signal);
  if (present === vectors.count) return null;
  const begin = performance.now();
  let next = Math.max(0, present - 2 * upsertSize); // all or none of a batch is there, and two were underway when it was stopped
  const writer = async (): Promise<void> => {
    while (next < vectors.count) {
      const start = next;
      next += upsertSize;
      const size = Math.min(upsertSize, vectors.count - start);
      await store.upsert(Array.from({ length: size }, (_, offset) => documentOf(vectors, start + offset)), signal); // prettier-ignore
      if ((start / upsertSize) % 40 === 0) say(`${start} of ${vectors.count} vectors`);
    }
  };
  await Promise.all([writer(), writer()]);
  return (performance.now() - begin) / 1_000;
}

async function loadSignatures(index: ReturnType<typeof createSignatureIndex>, vectors: Vectors): Promise<void> {
  if ((await index.count(signal)) === vectors.count) return;
  for (let start = 0; start < vectors.count; start += upsertSize) {
    const rows = Array.from({ length: upsertSize }, (_, offset) => start + offset);
    await index.upsert(rows.map((row) => ({ id: `sig-${row}`, template: `template ${row}`, views: [[...rowOf(vectors, row)]] })), signal); // prettier-ignore
  }
}

const nearestOf = (cosines: ReadonlyMap<string, readonly number[]>): string[] =>
  [...cosines]
    .sort((a, b) => Math.max(...b[1]) - Math.max(...a[1]))
    .slice(0, limit)
    .map(([id]) => id);

/** Questions lie where the vectors lie, and are none of them. */
function queriesOf(vectors: Vectors, seed: number): Float32Array[] {
  const clusters = vectors.count === signatureCount ? 1_000 : Math.ceil(vectors.count / 150);
  const others = clusteredVectors(asked, { clusters, seed });
  return Array.from({ length: asked }, (_, row) => rowOf(others, row));
}

function pick(count: number, size: number): number[] {
  const random = uniform(size);
  const chosen = new Set<number>();
  while (chosen.size < size) chosen.add(Math.floor(random() * count));
  return [...chosen];
}

async function measure(
  path: string,
  queries: readonly Float32Array[],
  search: Search,
  exact: (query: Float32Array) => number[],
): Promise<Figures> {
  for (const query of queries.slice(0, 20)) await search([...query]); // the first after a load waits for the graph
  const times: number[] = [];
  const found: number[][] = [];
  for (const query of queries) {
    const values = [...query];
    const begin = performance.now();
    found.push(await search(values));
    times.push(performance.now() - begin);
  }
  let hits = 0;
  let wanted = 0;
  for (const [position, query] of queries.entries()) {
    const truth = new Set(exact(query));
    wanted += truth.size;
    hits += found[position]!.filter((row) => truth.has(row)).length;
  }
  times.sort((a, b) => a - b);
  const at = (share: number): number => Number(times[Math.min(times.length - 1, Math.floor(times.length * share))]!.toFixed(1));
  return { path, p50: at(0.5), p95: at(0.95), p99: at(0.99), recall: Number((hits / wanted).toFixed(4)) };
}
