/** What was written, and how far live pulls have read before. */
export type Written = { readonly source: string; readonly records: number; readonly from: Date | null; readonly readThrough: Date | null };

/**
 * What has to be done so that imported records are in answers, a line each. Live pulls read on from where they are: what is older than that
 * they never see by themselves.
 */
export function tellNextStep({ source, records, from, readThrough }: Written): string[] {
  if (records === 0) return [];
  const since = from === null ? undefined : `flow-rag ingest --source ${source} --since ${from.toISOString()}`;
  const all = `flow-rag ingest --source ${source}`;
  if (readThrough === null) return [`not in answers yet: ${all} reads them`];
  if (from !== null && from > readThrough) return [`not in answers yet: the next live pull reads them, or at once ${since ?? all}`];
  const old = from === null ? "some may be" : `they begin at ${from.toISOString()},`;
  return [
    `not in answers yet, and live pulls will not see them: ${old} older than what was read already (through ${readThrough.toISOString()})`,
    `have them read with ${since ?? all}; until then answers and reports say that imported records are missing`,
  ];
}
