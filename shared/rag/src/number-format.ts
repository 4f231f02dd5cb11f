import type { Language } from "@flow-rag/contracts";

const locales: Record<Language, string> = { fr: "fr-FR", en: "en-GB" };

/** Numbers and dates as each language writes them: `3 412`, `0,4 %`, `ven. 20 nov.`, `07:25`. */
export function createFormat(language: Language, zone: string) {
  const locale = locales[language];
  const dates = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
  const number = new Intl.NumberFormat(locale);
  const share = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const day = dates({ weekday: "short", day: "numeric", month: "short" });
  const pair = dates({ day: "numeric", month: "short" });
  const time = dates({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return {
    number: (value: number) => number.format(value),
    /** `part` of `whole` as a percentage; French typography puts a narrow no-break space before the sign. */
    share: (part: number, whole: number) => share.format(whole === 0 ? 0 : part / whole).replace(/[\u00A0 ]%/, "\u202F%"),
    day: (instant: Date) => day.format(instant).replace(",", ""),
    instant: (instant: Date) => `${pair.format(instant)} ${time.format(instant)}`,
  };
}
export type Format = ReturnType<typeof createFormat>;
