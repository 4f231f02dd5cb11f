import type { LyingModel } from "./lying-models.js";

const isFrench = (draft: string): boolean => /\b(?:échecs?|exécutions?|succès|durée|sur|aucune?|dernier)\b/u.test(draft);
/** Names, quotations and citations are no figures, dates or words of the text. */
const plainOf = (draft: string): string => draft.replace(/«[^»]*»|"[^"]*"|`[^`]*`|\[\d+\]/g, (text) => "\ufffd".repeat(text.length));
const picked = <T>(items: readonly T[], turn: number): T | undefined => items[turn % Math.max(items.length, 1)];

type Place = { readonly index: number; readonly text: string };
const placesOf = (draft: string, pattern: RegExp): Place[] =>
  [...plainOf(draft).matchAll(pattern)].map(({ 0: text, index }) => ({ index, text }));
const replaceAt = (draft: string, { index, text }: Place, by: string): string =>
  draft.slice(0, index) + by + draft.slice(index + text.length);

/** Counts, without ranks, dates, times of day, durations and shares. */
const counts = (draft: string): Place[] =>
  placesOf(
    draft,
    /(?<![\p{L}\d_.,:+\u2212/\u202f-])\d+(?![\p{L}\d_:/-]|[.,\u202f]\d|[ \u00a0\u202f]?%|[ \u00a0\u202f](?:s|ms|min|h)(?![\p{L}]))/gu,
  ).filter(
    ({ index, text }) =>
      !/^[ \u00a0\u202f]?(?:er|janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/u.test(
        draft.slice(index + text.length),
      ) && !/(?:^|\n)$/.test(draft.slice(0, index)),
  );

/** A text in which one thing stands where another of its kind belongs; undefined where that changes nothing. */
const inPlaceOf = (name: string, pattern: RegExp, other: (found: string) => string): LyingModel => ({
  name,
  lie(draft, turn) {
    const place = picked(placesOf(draft, pattern), turn);
    const by = place && other(place.text);
    return place && by !== undefined && by !== place.text ? replaceAt(draft, place, by) : undefined;
  },
});
/** Where both are the same, one told as the other is true. */
const onlyIf = (isLie: (draft: string) => boolean, model: LyingModel): LyingModel => ({
  ...model,
  lie: (draft, turn) => (isLie(draft) ? model.lie(draft, turn) : undefined),
});
const swap =
  (...pairs: readonly (readonly [string, string])[]) =>
  (found: string): string =>
    pairs.flatMap(([a, b]) => (found === a ? [b] : found === b ? [a] : []))[0] ?? found;
const namesOf = (draft: string): string[] => [...new Set([...draft.matchAll(/`[^`]+`/g)].map(([name]) => name))];
const linesOf = (draft: string): number => draft.split("\n").filter((line) => /^(?:•|\d+\.) `/.test(line)).length;
/** A sentence about the first name of a list of several. */
const ofFirst = (name: string, fr: (pipeline: string) => string, en: (pipeline: string) => string): LyingModel => ({
  name,
  lie(draft) {
    const [first] = namesOf(draft);
    if (first === undefined || linesOf(draft) < 2) return undefined;
    return `${draft}\n${isFrench(draft) ? fr(first) : en(first)}`;
  },
});

/** Models that say what is true of something else: the figures, days and names of the same text at other places. */
export const exchangedLies: readonly LyingModel[] = [
  {
    name: "two counts exchanged",
    lie(draft, turn) {
      const [first] = counts(draft);
      const second = picked(
        counts(draft).filter(({ text }) => text !== first?.text),
        turn,
      );
      if (!first || !second) return undefined;
      return replaceAt(replaceAt(draft, second, first.text), first, second.text);
    },
  },
  {
    name: "a count of elsewhere",
    lie(draft, turn) {
      const place = picked(counts(draft), turn);
      const other = picked(
        counts(draft).filter(({ text }) => text !== place?.text),
        turn * 3,
      );
      return place && other ? replaceAt(draft, place, other.text) : undefined;
    },
  },
  {
    name: "a share of elsewhere",
    lie(draft, turn) {
      const shares = placesOf(draft, /\d+(?:[.,]\d+)?(?=[ \u00a0\u202f]?%)/gu);
      const place = picked(shares, turn);
      const other = shares.find(({ text }) => text !== place?.text);
      return place && other ? replaceAt(draft, place, other.text) : undefined;
    },
  },
  {
    name: "cut in a figure",
    lie(draft, turn) {
      const place = picked(
        counts(draft).filter(({ text }) => text.length > 1),
        turn,
      );
      return place && draft.slice(0, place.index + 1);
    },
  },
  inPlaceOf(
    "the day after",
    /(?<=\s)\d{1,2}(?= (?:janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))/gu,
    (day) => String((Number(day) % 28) + 1),
  ),
  inPlaceOf("an hour later", /(?<!\d)\d{2}(?=:\d{2}(?!\d))/gu, (hour) => String((Number(hour) + 1) % 24).padStart(2, "0")),
  inPlaceOf("a duration of one more", /(?<![\d.,])\d+(?=[ \u00a0\u202f](?:s|min|h)(?!\p{L}))/gu, (value) => String(Number(value) + 1)),
  inPlaceOf("the sign turned", /[+\u2212](?=\d)/gu, (sign) => (sign === "+" ? "\u2212" : "+")),
  inPlaceOf(
    "another window",
    /(?:Hier|Avant-hier|Aujourd'hui|La semaine dernière|Cette semaine|Le mois dernier|Ce mois-ci|Yesterday|Today|Last week|This week|Last month|This month)(?=[ (:,\u202f])/gu,
    swap(
      ["Hier", "Avant-hier"],
      ["Aujourd'hui", "Hier"],
      ["La semaine dernière", "Cette semaine"],
      ["Le mois dernier", "Ce mois-ci"],
      ["Yesterday", "Today"],
      ["Last week", "This week"],
      ["Last month", "This month"],
    ),
  ),
  inPlaceOf(
    "another measure",
    /médiane|moyenne|p95|median|average/gu,
    swap(["médiane", "moyenne"], ["p95", "médiane"], ["median", "average"]),
  ),
  onlyIf(
    (draft) => !/(?:première fois|first) (.+?), (?:dernière|last) \1(?!\d)/u.test(draft),
    inPlaceOf(
      "first for last",
      /première fois|(?<!semaine )dernière(?! (?:fois )?exécution)|first(?= seen)|last(?= seen)/gu,
      swap(["première fois", "dernière fois"], ["dernière", "première"], ["first", "last"]),
    ),
  ),
  inPlaceOf(
    "the outcome of a run",
    /(?<=, )(?:en échec|succès|failed|success)(?=[,.])/gu,
    swap(["en échec", "succès"], ["failed", "success"]),
  ),
  {
    name: "the techno of another",
    lie(draft, turn) {
      const technos = placesOf(draft, /(?<=\ufffd \()[^()\n,]+(?=\))/gu);
      const place = picked(technos, turn);
      const other = technos.find(({ text }) => text !== place?.text);
      return place && other ? replaceAt(draft, place, other.text) : undefined;
    },
  },
  ofFirst(
    "the only one",
    (name) => `Seul ${name} est concerné.`,
    (name) => `Only ${name} is affected.`,
  ),
  ofFirst(
    "recovered",
    (name) => `${name} est rétabli depuis.`,
    (name) => `${name} has recovered since.`,
  ),
  ofFirst(
    "in a row",
    (name) => `${name} a échoué deux fois de suite.`,
    (name) => `${name} failed twice in a row.`,
  ),
  ofFirst(
    "for days",
    (name) => `${name} échoue depuis 11 jours.`,
    (name) => `${name} has been failing for 11 days.`,
  ),
  ofFirst(
    "more than half",
    (name) => `${name} fait plus de la moitié des échecs.`,
    (name) => `${name} makes up more than half of the failures.`,
  ),
  ofFirst(
    "every run of it",
    (name) => `Toutes les exécutions de ${name} ont échoué.`,
    (name) => `Every run of ${name} failed.`,
  ),
  ofFirst(
    "the same cause",
    (name) => `${name} et les autres ont la même cause.`,
    (name) => `${name} and the others share one cause.`,
  ),
];
