import { cursorPathsOf, pathsOf, type SourceRecord } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import {
  createCursorStore,
  createFieldReader,
  createImportNotes,
  createRecordSink,
  cursorInstant,
  openMongo,
  stageRecords,
  type RecordSink,
} from "@flow-rag/stores";
import { basename } from "node:path";
import { writeRecords, type ImportCounts } from "../adapters/record-batches.js";
import { openRecordFile, type RecordFile } from "../adapters/record-file/record-file.js";
import { openAddresses, type CommandContext } from "../deps.js";
import { convertRecord, decideConversion, type Conversion } from "../domain/import/conversion.js";
import { createIdentities } from "../domain/import/record-identity.js";
import { pathsOfTimes, writtenPaths } from "../domain/import/source-paths.js";
import { surveyRecords, timeOfRecord, type Survey } from "../domain/import/survey-records.js";
import { tellNextStep } from "../domain/import/tell-next-step.js";
import { refusalWithoutTimes, tellDoubts, tellRecord } from "../domain/import/tell-import.js";

export type ImportFlags = {
  readonly drop?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  readonly encoding?: string | undefined;
  readonly delimiter?: string | undefined;
  readonly dates?: "dmy" | "mdy" | "iso" | undefined;
  readonly decimals?: "comma" | "point" | undefined;
  readonly tz?: string | undefined;
  readonly at?: string | undefined;
  readonly carry?: readonly string[] | undefined;
  readonly key?: readonly string[] | undefined;
};
const shownProblems = 5;

/**
 * `flow-rag import`: a file into the source collection. It is read twice: what decides how it is read may stand in its last line, and a file that
 * is broken off must not cost anything. False when a record of the file was set aside.
 */
export async function importFile(context: CommandContext, file: string, flags: ImportFlags): Promise<boolean> {
  const { config, terminal, signal } = context;
  const { fields, zone } = config.source;
  const paths = writtenPaths(fields);
  const recordFile = await openRecordFile(file, { ...flags, timePaths: pathsOfTimes(fields), knownPaths: pathsOf(fields) }, signal);
  const readFields = createFieldReader(config.source);
  const read = (document: Record<string, unknown>): SourceRecord => ({
    source: config.source.name,
    recordId: "",
    fields: readFields(document),
  });
  const survey = await surveyRecords(recordFile.read(), { read, paths, zone, signal });
  const semicolons = recordFile.layout.kind === "csv" && recordFile.layout.csv.delimiter === ";";
  const { dates, decimals } = flags;
  const zones = { zone: flags.tz, businessZone: config.business.zone, sourceZone: zone };
  const conversion = decideConversion(survey, { dates, decimals, ...zones, semicolons });

  terminal.say(describeFile(recordFile, survey));
  for (const line of tellDoubts(survey, conversion, pathsOf(fields))) terminal.say(line);
  const refusal = refusalWithoutTimes(survey, pathsOfTimes(fields));
  if (flags.dryRun === true) {
    for (const { line, document } of survey.first)
      terminal.result(tellRecord(line, read(convertRecord(document, conversion, paths)), zone));
    sayProblems(context, file, survey.problems, survey.setAside);
    terminal.say(refusal ?? `${survey.records + survey.setAside} read, ${survey.setAside} set aside; nothing was written (--dry-run)`);
    return survey.setAside === 0 && refusal === undefined;
  }
  if (refusal !== undefined) throw new AppError("invalid_input", `${file}: ${refusal}`);
  const { counts, next } = await write(context, recordFile, { flags, survey, conversion, read });
  sayProblems(context, file, counts.problems, counts.setAside);
  const { added, replaced, unchanged, setAside, repeated } = counts;
  const again = repeated > 0 ? ` (${repeated} have the key of an earlier line: the last one counts)` : "";
  terminal.result(
    `${config.source.db}.${config.source.collection}: ${counts.read} read: ${added} added, ${unchanged} already there, ${replaced} replaced${again}, ${setAside} set aside`,
  );
  for (const line of next) terminal.say(line);
  return setAside === 0;
}

