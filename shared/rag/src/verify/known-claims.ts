import type { Grounds, NameKind } from "./grounds.js";
import { readSentences, type Claim, type Sentence, type Subject } from "./read-claims.js";
import { fold, indexNames, tokenise } from "./tokenise.js";
import type { NameIndex, Token } from "./tokens.js";

/** What is true, in a form that can be looked up. */
export type KnownClaims = {
  readonly names: NameIndex;
  readonly byTime: boolean;
  /** What the first figure of the template counts. */
  readonly asked: readonly string[];
  /** Names that what is true speaks of. */
  readonly said: ReadonlySet<string>;
  /** Words that what is true is written in. */
  readonly words: ReadonlySet<string>;
  readonly pairs: ReadonlySet<string>;
  readonly quotes: readonly string[];
  quoteOf(text: string): string;
  /** True when the claim holds for one of its subjects, or stands in a line with one of the citations. */
  holds(claim: Claim, cites: readonly number[]): boolean;
  /** Sentences of the template, in its order. */
  readonly sentences: readonly Sentence[];
};

/** A month and day as a date near an instant: the last one that is not after it. */
const isoNear = (day: string, year: string, now: Date): string => {
  if (year !== "") return `${year}-${day}`;
  const current = now.getUTCFullYear();
  return `${current}-${day}` <= new Date(now.getTime() + 2 * 86_400_000).toISOString().slice(0, 10)
    ? `${current}-${day}`
    : `${current - 1}-${day}`;
};
const weekdayOf = (iso: string): number => new Date(`${iso}T12:00:00Z`).getUTCDay();
export const localDay = (instant: Date, zone: string): string =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" }).format(instant);

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
  const byTime = datedLines(lines) >= 2;
  const options = { language, byTime, quoteOf, asked: [] };
  const sentences = readSentences(lines, options);
  const all = [...sentences, ...readSentences(more, options)];

  const index = new Map<string, Set<Subject>>();
  const byCite = new Map<number, Set<string>>();
  const most = new Map<string, { subject: string; value: number }>();
  const kindOf = new Map<string, NameKind>(all.flatMap(({ names: found }) => found.map(({ name, kind }) => [name, kind] as const)));
  const put = (subject: Subject, key: string) => {
    index.set(key, (index.get(key) ?? new Set()).add(subject));
    if (subject !== null && scope.includes(subject)) index.set(key, (index.get(key) ?? new Set()).add(null));
  };
  for (const { claims, cites } of all)
    for (const claim of claims) {
      const [subject = null] = claim.subjects;
      for (const key of keysOf(claim, now)) {
        put(subject, key);
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
      if (claim.kinds[0] === "delta" && typeof claim.value === "number")
        put(subject, `direction=${claim.value > 0 ? "up" : claim.value < 0 ? "down" : "level"}`);
    }
  for (const { subject } of most.values()) put(subject, "most=most");
  for (const [position, record] of records.entries()) {
    const key = `day=${localDay(record.ts, zone)}`;
    const clock = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(
      record.ts,
    );
    const [hours = 0, minutes = 0] = clock.split(":").map(Number);
    byCite.set(position + 1, new Set([...(byCite.get(position + 1) ?? []), key, `clock=${hours * 60 + minutes}`, `some:${record.status}`]));
  }
  if (window) {
    if (window.from) put(null, `day=${localDay(window.from, zone)}`);
    put(null, `day=${localDay(new Date(window.to.getTime() - 1), zone)}`);
  }
  const pairs = new Set<string>();
  const pair = (a: string, b: string) => pairs.add(`${a}\n${b}`).add(`${b}\n${a}`);
  for (const sentence of all) {
    const here = [...new Set(sentence.names.map(({ name }) => name))];
    for (const a of here) for (const b of here) if (a !== b) pair(a, b);
  }
  for (const { pipeline, tech, environment } of records) {
    pair(pipeline, tech);
    if (environment !== null) (pair(pipeline, environment), pair(tech, environment));
  }
  for (const a of scope) for (const b of [...kindOf.keys()]) pair(a, b);

  const days = [...index.keys()].filter((key) => key.startsWith("day=")).map((key) => key.slice(4));
  const periods = new Set([...index.keys()].filter((key) => key.startsWith("period=")).map((key) => key.slice(7)));
  const knownFor = (key: string, subjects: readonly Subject[], cites: readonly number[]): boolean =>
    subjects.some((subject) => index.get(key)?.has(subject)) || cites.some((n) => byCite.get(n)?.has(key));

  const holdsDate = ({ kinds, value, subjects }: Claim, cites: readonly number[]): boolean => {
    const among = [...subjects, null];
    if (kinds[0] === "clock") return knownFor(`clock=${value}`, among, cites);
    if (kinds[0] === "period") return holdsPeriod(String(value), { days, periods, now, zone, window });
    const [day = "", year = "", weekday = ""] = String(value).split("|");
    return days.some(
      (iso) =>
        iso.slice(5) === day &&
        (year === "" || iso.slice(0, 4) === year) &&
        (weekday === "" || weekdayOf(iso) === Number(weekday)) &&
        knownFor(`day=${iso}`, among, cites),
    );
  };
  return {
    names,
    byTime,
    asked: sentences[0]?.claims.find(({ sort }) => sort === "number")?.kinds ?? [],
    said: new Set([
      ...all.flatMap(({ names: found }) => found.map(({ name }) => name)),
      ...scope,
      ...records.flatMap(({ pipeline, tech }) => [pipeline, tech]),
    ]),
    words: new Set([...lines, ...more].flatMap((token) => (token.is === "word" ? [token.text] : []))),
    pairs,
    quotes,
    quoteOf,
    sentences,
    holds(claim, cites) {
      if (claim.sort === "date") return holdsDate(claim, cites);
      if (claim.sort === "polarity") return claim.kinds.some((kind) => knownFor(kind, claim.subjects, cites));
      return keysOf(claim, now).some((key) => knownFor(key, claim.subjects, []));
    },
  };
}

