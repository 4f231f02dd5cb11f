/** Which number of 03/04/2026 is the day. */
export type DayOrder = "dmy" | "mdy";
/** A time as its text shows it: fields of a clock written as if they were UTC, and the offset in minutes when the text names one. */
type WrittenTime = { readonly localMs: number; readonly offsetMinutes: number | undefined };
/** What a text says about the order of its numbers: `either` when both readings are dates. */
export type WrittenDate =
  | { readonly order: DayOrder | "either"; readonly as: (order: DayOrder) => WrittenTime | undefined }
  | { readonly order: "named"; readonly as: () => WrittenTime | undefined };

// Beginnings that no other month of French or English shares, without accents.
const months: readonly (readonly string[])[] = [
  ["janv", "jan"],
  ["fevr", "fev", "feb"],
  ["mars", "mar"],
  ["avril", "avr", "apr"],
  ["mai", "may"],
  ["juin", "jun"],
  ["juil", "jul"],
  ["aout", "aou", "aug"],
  ["sept", "sep"],
  ["octo", "oct"],
  ["nov"],
  ["dec"],
];
const fullNames =
  "janvier january fevrier february mars march avril april mai may juin june juillet july aout august septembre september octobre october novembre november decembre december".split(
    " ",
  );

/** From 1; undefined for a word that is no month. */
function monthNamed(word: string): number | undefined {
  const folded = word
    .normalize("NFD")
    .replace(/[\u0300-\u036f.]/g, "")
    .toLowerCase();
  const index = months.findIndex((names) =>
    names.some((name) => folded === name || (folded.startsWith(name) && fullNames.includes(folded))),
  );
  return index === -1 ? undefined : index + 1;
}

const clock = /^(\d{1,2})(?:[:hH.]| h )(\d{2})?(?: ?(?:[:.]|mn?|min) ?(\d{2})(?:[.,](\d{1,9}))?)?(?: ?s)? ?([AaPp]\.?[Mm]\.?)?/;
const zoneOffsets: Readonly<Record<string, number>> = {
  Z: 0,
  UTC: 0,
  GMT: 0,
  CET: 60,
  CEST: 120,
  MET: 60,
  MEST: 120,
  WET: 0,
  WEST: 60,
  BST: 60,
};
const numericOffset = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$/;

function offsetOf(text: string): number | undefined {
  const [, sign, hours = "", minutes = "0"] = numericOffset.exec(text) ?? [];
  if (sign !== undefined) return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return zoneOffsets[text.toUpperCase()];
}

type Clock = { readonly ms: number; readonly offsetMinutes: number | undefined; readonly meridiem: boolean };

/** The time of day of what follows a date; undefined when it is none. Nothing at all is 00:00. */
function readClock(rest: string): Clock | undefined {
  const text = rest.replace(/^(?:[,T ]|à|a|at|vers)+(?=\d)/i, "").trim();
  if (text === "") return { ms: 0, offsetMinutes: undefined, meridiem: false };
  const match = clock.exec(text);
  if (!match) return undefined;
  const [all, hourText, minute = "0", second = "0", fraction = "", meridiem] = match;
  const after = text.slice(all.length).trim();
  const offsetMinutes = after === "" ? undefined : offsetOf(after);
  if (after !== "" && offsetMinutes === undefined) return undefined;
  let hour = Number(hourText);
  if (meridiem !== undefined) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (/^p/i.test(meridiem) ? 12 : 0);
  }
  if (hour > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const ms = ((hour * 60 + Number(minute)) * 60 + Number(second)) * 1_000 + Number(fraction.slice(0, 3).padEnd(3, "0"));
  return { ms, offsetMinutes, meridiem: meridiem !== undefined };
}

function dayMs(year: number, month: number, day: number): number | undefined {
  const full = year < 100 ? (year < 80 ? 2000 : 1900) + year : year;
  const ms = Date.UTC(full, month - 1, day);
  const date = new Date(ms);
  return date.getUTCFullYear() === full && date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? ms : undefined;
}

