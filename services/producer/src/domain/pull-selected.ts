import { maxBatchRecords, type RecordFilter, type SourceRecord } from "@flow-rag/contracts";
import { normaliseRecord } from "@flow-rag/insights";
import type { Pull } from "./pull.js";
import { readAll } from "./read-all.js";

/**
 * Offers the records that a person named by what their runs say. The filter is applied to normalised records, so that "failed" finds KO
 * and ÉCHEC alike and a time is compared whatever its type in the source; that is why everything is read unless ids are given.
 * A record that cannot be understood matches a filter by id alone.
 */
export async function pullSelected({ deps, request, result, offer, report, signal }: Pull): Promise<void> {
  const { filter = {}, dryRun, zone } = request;
  const total = filter.ids?.length ?? (await deps.source.count(signal));
  const pages = filter.ids ? findAll(deps.source, filter.ids, signal) : readAll(deps.source, signal);
  for await (const records of pages) {
    const matching = records.filter((record) => matches(record, filter, zone));
    if (dryRun) result.matched += matching.length;
    else await offer(matching);
    result.read += records.length - (dryRun ? 0 : matching.length); // an offer counts what it was given
    await report({ read: result.read, total, enqueued: result.enqueued });
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

function matches(record: SourceRecord, { from, to, pipelines, techs, statuses }: RecordFilter, zone: string): boolean {
  const restricted = from ?? to ?? pipelines ?? techs ?? statuses;
  if (restricted === undefined) return true;
  const run = normaliseRecord(record, { zone });
  if (!run.ok) return false;
  const { ts, pipeline, tech, status } = run.facts;
  const inWindow = (from === undefined || ts >= new Date(from)) && (to === undefined || ts < new Date(to));
  return inWindow && sameName(pipeline, pipelines) && sameName(tech, techs) && (statuses === undefined || statuses.includes(status));
}
