import type { ObjectId } from "bson";
import { DateTime } from "@flow-rag/kernel";
import type { Operator } from "./expression-types.js";
import { oneArgument } from "./expression-scalars.js";
import { isNumeric, toNumber } from "./numbers.js";
import { badValue, ServerError, unsupported } from "./server-error.js";
import { bsonType, isDate, isObject } from "./bson-types.js";

const isNil = (value: unknown): value is null | undefined => value === null || value === undefined;

/** MongoDB's names (an IANA name, "+02:00", "+0200", "+02") as Luxon's. */
function zoneOf(timezone: unknown): string {
  if (isNil(timezone) || timezone === "Z" || timezone === "GMT") return "UTC";
  if (typeof timezone !== "string") throw badValue("timezone must be a string");
  return timezone.replace(/^([+-]\d\d)(?::?(\d\d))?$/, (_all, hours: string, minutes = "00") => `UTC${hours}:${String(minutes)}`);
}

function dateTime(name: string, value: unknown, timezone: unknown): DateTime {
  const date = bsonType(value) === "ObjectId" ? (value as ObjectId).getTimestamp() : value;
  if (!isDate(date)) throw new ServerError(14, `${name} needs a date`);
  const at = DateTime.fromMillis(Number(date), { zone: zoneOf(timezone) });
  if (!at.isValid) throw badValue(`unrecognized time zone identifier, or a date out of range`);
  return at;
}

function fields(name: string, values: unknown[], keys: readonly string[]): Record<string, unknown> {
  const value = oneArgument(name, values);
  if (!isObject(value)) throw new ServerError(9, `${name} needs an object`);
  const odd = Object.keys(value).find((key) => !keys.includes(key));
  if (odd !== undefined) throw new ServerError(9, `${name} found an unknown argument: ${odd}`);
  return value;
}

const units = ["year", "quarter", "month", "week", "day", "hour", "minute", "second", "millisecond"] as const;
type Unit = (typeof units)[number];

function unitOf(value: unknown): Unit {
  const unit = units.find((name) => name === value);
  if (!unit) throw badValue(`unknown time unit value: ${String(value)}`);
  return unit;
}

/** $year: "$at" or $year: {date: "$at", timezone: "Europe/Paris"}. */
const part =
  (name: string, read: (date: DateTime) => number): Operator =>
  (values) => {
    const value = oneArgument(name, values);
    const { date, timezone } = isObject(value) ? fields(name, values, ["date", "timezone"]) : { date: value, timezone: undefined };
    return isNil(date) ? null : read(dateTime(name, date, timezone));
  };

const sundayFirst = (date: DateTime): number => (date.weekday % 7) + 1;

const pad = (value: number, length: number): string => String(value).padStart(length, "0");

const formatters: Record<string, (date: DateTime) => string> = {
  Y: (date) => pad(date.year, 4),
  m: (date) => pad(date.month, 2),
  d: (date) => pad(date.day, 2),
  H: (date) => pad(date.hour, 2),
  M: (date) => pad(date.minute, 2),
  S: (date) => pad(date.second, 2),
  L: (date) => pad(date.millisecond, 3),
  j: (date) => pad(date.ordinal, 3),
  w: (date) => String(sundayFirst(date)),
  u: (date) => String(date.weekday),
  G: (date) => pad(date.weekYear, 4),
  V: (date) => pad(date.weekNumber, 2),
  z: (date) => date.toFormat("ZZZ"),
  Z: (date) => String(date.offset),
  "%": () => "%",
};

function toText(values: unknown[]): unknown {
  const { date, format, timezone, onNull = null } = fields("$dateToString", values, ["date", "format", "timezone", "onNull"]);
  if (isNil(date)) return onNull;
  const pattern = format ?? `%Y-%m-%dT%H:%M:%S.%L${isNil(timezone) ? "Z" : ""}`;
  if (typeof pattern !== "string") throw badValue("$dateToString requires that 'format' be a string");
  const at = dateTime("$dateToString", date, timezone);
  return pattern.replace(/%(.?)/g, (_all, letter: string) => {
    const formatter = formatters[letter];
    if (!formatter) throw badValue(`Invalid format character '%${letter}' in format string`);
    return formatter(at);
  });
}