function describeFile({ file, gzip, encoding, layout }: RecordFile, survey: Survey): string {
  const delimiter = layout.kind === "csv" ? layout.csv.delimiter : "";
  const kinds = { lines: "JSON, one object a line", values: "JSON", list: "JSON, a list" };
  const kind =
    layout.kind === "json"
      ? layout.at === undefined
        ? kinds[layout.json]
        : `JSON, the list at ${layout.at}`
      : `CSV separated by ${delimiter === "\t" ? "tabs" : `"${delimiter}"`}`;
  return `${file}: ${kind}, ${encoding.name} (${encoding.found})${gzip ? ", gzip" : ""}, ${survey.records} records`;
}

function sayProblems({ terminal }: CommandContext, file: string, problems: ImportCounts["problems"], all: number): void {
  for (const { line, reason } of problems.slice(0, shownProblems)) terminal.say(`${file}:${line}: set aside: ${reason}`);
  if (all > shownProblems) terminal.say(`… and ${all - shownProblems} more`);
}

type Plan = {
  readonly flags: ImportFlags;
  readonly survey: Survey;
  readonly conversion: Conversion;
  readonly read: (document: Record<string, unknown>) => SourceRecord;
};

/** Writes, and leaves word of it for whoever speaks of the source's figures. `next`: what is to be done. */
async function write(
  context: CommandContext,
  recordFile: RecordFile,
  { flags, survey, conversion, read }: Plan,
): Promise<{ counts: ImportCounts; next: string[] }> {
  const { config, lifecycle, signal, terminal } = context;
  const { fields, db, collection } = config.source;
  const { sourceUri, stateUri } = await openAddresses(context, ["mongo"]);
  const mongo = lifecycle.own("source", await openMongo(sourceUri, "MONGO_URI"), (connection) => connection.close());
  const state = lifecycle.own("state", await openMongo(stateUri, "STATE_MONGO_URI"), (connection) => connection.close());
  const options = { collection, cursorFields: cursorPathsOf(fields) };
  const stateDb = state.db(config.state.db);
  const { name, zone } = config.source;
  let from: Date | null = null;
  const seen = (document: Readonly<Record<string, unknown>>): void => {
    const at = timeOfRecord(read(document), zone);
    if (at && (from === null || at < from)) from = at;
  };
  const fill = (sink: RecordSink): Promise<ImportCounts> =>
    writeRecords({ sink, identify: createIdentities(flags.key), conversion, paths: writtenPaths(fields), seen, signal }, recordFile.read());
  const leaveWord = async (counts: ImportCounts): Promise<{ counts: ImportCounts; next: string[] }> => {
    const notes = createImportNotes(stateDb);
    const [at, records] = [new Date(), counts.added + counts.replaced];
    if (records > 0) await notes.imported(name, { records, from, at });
    const problems = counts.problems.slice(0, shownProblems);
    await notes.refused(name, { file: basename(recordFile.file), at, rows: counts.setAside, problems });
    const mark = await createCursorStore(stateDb).read(name, signal);
    const readThrough = (mark?.cursor && cursorInstant(mark.cursor)) ?? null;
    return { counts, next: tellNextStep({ source: name, records, from, readThrough }) };
  };
  if (flags.drop !== true) {
    const sink = createRecordSink(mongo.db(db), options);
    await sink.ensureIndexes();
    return leaveWord(await fill(sink));
  }
  if (survey.records === 0) throw new AppError("invalid_input", `${recordFile.file}: holds no record; with --drop that would only remove`);
  const staged = await stageRecords(mongo.db(db), options, new Date());
  let counts: ImportCounts;
  let held: number;
  const forget = () => createCursorStore(stateDb).reset(config.source.name, { removalsAllowed: true, now: new Date() });
  try {
    counts = await fill(staged.sink);
    if (counts.added === 0) throw new AppError("invalid_input", `${recordFile.file}: no record could be written; nothing was removed`);
    await forget(); // before: whatever dies in between, the next reading is a full one
    held = await staged.swap();
  } catch (error) {
    await staged.discard().catch(() => {});
    throw error;
  }
  await forget(); // and after: a reading that began in between saw the former records
  terminal.say(`${db}.${collection} replaced by the records of the file: it held ${held} records`);
  return leaveWord(counts);
}
