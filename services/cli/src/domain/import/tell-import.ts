import type { SourceRecord } from "@flow-rag/contracts";
import { normaliseRecord } from "@flow-rag/insights";
import type { Conversion } from "./conversion.js";
import type { Seen, Survey } from "./survey-records.js";

const shownWords = 8;
// eslint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const printable = (text: string): string => text.replace(unprintable, " ");

const list = (seen: ReadonlyMap<string, Seen>): string => {
  const words = [...seen].sort(([, a], [, b]) => b.count - a.count);
  const shown = words.slice(0, shownWords).map(([word, { count, line }]) => `"${printable(word)}" (${count}, first in line ${line})`);
  return [...shown, ...(words.length > shownWords ? [`and ${words.length - shownWords} more`] : [])].join(", ");
};

/** What of a file was not understood, a line each; none when all was. `mapped`: the paths that are read. */
export function tellDoubts(survey: Survey, conversion: Conversion, mapped: readonly string[]): string[] {
  const unread = (kind: string, seen: Seen | undefined): string[] =>
    seen ? [`${kind} not understood: ${seen.count}, such as "${printable(seen.example)}" (line ${seen.line})`] : [];
  const others = [...survey.names.keys()].filter((name) => name !== "_id" && !isMapped(name, mapped));
  const shown = others.slice(0, 15).map(printable).join(", ");
  return [
    ...conversion.said,
    ...(survey.withoutTime > 0 ? [`without a time: ${survey.withoutTime} of ${survey.records} records; ingest sets them aside`] : []),
    ...unread("times", survey.times.get("unread")),
    ...unread("numbers", survey.numbers.get("unread")),
    ...(survey.statuses.size > 0 ? [`statuses not understood: ${list(survey.statuses)}`] : []),
    ...(others.length > 0 ? [`fields that are not read: ${shown}${others.length > 15 ? ` and ${others.length - 15} more` : ""}`] : []),
  ];
}

const isMapped = (name: string, mapped: readonly string[]): boolean =>
  mapped.some((path) => path === name || path.startsWith(`${name}.`) || name.startsWith(`${path}.`));

/** How one record will be read, in a line. */
export function tellRecord(line: number, record: SourceRecord, zone: string): string {
  const read = normaliseRecord(record, { zone });
  if (!read.ok) return `line ${line}: would be set aside: ${read.reason}`;
  const { pipeline, tech, status, rawStatus, ts, durationMs, error } = read.facts;
  const parts = [
    `pipeline ${pipeline}`,
    `techno ${tech}`,
    `status ${status} ("${rawStatus}")`,
    `time ${ts.toISOString()}`,
    `duration ${durationMs === null ? "none" : `${durationMs} ms`}`,
    `error ${error === null ? "none" : `"${error.replace(/\s+/g, " ").slice(0, 120)}"`}`,
  ];
  return `line ${line}: ${parts.map(printable).join(" · ")}`;
}

const wordsOf = { end: /end|fin|stop|complet|finish|termin|ende/i, start: /start|d[eé]but|begin|lanc|launch|run|ex[eé]c/i };
/** Fields that could be the time, the likeliest first: in most records, by its name an end, then a start. */
function timeLike({ timeLike: seen }: Survey): string[] {
  const rank = (name: string): number => (wordsOf.end.test(name) ? 0 : wordsOf.start.test(name) ? 1 : 2);
  return [...seen].sort(([a, x], [b, y]) => rank(a) - rank(b) || y - x).map(([name]) => printable(name));
}

/** Names under which people keep what is not read yet, each whole. */
const usualNames: readonly (readonly [field: string, names: RegExp])[] = [
  ["pipeline", /^(?:job|flow|flux|traitement|t[âa]che|task|dag|process(?:us)?|cha[iî]ne|workflow)(?:[ _.-]?(?:name|id|nom))?$/i],
  ["status", /^(?:[ée]tat|statut|state|r[ée]sultat|result|outcome)$/i],
  ["error", /^(?:message|erreur|libell[ée] erreur|error text|reason|motif|cause)$/i],
];

/** A setting that could read the file: the end of a run with its start behind it, for what still runs, and what else has a usual name. */
function proposedFields(survey: Survey, [best, ...others]: readonly string[]): Record<string, string | string[]> {
  const start = best !== undefined && wordsOf.end.test(best) ? others.find((name) => wordsOf.start.test(name)) : undefined;
  const fields: Record<string, string | string[]> = { timestamp: start === undefined ? (best ?? "…") : [best as string, start] };
  for (const [field, names] of usualNames) {
    const found = [...survey.names.keys()].find((name) => names.test(name));
    if (found !== undefined) fields[field] = printable(found);
  }
  return fields;
}

/** Refusal of a file in which no record has a field that a time is read from: nothing of it could be ingested. */
export function refusalWithoutTimes(survey: Survey, timePaths: readonly string[]): string | undefined {
  if (survey.records === 0 || survey.withoutTime < survey.records) return undefined;
  const names = [...survey.names.keys()].slice(0, 30).map(printable).join(", ");
  const [best, ...others] = timeLike(survey);
  const setting = `SOURCE_FIELDS='${JSON.stringify(proposedFields(survey, best === undefined ? [] : [best, ...others]))}'`;
  const propose =
    best === undefined
      ? `say which is the time: ${setting}`
      : `${JSON.stringify(best)} looks like it: ${setting}${
          others.length > 0
            ? ` (or ${others
                .slice(0, 4)
                .map((name) => JSON.stringify(name))
                .join(", ")})`
            : ""
        }`;
  return `no record has a time: ${timePaths.join(", ")} are looked at, and the fields are ${names}; ${propose}`;
}
