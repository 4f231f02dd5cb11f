import { createLocalDays, type LocalDay } from "./local-days.js";
import { countedOnce } from "./mirrored-cells.js";
import {
  addKinds,
  byPlace,
  countKinds,
  createRunReader,
  sizeOf,
  type Counted,
  type KindCount,
  type MirroredDay,
  type MirroredRun,
  type RunKind,
  type StoredRun,
} from "./mirrored-run.js";
import { listNames, type NameCatalogue } from "./name-catalogue.js";
import type { SignatureIds } from "./signature-ids.js";

/** One state of the runs in memory; never changed once it is made. */
export type MirrorState = {
  /** In their order. */
  readonly days: readonly MirroredDay[];
  /** Days before this instant, epoch ms, are not here; -Infinity when all are. */
  readonly since: number;
  /** The counts of neighbouring days together. */
  readonly counted: (days: readonly MirroredDay[]) => Counted;
  /** Which of the signatures are one. */
  readonly ids: SignatureIds;
  /** Names of the runs that are here, of some sources or of all. The same object as long as they are the same. */
  readonly names: (sources: readonly string[] | undefined) => NameCatalogue;
};

/**
 * Runs by day of the business zone, which is what most questions are about, and by id; at most `capacity` bytes of them: when there are more,
 * the oldest days go.
 */
export function createMirroredDays(capacity: number, zone: string) {
  const read = createRunReader();
  const dayOf = createLocalDays(zone);
  const days = new Map<number, MirroredDay>();
  const byId = new Map<string, MirroredRun>();
  const kinds = new Map<RunKind, number>();
  let bytes = 0;
  let since = -Infinity;
  let lists = new Map<string, NameCatalogue>();

  const enter = (run: MirroredRun): void => {
    byId.set(run.id, run);
    bytes += sizeOf(run);
    const count = kinds.get(run.kind) ?? 0;
    kinds.set(run.kind, count + 1);
    if (count === 0) lists = new Map();
  };
  const leave = (run: MirroredRun): void => {
    byId.delete(run.id);
    bytes -= sizeOf(run);
    const count = kinds.get(run.kind) ?? 0;
    if (count > 1) return void kinds.set(run.kind, count - 1);
    kinds.delete(run.kind);
    lists = new Map();
  };
  const setDay = ({ from, to }: LocalDay, runs: readonly MirroredRun[]): void => {
    if (runs.length === 0) return void days.delete(from);
    days.set(from, { from, to, runs, ...countedOnce(() => countKinds(runs)) });
  };
  const dropOldest = (): void => {
    const oldest = days.get(Math.min(...days.keys()));
    if (!oldest) return;
    oldest.runs.forEach(leave);
    days.delete(oldest.from);
    since = oldest.to;
  };

  return {
    size: (): number => byId.size,
    /** Takes in stored runs, the newest first, until there is no more room. */
    async fill(rows: AsyncIterable<StoredRun>): Promise<void> {
      const filling = new Map<LocalDay, MirroredRun[]>();
      for await (const row of rows) {
        const run = read(row);
        if (byId.has(run.id)) continue; // it was written while it was read
        enter(run);
        const day = filling.get(dayOf(run.at));
        if (day) day.push(run);
        else filling.set(dayOf(run.at), [run]);
        if (bytes > capacity) break;
      }
      for (const [day, list] of filling) setDay(day, list.sort(byPlace));
      while (bytes > capacity) dropOldest();
    },
    /** What is stored under the ids now; an id without a row is a run that is gone. */
    replace(ids: readonly string[], rows: readonly StoredRun[]): void {
      const found = new Map(rows.map((row) => [row._id, read(row)]));
      const touched = new Map<LocalDay, { readonly gone: Set<string>; readonly come: MirroredRun[] }>();
      const touch = (run: MirroredRun) => {
        const day = touched.get(dayOf(run.at)) ?? { gone: new Set<string>(), come: [] };
        touched.set(dayOf(run.at), day);
        return day;
      };
      for (const id of ids) {
        const [before, after] = [byId.get(id), found.get(id)];
        if (before && after && isSame(before, after)) continue;
        if (before) {
          leave(before);
          touch(before).gone.add(id);
        }
        if (after && after.at >= since) {
          enter(after);
          touch(after).come.push(after);
        }
      }
      for (const [day, { gone, come }] of touched) {
        const left = days.get(day.from)?.runs.filter(({ id }) => !gone.has(id)) ?? [];
        setDay(day, [...left, ...come].sort(byPlace));
      }
      while (bytes > capacity) dropOldest();
    },
    state(ids: SignatureIds): MirrorState {
      const known = lists;
      const present = [...kinds.keys()];
      return {
        days: [...days.values()].sort((a, b) => a.from - b.from),
        since,
        counted: createSpans(),
        ids,
        names(sources) {
          const key = JSON.stringify(sources ?? null);
          const list = known.get(key) ?? listNames(present, sources);
          known.set(key, list);
          return list;
        },
      };
    },
  };
}
/** A week or a month is asked for more than once before a run changes: its counts are put together once. */
function createSpans(): MirrorState["counted"] {
  const spans = new Map<string, Counted>();
  return (days) => {
    const [only] = days;
    if (only && days.length === 1) return only;
    const key = `${only?.from ?? ""} ${days.at(-1)?.from ?? ""}`;
    const span =
      spans.get(key) ?? countedOnce(() => days.reduce((all, { kinds }) => addKinds(all, kinds()), new Map<RunKind, KindCount>()));
    if (spans.size >= spansAtMost) spans.clear();
    spans.set(key, span);
    return span;
  };
}
/** Stretches of days whose counts are kept; each holds an entry for every kind of run. */
const spansAtMost = 32;

export type MirroredDays = ReturnType<typeof createMirroredDays>;

const isSame = (a: MirroredRun, b: MirroredRun): boolean =>
  a.kind === b.kind && a.at === b.at && a.durationMs === b.durationMs && a.error === b.error;
