import { localDay, localReading } from "@flow-rag/kernel";
import type { CitedRecord, Grounds, NameKind } from "./grounds.js";
import type { Claim, Sentence, Subject } from "./claims.js";
import { readSentences } from "./read-claims.js";
import { containsQuote } from "./contains-quote.js";
import { curveOf, isByHourOfDay } from "./check-curve.js";
import { errorLinesOf, type ErrorLine } from "./check-errors.js";
import { extremesOf } from "./check-extremes.js";
import { rangesOf } from "./check-ranges.js";
import { linesOf, type Line } from "./lines.js";
import { indexNames, tokenise } from "./tokenise.js";
import type { NameIndex, Token } from "./tokens.js";

/** What is true, in a form that can be looked up. */
export type KnownClaims = {
  readonly names: NameIndex;
  readonly byTime: boolean;
  readonly byHour: boolean;
  /** The days or hours of the template's curve, in its order. */
  readonly curve: readonly string[];
  /** What the first figure of the template counts. */
  readonly asked: readonly string[];
  readonly listedAs: string | undefined;
  /** Names that what is true speaks of. */
  readonly said: ReadonlySet<string>;
  /** Words that what is true is written in. */
  readonly words: ReadonlySet<string>;
  readonly pairs: ReadonlySet<string>;
  /** What stands in brackets behind a name, as in `orders-daily` (Spark), and the technos of records. */
  readonly technos: ReadonlyMap<string, ReadonlySet<string>>;
  /** Stretches of a day that what is true speaks of, and the window's own. */
  readonly ranges: ReadonlySet<string>;
  /** When something is told to have been first, last or highest. */
  readonly extremes: ReturnType<typeof extremesOf>;
  readonly errorLines: readonly ErrorLine[];
  readonly quotes: readonly string[];
  readonly quoteOf: (text: string) => string;
  /** True when the claim holds for one of its subjects, or stands in a line with one of the citations. */
  holds(claim: Claim, cites: readonly number[]): boolean;
  /** What is true, in tokens. */
  readonly tokens: readonly Token[];
  /** Lines of the template, and the further statements. */
  readonly lines: readonly Line[];
  readonly statements: readonly Line[];
  /** What one line of the template claims. */
  claimsOf(line: string): readonly Claim[];
  /** Sentences of the template, in its order. */
  readonly sentences: readonly Sentence[];
};

/** A month and day as a date: of the window if it lies there, else the last one that has that day of the week and is not after now. */
function toIso(day: string, year: string, weekday: string, { now, window }: Pick<Grounds, "now" | "window">): string {
  if (year !== "") return `${year}-${day}`;
  const latest = new Date(now.getTime() + 2 * 86_400_000).toISOString().slice(0, 10);
  const years = Array.from({ length: 12 }, (_, back) => `${now.getUTCFullYear() + 1 - back}-${day}`).filter((iso) => iso <= latest);
  const fits = years.filter((iso) => weekday === "" || weekdayOf(iso) === Number(weekday));
  const from = window?.from?.toISOString().slice(0, 10) ?? "";
  const to = window?.to.toISOString().slice(0, 10) ?? latest;
  return fits.find((iso) => iso >= from && iso <= to) ?? fits[0] ?? years[0] ?? `${now.getUTCFullYear()}-${day}`;
}
/** A date with a time of day, as it is said, to the minute. */
function instantOf(moment: string, grounds: Pick<Grounds, "now" | "window">): string {
  const [day = "", year = "", weekday = "", minute = ""] = moment.split("|");
  return `${toIso(day, year, weekday, grounds)} ${minute}`;
}
const weekdayOf = (iso: string): number => new Date(`${iso}T12:00:00Z`).getUTCDay();
const localMinute = (instant: Date, zone: string): number => {
  const [hours = 0, minutes = 0] = localReading(instant, zone).slice(11).split(":").map(Number);
  return hours * 60 + minutes;
};

