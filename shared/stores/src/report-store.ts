import { reportId, type RenderedReport, type ReportRoute, type ReportSight, type ReportWindow, type ToldSpan } from "@flow-rag/contracts";
import { Binary, type Db, type Filter } from "mongodb";
import { randomUUID } from "node:crypto";
import { readOptions } from "./mongo.js";
import { toStoreError } from "./mongo-errors.js";

export type RoutedReport = { readonly route: ReportRoute; readonly rendered: RenderedReport };
/** One line of the archive. */
export type ReportSummary = ReportWindow & { readonly id: string; readonly routes: readonly ReportRoute[]; readonly writtenAt: Date };
export type ArchivedReport = ReportSummary & { readonly report: unknown; readonly parts: readonly RoutedReport[] };
/** A report's place in the outbox. `isHandedOut`: its deliveries are there. */
export type ReportProgress = ReportSummary & { readonly isHandedOut: boolean; readonly announcedAt: Date | null };

type Row = Omit<ReportSummary, "id" | "writtenAt"> & {
  _id: string;
  /** `abandoned`: never finished; the window belongs to the report after it. */
  state: "writing" | "written" | "abandoned";
  /** Whose attempt it is; also the name of what the attempt stored. */
  holder: string;
  leaseUntil: Date;
  report: string | null;
  /** Absent from reports that were written before it was kept. */
  sight?: ReportSight;
  writtenAt: Date | null;
  isHandedOut: boolean;
  announcedAt: Date | null;
};
type PartRow = {
  _id: string;
  reportId: string;
  holder: string;
  route: string;
  slack: string;
  email: RenderedReport["email"];
  charts: { name: string; alt: string; png: Binary }[];
};

export type ReportStore = ReturnType<typeof createReportStore>;

/**
 * The archive of reports, which is also what makes each of them once: whoever inserts the row of a kind, day and zone writes it. Contents
 * are kept as JSON text, since their keys come from records and need not be MongoDB's.
 */
