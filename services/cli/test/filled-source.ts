import type { Harness } from "@flow-rag/testing";

/** Records of forty pipelines, one a second; every ninth has failed, of two kinds of errors in turn. */
export async function fillSource(world: Harness, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, id) => ({
    _id: id,
    pipeline_name: `pipeline-${id % 40}`,
    tech: "Spark",
    status: id % 9 === 0 ? "KO" : "OK",
    error_message: id % 9 === 0 ? (id % 2 === 0 ? "disk full" : `executor ${id} lost`) : null,
    timestamp: new Date(Date.UTC(2026, 4, 1) + id * 1_000),
  }));
  await world.source.collection("flow_monitoring").insertMany(rows as never[]);
}

/** What `flow-rag parity --json` says of so many such records, when all is well. */
export const inParityOf = (count: number) => ({
  source: count,
  runs: count,
  index: count,
  signatures: 2,
  missingSignatures: 0,
  staleSignatures: 0,
  missing: 0,
  extra: 0,
  stale: 0,
  dead: 0,
  inSync: true,
  differences: [],
});
