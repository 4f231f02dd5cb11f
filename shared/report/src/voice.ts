import { cleanLine } from "@flow-rag/kernel";
import type { Language } from "@flow-rag/contracts";
import { createFormat, isMany, typeset, type Format } from "@flow-rag/rag";

/** A piece of a line. What comes from records is `data` or `code` and is never read as mark-up; a `mention` comes from the settings. */
export type Inline =
  | { readonly as: "plain" | "strong" | "quiet" | "data" | "code"; readonly text: string }
  | { readonly as: "mention"; readonly text: string; readonly id: string };

type Noun = readonly [one: string, many: string];
const nouns = {
  fr: {
    failure: ["échec", "échecs"],
    run: ["exécution", "exécutions"],
    pipeline: ["pipeline", "pipelines"],
    incident: ["nouvel incident", "nouveaux incidents"],
    missing: ["absent", "absents"],
    missingRun: ["exécution manquante", "exécutions manquantes"],
    lateFailure: ["échec arrivé après coup", "échecs arrivés après coup"],
    day: ["jour", "jours"],
    hour: ["heure", "heures"],
    time: ["fois", "fois"],
    techno: ["techno", "technos"],
    other: ["autre", "autres"],
    unread: ["statut non lu", "statuts non lus"],
    blocked: ["bloqué (amont)", "bloqués (amont)"],
    running: ["en cours", "en cours"],
    waiting: ["en attente", "en attente"],
  },
  en: {
    failure: ["failure", "failures"],
    run: ["run", "runs"],
    pipeline: ["pipeline", "pipelines"],
    incident: ["new incident", "new incidents"],
    missing: ["missing", "missing"],
    missingRun: ["missing run", "missing runs"],
    lateFailure: ["failure that came late", "failures that came late"],
    day: ["day", "days"],
    hour: ["hour", "hours"],
    time: ["time", "times"],
    techno: ["techno", "technos"],
    other: ["other", "others"],
    unread: ["status not read", "statuses not read"],
    blocked: ["blocked upstream", "blocked upstream"],
    running: ["in progress", "in progress"],
    waiting: ["waiting", "waiting"],
  },
} as const satisfies Record<Language, Record<string, Noun>>;

/** How a report speaks: its language's words, figures and times. */
export type Voice = ReturnType<typeof createVoice>;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

export function createVoice(language: Language, zone: string) {
  const french = language === "fr";
  const format: Format = createFormat(language, zone);
  const locale = french ? "fr-FR" : "en-GB";
  const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const points = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, signDisplay: "exceptZero" });
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, signDisplay: "exceptZero" });
  const longDay = new Intl.DateTimeFormat(locale, { timeZone: zone, weekday: "long", day: "numeric", month: "long" });
  const first = (text: string): string => (french ? text.replace(/(?<!\d)1 (?=\p{L})/u, "1er ") : text.replace(",", ""));
  const text = (frenchText: string, english: string): string => typeset(language, french ? frenchText : english);
  const minus = (value: string): string => value.replace("-", "−");
  const count = (value: number, noun: keyof (typeof nouns)["fr"]): string =>
    `${decimal.format(value)} ${nouns[language][noun][isMany(language, value) ? 1 : 0]}`;
  return {
    language,
    french,
    zone,
    format,
    /** The one of the two that is in the report's language. */
    text,
    number: (value: number): string => decimal.format(value),
    count,
    /** `mercredi 6 mai` */
    longDay: (instant: Date): string => first(longDay.format(instant)),
    /** `+3`, `−2`, `=` */
    change: (value: number): string => (value === 0 ? "=" : minus(points.format(value))),
    /** `+9 %`; empty when there is nothing to compare with. */
    relativeChange: (now: number, before: number): string => {
      if (before === 0) return "";
      const percent = (now / before - 1) * 100;
      if (Math.abs(percent) < 0.5) return "=";
      return `${minus(whole.format(percent))}${french ? "\u202f" : ""}%`;
    },
    /** `−0,2 pt` */
    pointChange: (now: number, before: number): string => {
      const value = Math.round((now - before) * 1_000) / 10;
      return value === 0 ? "=" : `${minus(points.format(value))} pt`;
    },
    share: (part: number, of: number): string => format.share(part, of),
    /** `2 jours`, `5 heures`: how long something has gone on. */
    age: (ms: number): string => {
      if (ms >= 20 * hourMs) return count(Math.max(1, Math.round(ms / dayMs)), "day");
      return ms >= hourMs ? count(Math.round(ms / hourMs), "hour") : format.duration(Math.max(minuteMs, ms));
    },
    /** `6 h` for 5 h 59: what is usual need not be told to the minute. */
    rough: (ms: number): string => format.duration(ms >= 10 * minuteMs ? Math.round(ms / (5 * minuteMs)) * 5 * minuteMs : ms),
    list: (names: readonly string[]): string => {
      const last = names.at(-1) ?? "";
      return names.length < 2 ? last : `${names.slice(0, -1).join(", ")}${french ? " et " : " and "}${last}`;
    },
    line: (strings: TemplateStringsArray, ...values: readonly (string | Inline | readonly Inline[])[]): Inline[] => {
      return strings.flatMap((own, index) => {
        const value = values[index];
        const plain = typeset(language, own);
        return [
          ...(plain === "" ? [] : [{ as: "plain" as const, text: plain }]),
          ...(value === undefined ? [] : typeof value === "string" ? [{ as: "plain" as const, text: value }] : [value].flat()),
        ];
      });
    },
  };
}

const nameLength = 80;
/** The name of a pipeline as it is shown. */
export const nameOf = (name: string): string => cleanLine(name, nameLength) || "?";
export const code = (name: string): Inline => ({ as: "code", text: nameOf(name) });
export const data = (text: string, most = 160): Inline => ({ as: "data", text: cleanLine(text, most) });
export const strong = (text: string): Inline => ({ as: "strong", text });
export const quiet = (text: string): Inline => ({ as: "quiet", text });

/** Text of a record as a quotation. */
export function quoted(voice: Voice, text: string, most = 160): Inline[] {
  const inner = data(text.replace(/[«»“”]/g, "'"), most);
  return voice.french
    ? [{ as: "plain", text: "«\u202f" }, inner, { as: "plain", text: "\u202f»" }]
    : [{ as: "plain", text: "“" }, inner, { as: "plain", text: "”" }];
}

/** Pieces with a separator between them; empty ones are left out. */
export const joined = (parts: readonly (readonly Inline[])[], separator = " · "): Inline[] =>
  parts
    .filter((part) => part.length > 0)
    .flatMap((part, index) => (index === 0 ? [...part] : [{ as: "plain" as const, text: separator }, ...part]));
