import type { VectorDocument } from "../src/vector-store.js";

const dimensions = 384;

/** All vectors one after the other, of unit length. */
export type Vectors = { readonly count: number; readonly values: Float32Array };

/**
 * Vectors as records have them: in clusters of some 150 that are alike (cosine about 0.9), as the runs of one pipeline are. The same for the
 * same arguments; vectors of another seed lie in the same clusters.
 */
export function clusteredVectors(count: number, { clusters, seed }: { clusters: number; seed: number }): Vectors {
  const centres = gaussianRows(clusters, 1);
  for (let row = 0; row < clusters; row += 1) normalise(centres, row);
  const random = uniform(seed);
  const values = gaussianRows(count, seed + 1);
  const spread = 0.48 / Math.sqrt(dimensions); // cosine to the centre: 1 / sqrt(1 + 0.48²)
  for (let row = 0; row < count; row += 1) {
    const centre = Math.floor(random() * clusters) * dimensions;
    const from = row * dimensions;
    for (let axis = 0; axis < dimensions; axis += 1) values[from + axis] = values[from + axis]! * spread + centres[centre + axis]!;
    normalise(values, row);
  }
  return { count, values };
}

export const rowOf = ({ values }: Vectors, row: number): Float32Array => values.subarray(row * dimensions, (row + 1) * dimensions);

/** The rows nearest to a query, best first: every one is compared. */
export function nearestRows(vectors: Vectors, query: Float32Array, limit: number, among?: readonly number[]): number[] {
  const best: { row: number; score: number }[] = [];
  const look = (row: number): void => {
    let score = 0;
    const from = row * dimensions;
    for (let axis = 0; axis < dimensions; axis += 1) score += vectors.values[from + axis]! * query[axis]!;
    if (best.length === limit && score <= best[limit - 1]!.score) return;
    let place = Math.min(best.length, limit - 1);
    for (; place > 0 && best[place - 1]!.score < score; place -= 1) best[place] = best[place - 1]!;
    best[place] = { row, score };
  };
  if (among) among.forEach(look);
  else for (let row = 0; row < vectors.count; row += 1) look(row);
  return best.map(({ row }) => row);
}

const statuses = ["success", "failed", "success", "running", "success", "warning"] as const;

/** A document as the worker writes them. */
export const documentOf = (vectors: Vectors, row: number): VectorDocument => ({
  id: `flows:${row}`,
  values: [...rowOf(vectors, row)],
  document: `pipeline-${row % 400} · Spark · échec (failed) · prod · 2026-05-05 04:10 Europe/Paris · 41 min 12 s`,
  metadata: {
    source: "flows",
    pipeline: `pipeline-${row % 400}`,
    tech: ["Spark", "Talend", "dbt", "Kafka"][row % 4]!,
    status: statuses[row % statuses.length]!,
    ts: 1_767_225_600_000 + row * 60_000,
    durationMs: row % 7_200_000,
    signature: `sig-${row % 5_000}`,
    environment: "prod",
    contentHash: `h${row}`,
  },
});

function normalise(values: Float32Array, row: number): void {
  const from = row * dimensions;
  let squares = 0;
  for (let axis = 0; axis < dimensions; axis += 1) squares += values[from + axis]! ** 2;
  const norm = Math.sqrt(squares);
  for (let axis = 0; axis < dimensions; axis += 1) values[from + axis]! /= norm;
}

/** Four uniform numbers added up: near enough to a Gaussian of variance 1, and five times as fast. */
function gaussianRows(rows: number, seed: number): Float32Array {
  const random = uniform(seed);
  const scale = Math.sqrt(3);
  return Float32Array.from({ length: rows * dimensions }, () => (random() + random() + random() + random() - 2) * scale);
}

/** Mulberry32: the same numbers for the same seed. */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
