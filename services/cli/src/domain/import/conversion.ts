import { AppError, parseInstant } from "@flow-rag/kernel";
import { readInstant } from "@flow-rag/insights";
import { fieldAt, setField } from "./csv-columns.js";
import type { WrittenPaths } from "./source-paths.js";
import type { Survey } from "./survey-records.js";
import { readWrittenDate, type DayOrder } from "./written-date.js";
import { decimalSignIn, readWrittenNumber, type DecimalSign } from "./written-number.js";

export type ConversionOptions = {
  /** What `--dates` says: `iso` reads no other form. */
  readonly dates?: DayOrder | "iso" | undefined;
  readonly decimals?: "comma" | "point" | undefined;
  /** What `--tz` says: the zone of all times that name none. */
  readonly zone?: string | undefined;
  /** The zone of dates as people write them, when `--tz` says none. */
  readonly businessZone: string;
  /** The zone in which ingestion reads ISO texts that name none. */
  readonly sourceZone: string;
  /** The file's cells are separated by semicolons, as office programs do where the comma separates decimals. */
  readonly semicolons: boolean;
};

/** How the texts of a file's time and number fields become values. `said`: what the user is told of it. */
export type Conversion = {
  readonly order: DayOrder | undefined;
  /** Zone of times without an offset, when times are converted at all; else they stay as they are, for `SOURCE_TZ`. */
  readonly zone: string | undefined;
  readonly decimal: DecimalSign | undefined;
  readonly said: readonly string[];
};

/**
 * Decides over the whole file: one 29/11/2026 says that 03/04/2026 is the third of April. Where no row decides, the day is taken to come
 * first, and that is said. @throws AppError `invalid_input` when rows contradict each other and no option says which is meant.
 */
export function decideConversion(survey: Survey, options: ConversionOptions): Conversion {
  const said: string[] = [];
  const order = decideOrder(survey, options, said);
  const written = ["named", "dmy", "mdy", "either"] as const;
  const convertsTimes = options.zone !== undefined || (options.dates !== "iso" && written.some((form) => survey.times.has(form)));
  if (options.zone !== undefined && !isZone(options.zone))
    throw new AppError("invalid_input", `--tz ${options.zone}: unknown; an IANA name such as Europe/Paris is wanted`);
  const zone = convertsTimes ? (options.zone ?? options.businessZone) : undefined;
  if (zone !== undefined)
    said.push(`times without a zone are read in ${zone}${options.zone === undefined ? " (BUSINESS_TZ; --tz says another)" : ""}`);
  else if (survey.times.has("local")) said.push(`times without a zone are read in ${options.sourceZone} (SOURCE_TZ; --tz says another)`);
  const decimal = decideDecimal(survey, options, order, said);
  return { order, zone, decimal, said };
}

function isZone(name: string): boolean {
  try {
    return parseInstant("2000-01-01", name) !== undefined;
  } catch {
    return false;
  }
}

const orderWords = { dmy: "day first", mdy: "month first" } as const;

function decideOrder({ times }: Survey, { dates }: ConversionOptions, said: string[]): DayOrder | undefined {
  if (dates === "iso") return undefined;
  const [dmy, mdy, either] = [times.get("dmy"), times.get("mdy"), times.get("either")];
  if (dates !== undefined) return dates;
  if (dmy && mdy)
    throw new AppError(
      "invalid_input",
      `dates contradict each other: line ${dmy.line} has "${dmy.example}", line ${mdy.line} "${mdy.example}"; say --dates dmy or --dates mdy`,
    );
  const certain = dmy ?? mdy;
  if (!certain && !either) return undefined;
  const order = mdy ? "mdy" : "dmy";
  if (certain) said.push(`dates are read ${orderWords[order]}, as "${certain.example}" (line ${certain.line}) shows`);
  else
    said.push(
      `AMBIGUOUS dates: "${either?.example}" (line ${either?.line}) and all others may be read both ways; read day first, --dates mdy says otherwise`,
    );
  return order;
}

function decideDecimal(
  { numbers }: Survey,
  options: ConversionOptions,
  order: DayOrder | undefined,
  said: string[],
): DecimalSign | undefined {
  if (options.decimals !== undefined) return options.decimals === "comma" ? "," : ".";
  const [comma, either] = [numbers.get(","), numbers.get("either")];
  if (comma) {
    said.push(`decimal commas: "${comma.example}" (line ${comma.line})`);
    return ",";
  }
  if (!either) return ".";
  const decimal = options.semicolons || order === "dmy" ? "," : ".";
  const meaning = decimal === "," ? "with a decimal comma, --decimals point" : "as thousands, --decimals comma";
  said.push(`AMBIGUOUS numbers: "${either.example}" (line ${either.line}) is read ${meaning} says otherwise`);
  return decimal;
}

/** The record with the texts of its time and number fields read; what cannot be read stays as it is. The given document is changed. */
export function convertRecord(document: Record<string, unknown>, conversion: Conversion, paths: WrittenPaths): Record<string, unknown> {
  for (const path of paths.times) {
    const text = fieldAt(document, path);
    const time = typeof text === "string" && conversion.zone !== undefined ? readTime(text, conversion, conversion.zone) : undefined;
    if (time) setField(document, path, time);
  }
  for (const path of paths.numbers) {
    const text = fieldAt(document, path);
    if (typeof text !== "string") continue;
    const number = readWrittenNumber(text, decimalOf(text, conversion.decimal));
    if (number !== undefined) setField(document, path, number);
  }
  return document;
}

/** A number's own sign, or the file's where its text may mean both: 12.345 is thousands where commas separate decimals. */
function decimalOf(text: string, decimal: DecimalSign | undefined): DecimalSign {
  if (decimal === "," && /^\s*[+-]?[1-9]\d{0,2}(?:\.\d{3})+\s*$/.test(text)) return ",";
  const sign = decimalSignIn(text);
  return sign === "," || sign === "." ? sign : (decimal ?? ".");
}

function readTime(text: string, { order }: Conversion, zone: string): Date | undefined {
  const plain = readInstant(text, zone);
  if (plain) return plain;
  const written = readWrittenDate(text);
  if (!written) return undefined;
  if (written.order !== "named" && order === undefined) return undefined;
  const time = written.as(order ?? "dmy");
  if (!time) return undefined;
  if (time.offsetMinutes !== undefined) return new Date(time.localMs - time.offsetMinutes * 60_000);
  return parseInstant(new Date(time.localMs).toISOString().slice(0, -1), zone);
}