/** `failures=8`, `duration:median=200000`: every reading of a claim. A duration without a measure is one of any measure, and the other way round. */
function keysOf({ kinds, value, sort }: Claim, now: Date): string[] {
  if (sort === "polarity") return [...kinds];
  if (kinds[0] === "day") {
    const [day = "", year = ""] = String(value).split("|");
    return [`day=${isoNear(day, year, now)}`];
  }
  return kinds.flatMap((kind) => {
    if (kind.startsWith("clock:")) return [`clock=${kind.slice(6)}`];
    const number = typeof value === "number" ? String(Math.round(value * 1e6) / 1e6) : value;
    return kind.startsWith("duration:") && kind !== "duration:any"
      ? [`${kind}=${number}`, `duration:any=${number}`]
      : [`${kind}=${number}`];
  });
}

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

/** Lines that begin with a day and a colon: the figures of a trend. */
function datedLines(tokens: readonly Token[]): number {
  let count = 0;
  let start = true;
  for (const [index, token] of tokens.entries()) {
    const dated = token.is === "date" || (token.is === "period" && token.key.startsWith("month:"));
    const after = tokens[index + 1];
    const colon = after?.is === "clock" ? tokens[index + 2] : after;
    if (start && dated && colon?.is === "mark" && colon.text === ":") count += 1;
    start = token.is === "end" && token.of === "line";
  }
  return count;
}

const quotesOf = (tokens: readonly Token[], texts: readonly string[]): string[] => [
  ...new Set([...tokens.flatMap((token) => (token.is === "quote" ? [token.text] : [])), ...texts.flatMap((text) => text.split("\n"))]),
];

const squeeze = (text: string): string =>
  fold(text)
    .replace(/[\s\u00a0\u202f]+/g, " ")
    .replace(/[‹›"'«»]/g, "")
    .trim();

/** Whether a quotation says nothing but what a text says: word for word, perhaps with gaps. */
export function containsQuote(quote: string, part: string): boolean {
  const whole = squeeze(quote);
  let from = 0;
  const pieces = squeeze(part)
    .split("…")
    .map((piece) => piece.trim())
    .filter((piece) => piece !== "");
  if (pieces.length === 0) return false;
  for (const piece of pieces) {
    const found = whole.indexOf(piece, from);
    if (found === -1) return false;
    from = found + piece.length;
  }
  return true;
}
