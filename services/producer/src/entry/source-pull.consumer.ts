import type { sourcePull } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import type { HandlerOf } from "@flow-rag/queue";
import { cursorInstant, type ImportNotes, type SourceHealthStore } from "@flow-rag/stores";
import { pullRecords } from "../domain/pull-records.js";
import type { PullRecordsDeps } from "../domain/pull.js";

type SourcePart = {
  deps: PullRecordsDeps & { health: Pick<SourceHealthStore, "pulled" | "pullFailed">; imports: Pick<ImportNotes, "read"> };
  limits: { overlapMs: number; zone: string };
  /** When the whole source is compared next. */
  nextReconcile: () => Date | undefined;
};

/** A slot of the schedule; a person's bears a name. */
const scheduled = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;
/** Pulls that may be left out before it is worth saying, and the shortest time in which they are. */
const [leftOut, leastMs] = [3, 5 * 60_000];

type Request = Pick<Parameters<HandlerOf<typeof sourcePull>>[0], "source" | "mode" | "filter" | "dryRun">;

/** From when on a pull reads every record; null: all of them. Undefined: only some. */
async function readsFrom(
  { deps }: SourcePart,
  { source, mode, filter = {}, dryRun }: Request,
  signal: AbortSignal,
): Promise<Date | null | undefined> {
  if (mode === "everything") return null;
  if (mode === "changes") {
    const mark = await deps.cursors.read(source, signal);
    return mark?.cursor ? cursorInstant(mark.cursor) : null;
  }
  const { from, ...others } = filter;
  return !dryRun && from !== undefined && Object.values(others).every((other) => other === undefined) ? new Date(from) : undefined;
}

/** `partOf` gives what belongs to one source, on behalf of a request; undefined when no source of that name is configured here. */
export function handleSourcePull(
  partOf: (source: string, requestId: string | undefined) => SourcePart | undefined,
): HandlerOf<typeof sourcePull> {
  const slots = new Map<string, number>();
  /** By when the next pull of a schedule should have come, from this slot and the one before. */
  const nextBy = (source: string, slot: string, now: Date): Date | undefined => {
    if (!scheduled.test(slot)) return undefined;
    const at = Date.parse(`${slot}Z`);
    const before = slots.get(source);
    slots.set(source, at);
    return before !== undefined && at > before ? new Date(now.getTime() + leftOut * Math.max(leastMs, at - before)) : undefined;
  };
  return async ({ slot, ...request }, { signal, log, report, requestId }) => {
    const { source, mode } = request;
    const part = partOf(source, requestId);
    if (!part) throw new AppError("invalid_input", `source: ${source} is not configured (SOURCE_NAME, SOURCES)`);
    const { health, now } = part.deps;
    const startedAt = now();
    const readFrom = await readsFrom(part, request, signal);
    const result = await pullRecords(part.deps, { ...request, ...part.limits }, signal, report).catch(async (thrown: unknown) => {
      // What the store says of it is not worth more than why the pull failed.
      if (!signal.aborted)
        await health.pullFailed(source, thrown, now()).catch((err: unknown) => log.warn({ err }, "the failure is not kept"));
      throw thrown;
    });
    if (readFrom !== undefined) await part.deps.imports.read(source, { startedAt, from: readFrom });
    if (mode !== "selected")
      await health.pulled(source, { now: now(), nextPullBy: nextBy(source, slot, now()), nextReconcileAt: part.nextReconcile() });
    const { batches, ...counts } = result;
    log.info({ source, mode, ...counts, batches: batches.length }, "source pulled");
    if (result.ahead > 0) log.warn({ source, ahead: result.ahead }, "records are dated ahead of the clock");
    if (result.keptBack > 0) log.warn({ source, keptBack: result.keptBack }, "removals kept back: too many at once without a yes");
    return result;
  };
}
