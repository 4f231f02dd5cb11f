import { answered, AppError, createPace, shareLooks, within, type Logger } from "@flow-rag/kernel";
import type { Db } from "mongodb";
import { createMirroredDays, type MirroredDays, type MirrorState } from "./mirrored-days.js";
import { mirroredFields, type StoredRun } from "./mirrored-run.js";
import { mongoLate, readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";
import { abandonedAfterMs, createRunChanges, type RunChange } from "./run-changes.js";
import type { RunFacts, RunSnapshots } from "./run-facts.js";
import { signatureIds, type SignatureIds } from "./signature-ids.js";
import { createSignatureJoins } from "./signature-joins.js";
import { snapshotFacts } from "./snapshot-facts.js";

export type RunMirror = RunSnapshots & {
  /** Reads the runs, or what changed of them. Until it was called, and while it does not succeed, the database answers. */
  refresh(): Promise<void>;
  close(): Promise<void>;
};
type Options = {
  /** Answers what is not in memory. */
  readonly facts: RunFacts;
  /** Bytes, roughly; days before those that fit are left to the database. */
  readonly capacity: number;
  /** Whose days the runs are kept by. */
  readonly zone: string;
  readonly log: Logger;
  /** Told how many runs are in memory whenever that changes. */
  readonly onSize?: (runs: number) => void;
};

/** An idle mirror keeps up, so that no question has much to read. */
const followEveryMs = 5_000;
/** A write that has not ended may be told as before or as after it; one whose writer was killed is noticed after so long. */
const lookAtOpenEveryMs = 1_000;
const readTimeoutMs = 60_000;
/** For whoever waits for an answer. */
const lookWithinMs = 3_000;
const rowsAtOnce = 2_000;
/** Questions that share a look and are computed before the event loop turns: with all of twenty, what arrives meanwhile waits 50 ms. */
const snapshotsPerTurn = 4;

/**
 * The runs in the memory of a process that answers questions, the newest days first. A snapshot holds every write that had ended when it was
 * asked for: changes are entered in `run_changes` around their writes, and the runs they name are read again by id, in whatever state they
 * are by then. All figures of an answer come from one snapshot, so they agree with each other.
 */
export function createRunMirror(db: Db, { facts, capacity, zone, log, onSize = () => {} }: Options): RunMirror {
  const runs = db.collection<StoredRun>("runs");
  const changes = createRunChanges(db);
  const joins = createSignatureJoins(db);
  const closing = new AbortController();
  let held: MirroredDays | undefined;
  let state: MirrorState | undefined;
  let ids: SignatureIds = signatureIds([]);
  /** The last change that was read. */
  let seen = 0;
  /** Those before it whose write was not known to have ended: their runs, and since when they are watched. */
  let open = new Map<number, { readonly ids: readonly string[]; readonly since: number }>();
  let lookedAtOpen = -Infinity;
  const bounded = <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => within(readTimeoutMs, work, [closing.signal]);

  const publish = (): void => {
    state = held?.state(ids);
    onSize(held?.size() ?? 0);
  };
  const load = async (): Promise<void> => {
    held = undefined;
    publish();
    const begun = await bounded((signal) => changes.latest(signal));
    const loading = createMirroredDays(capacity, zone);
    // No time limit: a million runs take as long as they take.
    const options = { signal: closing.signal, projection: mirroredFields, batchSize: rowsAtOnce, allowDiskUse: true };
    await loading.fill(runs.find({}, options).sort({ ts: -1, _id: -1 })).catch(toStoreError);
    held = loading;
    seen = begun.last;
    open = new Map();
    await readAgain(begun.open.map((number) => ({ number, ended: false })));
    await readChanges();
    publish();
    log.info({ runs: loading.size() }, "runs are in memory");
  };

  /** Reads the runs of some changes as they are now. */
  const readAgain = async (found: readonly RunChange[]): Promise<void> => {
    const unknown = found.map(({ number }) => number).filter((number) => !open.has(number));
    const ids = await bounded((signal) => changes.idsOf(unknown, signal));
    const idsOf = (number: number): readonly string[] => open.get(number)?.ids ?? ids.get(number) ?? [];
    const affected = [...new Set(found.flatMap(({ number }) => idsOf(number)))];
    for (let start = 0; start < affected.length; start += rowsAtOnce) {
      const some = affected.slice(start, start + rowsAtOnce);
      const rows = await bounded((signal) =>
        runs
          .find({ _id: { $in: some } }, { ...readOptions(signal), projection: mirroredFields })
          .toArray()
          .catch(toStoreError),
      );
      held?.replace(some, rows);
    }
    for (const { number, ended } of found) {
      const since = open.get(number)?.since ?? performance.now();
      if (ended || performance.now() - since > abandonedAfterMs) open.delete(number);
      else open.set(number, { ids: idsOf(number), since });
    }
    if (affected.length > 0) publish();
  };

  /** False when changes are missing that were not read. */
  const readChanges = async (): Promise<boolean> => {
    const [found, now] = await bounded((signal) => Promise.all([changes.since(seen, [...open.keys()], signal), joins.current(signal)]));
    const isJoined = now !== ids;
    ids = now;
    const later = found.filter(({ number }) => number > seen);
    if (seen > 0 && !found.some(({ number }) => number === seen)) return false;
    if (later[0] !== undefined && later[0].number !== seen + 1) return false;
    const ended = new Map(found.map((change) => [change.number, change.ended]));
    const due = performance.now() - lookedAtOpen > lookAtOpenEveryMs;
    if (due) lookedAtOpen = performance.now();
    // One that is not listed any more ended, or was abandoned.
    const former = [...open.keys()].map((number) => ({ number, ended: ended.get(number) ?? true }));
    const again = [...former.filter((change) => change.ended || due), ...later];
    if (again.length > 0) await readAgain(again);
    if (isJoined) publish();
    seen = later.at(-1)?.number ?? seen;
    return true;
  };

  const share = shareLooks(async () => {
    if (held && (await readChanges())) return;
    if (held) log.info("much was written since the runs were read: they are read anew");
    await load();
  });
  const refresh = (): Promise<void> => share("runs");
  const pace = createPace(snapshotsPerTurn);
  const follow = setInterval(() => {
    refresh().catch((error: unknown) => {
      if (!closing.signal.aborted) log.warn({ err: AppError.from(error) }, "the runs in memory do not keep up");
    });
  }, followEveryMs).unref();

  return {
    refresh,
    async snapshot(signal) {
      if (!state) return facts;
      await answered(lookWithinMs, mongoLate, refresh, [signal]).catch((thrown: unknown) => {
        if (state || signal.aborted) throw thrown; // else they are being read anew, which takes its time: the database answers
      });
      await pace();
      return state ? snapshotFacts(state, facts) : facts;
    },
    async close() {
      clearInterval(follow);
      closing.abort(new AppError("unexpected", "the service ends"));
      await refresh().catch(() => {}); // ends after the one under way, and both at once
    },
  };
}