export const createReportStore = (db: Db) => {
  const rows = db.collection<Row>("reports");
  const parts = db.collection<PartRow>("report_parts");
  const schedules = db.collection<{ _id: string; since: Date }>("report_schedules");
  const find = async (filter: Filter<Row>, signal: AbortSignal): Promise<Row | undefined> =>
    (await rows.findOne(filter, { ...readOptions(signal), sort: { to: -1 } }).catch(toStoreError)) ?? undefined;
  /** Without what was written: this is asked every minute. */
  const findProgress = async (filter: Filter<Row>, signal: AbortSignal): Promise<ReportProgress | undefined> => {
    const row = await rows
      .findOne(filter, { ...readOptions(signal), sort: { to: -1 }, projection: { report: 0, sight: 0 } })
      .catch(toStoreError);
    return row ? toProgress(row) : undefined;
  };
  const readPart = async (row: Row, route: string, signal: AbortSignal): Promise<RoutedReport | undefined> => {
    const known = row.routes.find(({ name }) => name === route);
    const part = await parts.findOne({ _id: partId(row, route) }, readOptions(signal)).catch(toStoreError);
    return known && part ? { route: known, rendered: toRendered(part) } : undefined;
  };
  return {
    /** Idempotent. */
    async ensureIndexes(): Promise<void> {
      await rows.createIndexes([{ key: { kind: 1, to: -1 } }]).catch(toStoreError);
      await parts.createIndexes([{ key: { reportId: 1 } }]).catch(toStoreError);
    },
    /** When reports of the kind were first asked about: nothing was due before it. */
    async knownSince(kind: ReportWindow["kind"], now: Date, signal: AbortSignal): Promise<Date> {
      await schedules.updateOne({ _id: kind }, { $setOnInsert: { since: now } }, { upsert: true }).catch((error: unknown) => {
        if ((error as { code?: number }).code !== 11000) toStoreError(error);
      });
      return (await schedules.findOne({ _id: kind }, readOptions(signal)).catch(toStoreError))?.since ?? now;
    },
    /** The written report of the kind whose window ends last. */
    async last(kind: ReportWindow["kind"], signal: AbortSignal): Promise<ReportProgress | undefined> {
      return await findProgress({ kind, state: "written" }, signal);
    },
    /** What reports of the kind had told by an instant, as the last of them saw it; undefined before the first that says how far it saw. */
    async told(kind: ReportWindow["kind"], until: Date, signal: AbortSignal): Promise<ToldSpan | undefined> {
      const last = await find({ kind, state: "written", to: { $lte: until } }, signal);
      if (!last?.sight) return undefined;
      const first = await rows
        .findOne({ kind, state: "written" }, { ...readOptions(signal), sort: { to: 1 }, projection: { from: 1 } })
        .catch(toStoreError);
      return { ...last.sight, from: first?.from ?? last.from, to: last.to };
    },
    async progress(id: string, signal: AbortSignal): Promise<ReportProgress | undefined> {
      return await findProgress({ _id: id, state: "written" }, signal);
    },
    /**
     * The right to write a report until `leaseUntil`; what was claimed and not finished may be claimed again once its lease has passed,
     * with the window it had. Unfinished reports of the kind from other days are given up: their windows fall to this one.
     * `held`: somebody else writes it, or one before it; `written`: nothing is left to do.
     */
    async claim(
      window: ReportWindow,
      { leaseUntil, now }: { leaseUntil: Date; now: Date },
      signal: AbortSignal,
    ): Promise<{ state: "claimed"; holder: string; window: ReportWindow } | { state: "held"; until: Date } | { state: "written" }> {
      const id = reportId(window);
      const holder = randomUUID();
      const other: Filter<Row> = { kind: window.kind, state: "writing", _id: { $ne: id } };
      await rows.updateMany({ ...other, leaseUntil: { $lte: now } }, { $set: { state: "abandoned" } }).catch(toStoreError);
      const busy = await find(other, signal);
      if (busy) return { state: "held", until: busy.leaseUntil };
      const blank = { state: "writing", holder, leaseUntil, report: null, routes: [], writtenAt: null } as const;
      const fresh: Row = { _id: id, ...window, ...blank, routes: [], isHandedOut: false, announcedAt: null };
      try {
        await rows.insertOne(fresh);
        return { state: "claimed", holder, window };
      } catch (error) {
        if ((error as { code?: number }).code !== 11000) return toStoreError(error);
      }
      const { modifiedCount } = await rows
        .updateOne({ _id: id, state: "writing", leaseUntil: { $lte: now } }, { $set: { holder, leaseUntil } })
        .catch(toStoreError);
      const row = await find({ _id: id }, signal);
      if (row?.state === "writing" && row.holder === holder && modifiedCount === 1)
        return { state: "claimed", holder, window: toWindow(row) };
      return row?.state === "writing" ? { state: "held", until: row.leaseUntil } : { state: "written" };
    },
    /** Stores what an attempt wrote; false when the right to write was lost meanwhile, and then nothing refers to it. */
    async finish(
      id: string,
      holder: string,
      content: { report: unknown; parts: readonly RoutedReport[]; sight?: ReportSight | undefined },
      now: Date,
    ): Promise<boolean> {
      const stored = content.parts.map(({ route, rendered }) => toPartRow(id, holder, route.name, rendered));
      if (stored.length > 0) {
        await parts
          .bulkWrite(stored.map((part) => ({ replaceOne: { filter: { _id: part._id }, replacement: part, upsert: true } })))
          .catch(toStoreError);
      }
      const done = {
        state: "written" as const,
        report: JSON.stringify(content.report),
        routes: content.parts.map(({ route }) => route),
        ...(content.sight && { sight: content.sight }),
        writtenAt: now,
      };
      const { modifiedCount } = await rows.updateOne({ _id: id, state: "writing", holder }, { $set: done }).catch(toStoreError);
      if (modifiedCount === 0) await parts.deleteMany({ reportId: id, holder }).catch(toStoreError);
      return modifiedCount === 1;
    },
    /** Gives the right to write back at once, so that the next attempt need not wait for the lease. */
    async release(id: string, holder: string): Promise<void> {
      await rows.updateOne({ _id: id, state: "writing", holder }, { $set: { leaseUntil: new Date(0) } }).catch(toStoreError);
    },
    /** Its deliveries are in the outbox. */
    async markHandedOut(id: string): Promise<void> {
      await rows.updateOne({ _id: id }, { $set: { isHandedOut: true } }).catch(toStoreError);
    },
    /** True for the one caller who is to tell the watchdog that the report has arrived. */
    async announce(id: string, now: Date): Promise<boolean> {
      const { modifiedCount } = await rows.updateOne({ _id: id, announcedAt: null }, { $set: { announcedAt: now } }).catch(toStoreError);
      return modifiedCount === 1;
    },
    /** Written reports, the latest first. */
    async list(limit: number, signal: AbortSignal, { kind }: { kind?: ReportWindow["kind"] } = {}): Promise<ReportSummary[]> {
      const found = await rows
        .find({ state: "written", ...(kind && { kind }) }, { ...readOptions(signal), projection: { report: 0 } })
        .sort({ to: -1, _id: 1 })
        .limit(limit)
        .toArray()
        .catch(toStoreError);
      return found.map(toSummary);
    },
    /** A report as it was written and sent; undefined when there is none. */
    async read(id: string, signal: AbortSignal): Promise<ArchivedReport | undefined> {
      const row = await find({ _id: id, state: "written" }, signal);
      if (!row) return undefined;
      const routed = await Promise.all(row.routes.map(({ name }) => readPart(row, name, signal)));
      return { ...toSummary(row), report: JSON.parse(row.report ?? "null"), parts: routed.filter((part) => part !== undefined) };
    },
    /** What one route shows of a report. */
    async readRoute(id: string, route: string, signal: AbortSignal): Promise<RenderedReport | undefined> {
      const row = await find({ _id: id, state: "written" }, signal);
      return row && (await readPart(row, route, signal))?.rendered;
    },
  };
};

const partId = ({ _id, holder }: Pick<Row, "_id" | "holder">, route: string): string => JSON.stringify([_id, holder, route]);

const toPartRow = (id: string, holder: string, route: string, { slack, email, charts }: RenderedReport): PartRow => ({
  _id: partId({ _id: id, holder }, route),
  reportId: id,
  holder,
  route,
  slack: JSON.stringify(slack),
  email: { ...email },
  charts: charts.map(({ name, alt, png }) => ({ name, alt, png: new Binary(png) })),
});

const toRendered = ({ slack, email, charts }: PartRow): RenderedReport => ({
  slack: JSON.parse(slack) as RenderedReport["slack"],
  email,
  charts: charts.map(({ name, alt, png }) => ({ name, alt, png: Uint8Array.from(png.buffer.subarray(0, png.position)) })),
});

const toWindow = ({ kind, date, zone, from, to, dueAt, isFirst, isLate }: Row): ReportWindow => ({
  kind,
  date,
  zone,
  from,
  to,
  dueAt,
  isFirst,
  isLate,
});
const toSummary = (row: Row): ReportSummary => ({
  ...toWindow(row),
  id: row._id,
  routes: row.routes,
  writtenAt: row.writtenAt ?? row.to,
});
const toProgress = (row: Row): ReportProgress => ({ ...toSummary(row), isHandedOut: row.isHandedOut, announcedAt: row.announcedAt });
