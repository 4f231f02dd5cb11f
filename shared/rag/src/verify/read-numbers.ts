import type { Language } from "@flow-rag/contracts";

export type Found<T> = { readonly value: T; readonly length: number };

const space = "[ \\u00a0\\u202f]";
const grouped: Record<Language, RegExp> = {
  fr: new RegExp(`(?:\\d{1,3}(?:${space}\\d{3})+(?!\\d)|\\d+)(?:,\\d+)?`, "y"),
  en: new RegExp("(?:\\d{1,3}(?:,\\d{3})+(?!\\d)|\\d+)(?:\\.\\d+)?", "y"),
};

/** A number in digits, in the writing of a language: `3 412`, `0,4`; `3,412`, `0.4`. */
export function readDigits(language: Language, text: string, at: number): Found<number> | undefined {
  const pattern = grouped[language];
  pattern.lastIndex = at;
  const found = pattern.exec(text)?.[0];
  if (found === undefined) return undefined;
  const plain = language === "fr" ? found.replace(/[ \u00a0\u202f]/g, "").replace(",", ".") : found.replace(/,/g, "");
  return { value: Number(plain), length: found.length };
}

/** Looked up in maps: a text may hold the word "constructor". */
const inBoth = (tables: Record<Language, Record<string, number>>): Record<Language, ReadonlyMap<string, number>> => ({
  fr: new Map(Object.entries(tables.fr)),
  en: new Map(Object.entries(tables.en)),
});
const units = inBoth({
  fr: {
    zero: 0, un: 1, une: 1, deux: 2, trois: 3, quatre: 4, cinq: 5, six: 6, sept: 7, huit: 8, neuf: 9, dix: 10, onze: 11, douze: 12,
    treize: 13, quatorze: 14, quinze: 15, seize: 16, vingt: 20, vingts: 20, trente: 30, quarante: 40, cinquante: 50, soixante: 60,
    septante: 70, huitante: 80, octante: 80, nonante: 90,
  },
  en: {
    zero: 0, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12,
    thirteen: 13, fourteen: 14, fifteen: 15, sixteen: 16, seventeen: 17, eighteen: 18, nineteen: 19, twenty: 20, thirty: 30, forty: 40,
    fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90,
  },
}); // prettier-ignore
const scales = inBoth({
  fr: { cent: 100, cents: 100, mille: 1_000, million: 1e6, millions: 1e6 },
  en: { hundred: 100, thousand: 1_000, million: 1e6 },
});
const collective = inBoth({
  fr: { huitaine: 8, dizaine: 10, dizaines: 20, douzaine: 12, quinzaine: 15, vingtaine: 20, trentaine: 30, quarantaine: 40, cinquantaine: 50, soixantaine: 60, centaine: 100, centaines: 200, millier: 1_000, milliers: 2_000 },
  en: { dozen: 12, dozens: 24, hundreds: 200, thousands: 2_000 },
}); // prettier-ignore

/** Parts of a whole and multiples of it, as what they are worth. */
const ratios = inBoth({
  fr: { moitie: 0.5, tiers: 1 / 3, quart: 0.25, double: 2, triple: 3, quadruple: 4 },
  en: { half: 0.5, third: 1 / 3, quarter: 0.25, twice: 2, double: 2, doubled: 2, triple: 3, tripled: 3, thrice: 3 },
});
export const readRatio = (language: Language, word: string): number | undefined => ratios[language].get(word);

/**
 * A number in words from the folded words of a text on: `trois`, `vingt-et-un`, `quatre-vingt-dix`, `twenty-three`, `une dizaine`.
 * `words` is how many it takes, hyphenated parts counted one by one; collectives are exact here, so that "une dizaine" for 8 is wrong.
 */
export function readNumberWords(language: Language, words: readonly string[]): { value: number; words: number } | undefined {
  const unit = units[language];
  const scale = scales[language];
  const group = collective[language];
  let total = 0;
  let current: number | undefined;
  let used = 0;
  for (let index = 0; index < words.length && index < 12; index += 1) {
    const word = words[index] ?? "";
    const next = words[index + 1] ?? "";
    if (current !== undefined && (word === "et" || word === "and") && unit.has(next) && (unit.get(next) ?? 0) < 20 && current % 100 !== 0) {
      // vingt et un; but "deux et trois" are two numbers
      if (language === "fr" && current >= 20 && (next === "un" || next === "une" || next === "onze")) continue;
      break;
    }
    if (group.has(word)) {
      current = (current === undefined || current === 1 ? 1 : current) * (group.get(word) ?? 0);
    } else if (unit.has(word)) {
      const value = unit.get(word) ?? 0;
      if (current === undefined) current = value;
      else if (language === "fr" && current % 100 === 4 && value === 20) current += 76;
      else if (value < 20 && current >= 20 && current % 10 === 0 && (value < 10 || (language === "fr" && [60, 80].includes(current % 100))))
        current += value;
      else break;
    } else if (scale.has(word)) {
      const value = scale.get(word) ?? 0;
      if (current === undefined && language === "en") break;
      if (value === 100) current = (current ?? 1) * 100;
      else {
        total += (current ?? 1) * value;
        current = 0;
      }
    } else break;
    used = index + 1;
  }
  return used === 0 ? undefined : { value: total + (current ?? 0), words: used };
}
