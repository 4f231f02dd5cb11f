import type { Language } from "@flow-rag/contracts";

/** Below it a share would be rounded to 0 %. */
const leastShown = 0.0005;
const locales: Record<Language, string> = { fr: "fr-FR", en: "en-GB" };
const thin = "\u202F";

/** Numbers and dates as each language writes them: `3 412`, `0,4 %`, `ven. 20 nov.`, `07:25`, `3 min 20 s`. */
export function createFormat(language: Language, zone: string): Format {
  const key = `${language} ${zone}`;
  const known = formats.get(key) ?? makeFormat(language, zone);
  formats.set(key, known);
  return known;
}

/** The platform's formatters take a millisecond to make, and an answer needs them a dozen times. */
const formats = new Map<string, Format>();

function makeFormat(language: Language, zone: string) {
  const locale = locales[language];
  const dates = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
  const number = new Intl.NumberFormat(locale);
  const share = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const smallShare = new Intl.NumberFormat(locale, { style: "percent", maximumSignificantDigits: 1 });
  const day = dates({ weekday: "short", day: "numeric", month: "short" });
  const longDay = dates({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
  const year = dates({ year: "numeric" });
  const pair = dates({ day: "numeric", month: "short" });
  const month = dates({ month: "long", year: "numeric" });
  const time = dates({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const first = (text: string) => (language === "fr" ? text.replace(/(?<!\d)1 (?=\p{L})/u, "1er ") : text);
  const plain = (format: Intl.DateTimeFormat, instant: Date) => first(format.format(instant).replace(",", ""));
  const spaced = (text: string) => text.replace(/[\u00A0 ]/g, thin);
  return {
    number: (value: number) => number.format(value),
    /** `part` of `whole` as a percentage, never 0 for something; French typography puts a narrow no-break space before the sign. */
    share: (part: number, whole: number) =>
      (part > 0 && part / whole < leastShown ? smallShare : share).format(whole === 0 ? 0 : part / whole).replace(/[\u00A0 ]%/, `${thin}%`),
    day: (instant: Date) => plain(day, instant),
    /** With the year when it is not that of `near`. */
    dayOfYear: (instant: Date, near: Date) =>
      plain(
        Math.abs(near.getTime() - instant.getTime()) > 300 * 86_400_000 || instant.getUTCFullYear() !== near.getUTCFullYear()
          ? longDay
          : day,
        instant,
      ),
    date: (instant: Date) => plain(pair, instant),
    year: (instant: Date) => year.format(instant),
    month: (instant: Date) => month.format(instant),
    time: (instant: Date) => time.format(instant),
    instant: (instant: Date) => `${plain(pair, instant)} ${time.format(instant)}`,
    /** `41 s`, `3 min 20 s`, `1 h 05`, `850 ms`. */
    duration: (ms: number) => spaced(durationText(ms)),
  };
}
export type Format = ReturnType<typeof makeFormat>;

function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  const pad = (value: number) => String(value).padStart(2, "0");
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${pad(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${pad(minutes % 60)}`;
}
