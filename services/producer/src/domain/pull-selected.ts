import { maxBatchRecords, type RecordFilter, type SourceRecord } from "@flow-rag/contracts";
import { normaliseRecord } from "@flow-rag/insights";
import type { Pull } from "./pull.js";
import { readAll } from "./read-all.js";

/**
 * Offers the records that a person named by what their runs say. The filter is applied to normalised records, so that "failed" finds KO
 * and ÉCHEC alike and a time is compared whatever its type in the source; that is why everything is read unless ids are given.
 * A record that cannot be understood matches a filter by id alone.
 */
export async function pullSelected(pull: Pull): Promise<void> {
  const { deps, request, result, offer, report, signal } = pull;
  const { filter = {}, dryRun, zone } = request;
  const total = filter.ids?.length ?? (await deps.source.count(signal));
  const pages = filter.ids ? findAll(deps.source, filter.ids, signal) : readAll(deps.source, signal);
  const names = createNameMatch(filter.pipelines);
  for await (const records of pages) {
    const matching = records.filter((record) => matches(record, filter, { zone, names }));
    if (dryRun) result.matched += matching.length;
    else await offer(matching);
    result.read += records.length - (dryRun ? 0 : matching.length); // an offer counts what it was given
    await report({ read: result.read, total, enqueued: result.enqueued });
  }
  const alike = names.alike();
  if (dryRun) result.matched += alike.length;
  else
    for await (const records of findAll(deps.source, alike, signal)) {
      result.read -= records.length; // they were counted when they were passed over
      await offer(records);
    }
}

async function* findAll(
  source: Pull["deps"]["source"],
  ids: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<readonly SourceRecord[]> {
  for (let start = 0; start < ids.length; start += maxBatchRecords)
    yield await source.find(ids.slice(start, start + maxBatchRecords), signal);
}

const sameName = (name: string, names: readonly string[] | undefined): boolean =>
  names === undefined || names.some((other) => other.toLowerCase() === name.toLowerCase());

type NameMatch = {
  /** Whether a record's pipeline is asked for exactly as it is written; one that differs in its case alone is noted instead. */
  readonly isAsked: (name: string, recordId: string) => boolean;
  /** Told of every record's pipeline, whatever else is asked of it. */
  readonly see: (name: string) => void;
  /** Records noted for names that no record bears exactly. */
  readonly alike: () => string[];
};

/** The exact name first, as in answers: "Orders-Daily" means "orders-daily" only in a source that has no "Orders-Daily". */
function createNameMatch(names: readonly string[] | undefined): NameMatch {
  const exact = new Set<string>();
  const alike = new Map<string, string[]>();
  return {
    see: (name) => void (names?.includes(name) === true && exact.add(name)),
    isAsked: (name, recordId) => {
      if (names === undefined) return true;
      if (names.includes(name)) return true;
      for (const other of names) if (!exact.has(other) && other.toLowerCase() === name.toLowerCase()) push(alike, other, recordId);
      return false;
    },
    alike: () => [...new Set([...alike].flatMap(([name, ids]) => (exact.has(name) ? [] : ids)))],
  };
}

function push(lists: Map<string, string[]>, name: string, id: string): void {
  const list = lists.get(name);
  if (list) list.push(id);
  else lists.set(name, [id]);
}

type Judging = { readonly zone: string; readonly names: NameMatch };

function matches(record: SourceRecord, { from, to, pipelines, techs, statuses }: RecordFilter, { zone, names }: Judging): boolean {
  const restricted = from ?? to ?? pipelines ?? techs ?? statuses;
  if (restricted === undefined) return true;
  const run = normaliseRecord(record, { zone });
  if (!run.ok) return false;
  const { ts, pipeline, tech, status } = run.facts;
  names.see(pipeline);
  const inWindow = (from === undefined || ts >= new Date(from)) && (to === undefined || ts < new Date(to));
  const others = inWindow && sameName(tech, techs) && (statuses === undefined || statuses.includes(status));
  return others && names.isAsked(pipeline, record.recordId);
}
