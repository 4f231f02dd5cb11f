import { foldStatus, type FieldPlaces, type FieldRule, type SourceField, type SourceFields, type SourceRecord } from "@flow-rag/contracts";
import type { SourceStatuses } from "@flow-rag/contracts";
import { toPlain } from "./record-id.js";

type Mapping = { readonly fields: SourceFields; readonly statuses?: SourceStatuses | undefined };
type Found = { readonly value: unknown; readonly step: number };

/**
 * What a source's document says under our names, by the source's configuration: the first of a field's places that holds something; a place
 * that holds null or blank text counts only when there is no other. A rule for the status that fits is final: a run that is over and whose
 * conclusion is empty has no status.
 */
export const createFieldReader = ({ fields, statuses }: Mapping): ((document: unknown) => SourceRecord["fields"]) => {
  const names = Object.keys(fields) as SourceField[];
  return (document) => {
    const read = new Map<string, unknown>();
    for (const name of names) {
      const found = find(document, fields[name], { rulesAreFinal: name === "status", isThere: times.has(name) ? isTime : isPresent });
      if (found.value !== undefined) read.set(name, found.value);
      if (name === "durationMs" && found.value !== undefined && fields[name].unit) read.set("durationUnit", fields[name].unit);
      if (name === "status" && hasEmptyBefore(document, fields.status, found.step)) read.set("outcomeMissing", true);
    }
    const own = statuses && ownStatus(statuses, read.get("status"));
    if (own) read.set("ownStatus", own);
    return Object.fromEntries(read);
  };
};

const times: ReadonlySet<SourceField> = new Set<SourceField>(["timestamp", "startedAt", "endedAt", "updatedAt"]);

type Finding = { readonly rulesAreFinal: boolean; readonly isThere: (value: unknown) => boolean };

function find(document: unknown, { steps }: FieldPlaces, { rulesAreFinal, isThere }: Finding): Found {
  let blank: Found = { value: undefined, step: -1 };
  for (const [step, place] of steps.entries()) {
    const rule = typeof place === "string" ? undefined : place;
    const value = toPlain(rule ? byRule(document, rule) : readPath(document, place as string));
    if (isThere(value) || (rule && rulesAreFinal && value !== undefined)) return { value, step };
    if (blank.value === undefined) blank = { value, step };
  }
  return blank;
}

/** The value of a rule; null when it fits and nothing is there, undefined when it does not fit. */
function byRule(document: unknown, rule: FieldRule): unknown {
  const among = rule.in === undefined ? [document] : listOf(readPath(document, rule.in));
  const place = among.find((one) => fits(one, rule));
  if (place === undefined) return undefined;
  return rule.is ?? readPath(place, rule.take ?? "") ?? null;
}

/** Elements that are looked at. */
const mostElements = 1_000;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value.slice(0, mostElements) : []);

const fits = (place: unknown, { when = {} }: FieldRule): boolean =>
  Object.entries(when).every(([path, wanted]) => {
    const value = toPlain(readPath(place, path));
    return (Array.isArray(wanted) ? wanted : [wanted]).some((one) => holds(value, one));
  });

function holds(value: unknown, wanted: string | number | boolean | null): boolean {
  if (wanted === "*") return value !== undefined;
  if (wanted === null) return !isPresent(value);
  return isScalar(value) && foldStatus(String(value)) === foldStatus(String(wanted));
}

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";
const isPresent = (value: unknown): boolean => value !== undefined && value !== null && (typeof value !== "string" || value.trim() !== "");

/** "Has not ended" is written as the beginning of time: 0 by Databricks, the year 1 by Go and .NET. */
const noTime = /^(?:0|0001-01-01.*|1970-01-01[T ]00:00:00(?:\.0+)?(?:Z|\+00:?00)?)$/;
const isTime = (value: unknown): boolean =>
  isPresent(value) && !(isScalar(value) && noTime.test(String(value).trim())) && !isBeginning(value);
// Under jest a Date of the driver belongs to another realm, so its class is asked by name.
const isBeginning = (value: unknown): boolean =>
  Object.prototype.toString.call(value) === "[object Date]" && ((value as Date).getTime() === 0 || (value as Date).getUTCFullYear() === 1);

/** Whether a path before the one that gave the value is there and empty. */
const hasEmptyBefore = (document: unknown, { steps }: FieldPlaces, found: number): boolean =>
  steps.slice(0, Math.max(0, found)).some((step) => typeof step === "string" && readPath(document, step) !== undefined);

const ownStatus = (statuses: SourceStatuses, value: unknown) => (isScalar(value) ? statuses.get(foldStatus(String(value))) : undefined);

/** A field by its dotted path; MongoDB allows no array index here, and neither do we. */
export function readPath(row: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (value, key) =>
        typeof value === "object" && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined,
      row,
    );
}