/** Reads what is true by the rules that texts are read by. */
export function knowClaims(grounds: Grounds): KnownClaims {
  const { language, template, statements, records, scope, now, zone, window } = grounds;
  const names = indexNames(grounds.names);
  const lines = tokenise(language, template, names);
  const more = statements.flatMap((statement) => tokenise(language, statement, names));
  const quotes = quotesOf(
    [...lines, ...more],
    records.map(({ text }) => text),
  );
  const quoteOf = (text: string) => quotes.find((quote) => containsQuote(quote, text)) ?? text;
  const curve = curveOf(lines);
  const byTime = curve.length >= 2;
  const byHour = isByHourOfDay(curve);
  const plain = { language, byTime, byHour, quoteOf, asked: [], listedAs: undefined, proving: true };
  const asked = askedOf(readSentences(lines, plain));
  const counted = asked.filter((kind) => /^(?:failures|success|runs|status:)/.test(kind));
  const options = { ...plain, asked: counted, listedAs: outcomeOfCount(counted) };
  const sentences = readSentences(lines, options);
  const all = [...sentences, ...readSentences(more, options)];

  const days: string[] = [];
  const index = new Map<string, Set<Subject>>();
  const byCite = new Map<number, Set<string>>();
  const lasted = new Map<string, Set<string>>();
  const most = new Map<string, { subject: string; value: number }>();
  const kindOf = new Map<string, NameKind>(all.flatMap(({ names: found }) => found.map(({ name, kind }) => [name, kind] as const)));
  const put = (subject: Subject, key: string) => {
    index.set(key, (index.get(key) ?? new Set()).add(subject));
    if (subject !== null && scope.includes(subject)) index.set(key, (index.get(key) ?? new Set()).add(null));
  };
  for (const { claims, cites } of all)
    for (const claim of claims) {
      const [subject = null] = claim.subjects;
      for (const key of keysOf(claim, grounds, "known")) {
        put(subject, key);
        for (const moment of claim.moments ?? []) {
          const at = `${subject ?? ""}\n${key}`;
          lasted.set(at, (lasted.get(at) ?? new Set()).add(instantOf(moment, grounds)));
        }
        for (const n of cites) byCite.set(n, (byCite.get(n) ?? new Set()).add(key));
      }
      if (claim.sort === "number" && typeof claim.value === "number") {
        if (claim.kinds[0] === "failures" || claim.kinds[0] === "success") {
          const outcome = claim.kinds[0] === "failures" ? "failed" : "success";
          put(subject, claim.value > 0 ? `some:${outcome}` : `none:${outcome}`);
          if (claim.value === 0) put(subject, `none:${claim.kinds[0]}`);
        } else if (claim.value === 0) put(subject, `none:${claim.kinds[0] ?? ""}`);
        const kind = subject === null ? undefined : kindOf.get(subject);
        if (subject !== null && kind && (claim.kinds[0] === "failures" || claim.kinds[0] === "bare")) {
          const leader = most.get(kind);
          if (!leader || claim.value > leader.value) most.set(kind, { subject, value: claim.value });
        }
      }
      if (claim.kinds[0]?.startsWith("delta:") && typeof claim.value === "number")
        put(subject, `direction=${claim.value > 0 ? "up" : claim.value < 0 ? "down" : "level"}`);
    }
  for (const { subject } of most.values()) put(subject, "most=most");
  for (const [position, record] of records.entries()) {
    const day = localDay(record.ts, zone);
    const minute = localMinute(record.ts, zone);
    const told = [`day=${day}`, `clock=${minute}`, `moment=${day} ${minute}`, `some:${record.status}`];
    byCite.set(position + 1, new Set([...(byCite.get(position + 1) ?? []), ...told]));
    days.push(day);
  }
  if (window) {
    const last = new Date(window.to.getTime() - 1);
    if (window.from) put(null, `day=${localDay(window.from, zone)}`);
    put(null, `day=${localDay(last, zone)}`);
    for (const end of [window.from, window.to]) if (end) put(null, `moment=${localDay(end, zone)} ${localMinute(end, zone)}`);
    days.push(localDay(window.to, zone));
  }
  const pairs = new Set<string>();
  const pair = (a: string, b: string) => pairs.add(`${a}\n${b}`).add(`${b}\n${a}`);
  for (const sentence of all) {
    const here = [...new Set(sentence.names.map(({ name }) => name))];
    for (const a of here) for (const b of here) if (a !== b) pair(a, b);
  }
  for (const { pipeline, tech, environment } of records) {
    pair(pipeline, tech);
    if (environment === null) continue;
    pair(pipeline, environment);
    pair(tech, environment);
  }
  for (const a of scope) for (const b of [...kindOf.keys()]) pair(a, b);

  const spoken = [...index.keys()].filter((key) => key.startsWith("day=")).map((key) => key.slice(4));
  days.push(...spoken);
  const periods = new Set([...index.keys()].filter((key) => key.startsWith("period=")).map((key) => key.slice(7)));
  const knownFor = (key: string, subjects: readonly Subject[], cites: readonly number[]): boolean =>
    subjects.some((subject) => index.get(key)?.has(subject)) || cites.some((n) => byCite.get(n)?.has(key));

  /** Where what is true says when a run took so long, it has not done so at another time. */
  const tookPlace = ({ moments = [] }: Claim, subject: Subject, key: string): boolean => {
    const known = lasted.get(`${subject ?? ""}\n${key}`);
    return known === undefined || moments.length === 0 || moments.some((moment) => known.has(instantOf(moment, grounds)));
  };

  const holdsDate = ({ kinds, value, subjects }: Claim, cites: readonly number[]): boolean => {
    const among = kinds[0] === "moment" ? subjects : [...subjects, null];
    const proofs = cites.filter((n) =>
      subjects.some((subject) => subject === null || /^["@]/.test(subject) || isAbout(records[n - 1], subject)),
    );
    if (kinds[0] === "clock") return knownFor(`clock=${value}`, among, proofs);
    if (kinds[0] === "period") return holdsPeriod(String(value), { days: spoken, periods, now, zone, window });
    const [day = "", year = "", weekday = "", minute] = String(value).split("|");
    return days.some(
      (iso) =>
        iso.slice(5) === day &&
        (year === "" || iso.slice(0, 4) === year) &&
        (weekday === "" || weekdayOf(iso) === Number(weekday)) &&
        knownFor(minute === undefined ? `day=${iso}` : `moment=${iso} ${minute}`, among, proofs),
    );
  };
  return {
    names,
    byTime,
    byHour,
    curve,
    asked: options.asked,
    listedAs: options.listedAs,
    said: new Set([
      ...all.flatMap(({ names: found }) => found.map(({ name }) => name)),
      ...scope,
      ...records.flatMap(({ pipeline, tech }) => [pipeline, tech]),
    ]),
    words: new Set([...lines, ...more].flatMap((token) => (token.is === "word" ? [token.text] : []))),
    pairs,
    technos: technosOf([...bracketed([...lines, ...more]), ...records.map(({ pipeline, tech }) => [pipeline, tech] as const)]),
    ranges: new Set([...rangesOf([...lines, ...more]), ...windowRange(window, zone)]),
    extremes: extremesOf([...lines, ...more]),
    errorLines: errorLinesOf([...lines, ...more], quoteOf, "line"),
    quotes,
    quoteOf,
    tokens: [...lines, ...more],
    lines: linesOf(template, lines, quoteOf),
    statements: statements.flatMap((statement) => linesOf(statement, tokenise(language, statement, names), quoteOf)),
    claimsOf: (line) => readSentences(tokenise(language, line, names), options).flatMap(({ claims }) => claims),
    sentences,
    holds(claim, cites) {
      if (claim.sort === "date") return holdsDate(claim, cites);
      if (claim.sort === "polarity") return claim.kinds.some((kind) => knownFor(kind, claim.subjects, cites));
      return keysOf(claim, grounds, "said").some(
        (key) => knownFor(key, claim.subjects, []) && claim.subjects.some((subject) => tookPlace(claim, subject, key)),
      );
    },
  };
}

/**
 * `failures=8`, `duration:median=200000`: every reading of a claim that is known, or of one that is said. A duration without a measure stands
 * for one of any measure, and the other way round, but one of a measure for none of another.
 */
function keysOf({ kinds, value, sort }: Claim, grounds: Grounds, as: "known" | "said"): string[] {
  if (sort === "polarity") return [...kinds];
  if (kinds[0] === "day" || kinds[0] === "moment") {
    const [day = "", year = "", weekday = "", minute] = String(value).split("|");
    const iso = toIso(day, year, weekday, grounds);
    return minute === undefined ? [`day=${iso}`] : [`day=${iso}`, `clock=${minute}`, `moment=${iso} ${minute}`];
  }
  return kinds.flatMap((kind) => {
    if (kind.startsWith("clock:")) return [`clock=${kind.slice(6)}`];
    const number = typeof value === "number" ? String(Math.round(value * 1e6) / 1e6) : value;
    if (kind === "duration:any") return as === "known" ? [`${kind}=${number}`] : [`${kind}=${number}`, `duration:measured=${number}`];
    if (kind.startsWith("duration:"))
      return [`${kind}=${number}`, as === "known" ? `duration:measured=${number}` : `duration:any=${number}`];
    return [`${kind}=${number}`];
  });
}

/** A pipeline and the techno in brackets behind it. */
export const bracketed = (tokens: readonly Token[]): (readonly [string, string])[] =>
  tokens.flatMap((token, index) => {
    const [bracket, tech] = [tokens[index + 1], tokens[index + 2]];
    const isPair = token.is === "name" && token.kind === "pipeline" && bracket?.is === "mark" && bracket.text === "(";
    return isPair && tech?.is === "name" && tech.kind === "tech" ? [[token.name, tech.name] as const] : [];
  });

function technosOf(pairs: readonly (readonly [string, string])[]): Map<string, Set<string>> {
  const technos = new Map<string, Set<string>>();
  for (const [pipeline, tech] of pairs) technos.set(pipeline, (technos.get(pipeline) ?? new Set()).add(tech));
  return technos;
}

const windowRange = (window: Grounds["window"], zone: string): string[] =>
  window?.from ? [`${localMinute(window.from, zone)}-${localMinute(window.to, zone)}`] : [];

type Calendar = { days: readonly string[]; periods: ReadonlySet<string>; now: Date; zone: string; window: Grounds["window"] };

/** Whether a named stretch of time is one that what is true speaks of. */
function holdsPeriod(key: string, { days, periods, now, zone, window }: Calendar): boolean {
  if (periods.has(key)) return true;
  const back = (count: number) => localDay(new Date(now.getTime() - count * 86_400_000), zone);
  const relative: Readonly<Record<string, string>> = { today: back(0), yesterday: back(1), dayBefore: back(2), tomorrow: back(-1) };
  const day = relative[key];
  if (day !== undefined) return days.includes(day);
  if (key === "allTime") return window === null;
  if (key === "dayEarlier") return window?.from ? days.includes(localDay(new Date(window.from.getTime() - 43_200_000), zone)) : false;
  const [sort, value = ""] = key.split(":");
  if (sort === "weekday") return days.some((iso) => weekdayOf(iso) === Number(value));
  if (sort === "month") return days.some((iso) => iso.startsWith(`${value}-`) || iso.slice(5, 7) === value);
  if (sort === "year") return days.some((iso) => iso.startsWith(value));
  return false;
}

const outcomeOfCount = ([kind]: readonly string[]): string | undefined =>
  kind === "failures" ? "failed" : kind === "success" ? "success" : undefined;

/** What the first figure counts. */
const askedOf = ([first]: readonly Sentence[]): readonly string[] => first?.claims.find(({ sort }) => sort === "number")?.kinds ?? [];

const quotesOf = (tokens: readonly Token[], texts: readonly string[]): string[] => [
  ...new Set([...tokens.flatMap((token) => (token.is === "quote" ? [token.text] : [])), ...texts.flatMap((text) => text.split("\n"))]),
];

const isAbout = (record: CitedRecord | undefined, name: string): boolean =>
  record !== undefined && (record.pipeline === name || record.tech === name || record.environment === name);