const weekday = /^(?:lun|mar|mer|jeu|ven|sam|dim|mon|tue|wed|thu|fri|sat|sun)\p{L}{0,6}\.?,? /iu;
const numbers = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?=$|[ ,T])/;
const dayFirst = /^(\d{1,2})(?:er|st|nd|rd|th)?[ -](\p{L}{3,10}\.?)[ -](\d{4}|\d{2})(?=$|[ ,T])/u;
const monthFirst = /^(\p{L}{3,10}\.?) (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?=$|[ ,T])/u;
/** `Sun Nov 29 10:00:00 CET 2026`, as Java and date write it. */
const yearLast = /^(\p{L}{3}) (\d{1,2}) (\d{2}:\d{2}:\d{2}) (?:([A-Z]{1,4}|[+-]\d{4}) )?(\d{4})$/u;

/** `20260310021500` and `202603100215`, also `20260310 021500` and `20260310T0215`: schedulers and mainframes write them. */
const compact = /^((?:19|20)\d{2})(\d{2})(\d{2})[T ]?(\d{2})(\d{2})(\d{2})?$/;

const named = (day: number | undefined, time: Clock | undefined): WrittenDate | undefined =>
  day === undefined || !time ? undefined : { order: "named", as: () => ({ localMs: day + time.ms, offsetMinutes: time.offsetMinutes }) };

/**
 * A date as people and office programs write it, in French or English: `29/11/2026 10:00`, `29.11.26 10h05`, `29 nov. 2026 à 10:00`,
 * `Nov 29, 2026 10:00 AM`, `29-NOV-26`, `20261129100000`, `Sun, 29 Nov 2026 10:00:00 +0100`. Undefined for anything else, ISO 8601 included.
 */
export function readWrittenDate(raw: string): WrittenDate | undefined {
  if (raw.length > 64) return undefined;
  const text = raw
    .trim()
    .replace(/[\u00a0\u202f\s]+/g, " ")
    .replace(weekday, "");
  const [together, year, month, day, hour, minute, second = "00"] = compact.exec(text) ?? [];
  if (together !== undefined) return named(dayMs(Number(year), Number(month), Number(day)), readClock(`${hour}:${minute}:${second}`));
  const plain = numbers.exec(text);
  if (plain) return readNumbers(plain, text.slice(plain[0].length));
  const [first] = [dayFirst.exec(text)];
  if (first) {
    const [all, day, month = "", year] = first;
    const number = monthNamed(month);
    return number === undefined ? undefined : named(dayMs(Number(year), number, Number(day)), readClock(text.slice(all.length)));
  }
  return readMonthFirst(text);
}

function readMonthFirst(text: string): WrittenDate | undefined {
  const first = monthFirst.exec(text);
  if (first) {
    const [all, month = "", day, year] = first;
    const number = monthNamed(month);
    return number === undefined ? undefined : named(dayMs(Number(year), number, Number(day)), readClock(text.slice(all.length)));
  }
  const [, month = "", day, time = "", zone = "", year] = yearLast.exec(text) ?? [];
  const number = monthNamed(month);
  return number === undefined ? undefined : named(dayMs(Number(year), number, Number(day)), readClock(`${time} ${zone}`.trim()));
}

function readNumbers([, a = "", sign, b = "", year = ""]: RegExpExecArray, rest: string): WrittenDate | undefined {
  const time = readClock(rest);
  if (!time) return undefined;
  const at = (day: number | undefined): WrittenTime | undefined =>
    day === undefined ? undefined : { localMs: day + time.ms, offsetMinutes: time.offsetMinutes };
  const as = (order: DayOrder) =>
    at(order === "dmy" ? dayMs(Number(year), Number(b), Number(a)) : dayMs(Number(year), Number(a), Number(b)));
  const [dmy, mdy] = [as("dmy"), as("mdy")];
  if (!dmy && !mdy) return undefined;
  // Nobody writes the month first with points.
  if (sign === "." && dmy) return { order: "dmy", as };
  if (dmy && mdy && Number(a) !== Number(b)) return { order: "either", as };
  return dmy && mdy ? { order: "either", as } : { order: dmy ? "dmy" : "mdy", as };
}
