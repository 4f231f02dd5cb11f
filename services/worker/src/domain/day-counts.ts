type Place = { readonly day: string; readonly pipeline: string };
type Counts = { source: number; runs: number; index: number };

/** Counts by day and pipeline on three sides; memory grows with days times pipelines. */
export function createDayCounts() {
  const rows = new Map<string, Place & Counts>();
  return {
    add({ day, pipeline }: Place, { source, runs, index }: Counts): void {
      const key = `${day} ${pipeline}`;
      const row = rows.get(key) ?? { day, pipeline, source: 0, runs: 0, index: 0 };
      rows.set(key, { day, pipeline, source: row.source + source, runs: row.runs + runs, index: row.index + index });
    },
    /** The rows whose sides differ, the widest gap first. */
    differences(limit: number): (Place & Counts)[] {
      const gap = ({ source, runs, index }: Counts) => Math.max(source, runs, index) - Math.min(source, runs, index);
      return [...rows.values()]
        .filter((row) => gap(row) > 0)
        .sort((a, b) => gap(b) - gap(a) || (a.day < b.day ? -1 : 1))
        .slice(0, limit);
    },
  };
}