/** Weeks start on Sunday unless `startOfWeek` says otherwise. */
function startOf(date: DateTime, unit: Unit, startOfWeek: unknown): DateTime {
  if (unit !== "week") return date.startOf(unit);
  const days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
  const name = typeof startOfWeek === "string" ? startOfWeek.toLowerCase() : "sunday";
  const first = days.findIndex((day) => day === name || day.slice(0, 3) === name) + 1;
  if (first === 0) throw badValue(`unknown day of week value: ${name}`);
  return date.startOf("day").minus({ days: (date.weekday - first + 7) % 7 });
}

function truncate(values: unknown[]): unknown {
  const names = ["date", "unit", "binSize", "timezone", "startOfWeek"];
  const { date, unit, binSize = 1, timezone, startOfWeek } = fields("$dateTrunc", values, names);
  if (isNil(date) || isNil(unit) || isNil(binSize)) return null;
  const size = toNumber(binSize as number);
  const start = startOf(dateTime("$dateTrunc", date, timezone), unitOf(unit), startOfWeek);
  if (size === 1) return start.toJSDate();
  const width = { minute: 60_000, second: 1000, millisecond: 1, hour: 3_600_000 }[unit as string];
  if (!width || !isNil(timezone) || !Number.isInteger(size) || size < 1) throw unsupported("$dateTrunc with this binSize");
  // Bins are counted from the reference date 2000-01-01T00:00:00Z.
  const [reference, bin] = [Date.UTC(2000, 0, 1), width * size];
  return new Date(reference + Math.floor((start.toMillis() - reference) / bin) * bin);
}

const shift =
  (name: string, sign: 1 | -1): Operator =>
  (values) => {
    const { startDate, unit, amount, timezone } = fields(name, values, ["startDate", "unit", "amount", "timezone"]);
    if (isNil(startDate) || isNil(unit) || isNil(amount)) return null;
    if (!isNumeric(amount) || !Number.isInteger(toNumber(amount))) throw badValue(`${name} expects an integer amount`);
    return dateTime(name, startDate, timezone)
      .plus({ [unitOf(unit)]: sign * toNumber(amount) })
      .toJSDate();
  };

/** How many boundaries of the unit lie between the dates, not how much time. */
function difference(values: unknown[]): unknown {
  const names = ["startDate", "endDate", "unit", "timezone", "startOfWeek"];
  const { startDate, endDate, unit, timezone, startOfWeek } = fields("$dateDiff", values, names);
  if (isNil(startDate) || isNil(endDate) || isNil(unit)) return null;
  const boundary = (value: unknown) => startOf(dateTime("$dateDiff", value, timezone), unitOf(unit), startOfWeek);
  return Math.round(boundary(endDate).diff(boundary(startDate), unitOf(unit)).as(unitOf(unit)));
}

export const dateOperators: Record<string, Operator> = {
  $year: part("$year", (date) => date.year),
  $month: part("$month", (date) => date.month),
  $dayOfMonth: part("$dayOfMonth", (date) => date.day),
  $dayOfYear: part("$dayOfYear", (date) => date.ordinal),
  $dayOfWeek: part("$dayOfWeek", sundayFirst),
  $isoDayOfWeek: part("$isoDayOfWeek", (date) => date.weekday),
  $isoWeek: part("$isoWeek", (date) => date.weekNumber),
  $isoWeekYear: part("$isoWeekYear", (date) => date.weekYear),
  $hour: part("$hour", (date) => date.hour),
  $minute: part("$minute", (date) => date.minute),
  $second: part("$second", (date) => date.second),
  $millisecond: part("$millisecond", (date) => date.millisecond),
  $dateToString: toText,
  $dateTrunc: truncate,
  $dateAdd: shift("$dateAdd", 1),
  $dateSubtract: shift("$dateSubtract", -1),
  $dateDiff: difference,
};
