/** Words about time, folded (lower case, no accents), French and English together. */

const table = (lines: string): ReadonlyMap<string, number> =>
  new Map(
    lines
      .trim()
      .split("\n")
      .flatMap((line, index) =>
        line
          .trim()
          .split(" ")
          .map((word) => [word, index + 1] as const),
      ),
  );

const months = table(`janvier january janv jan
  fevrier february fevr fev feb
  mars march mar
  avril april avr apr
  mai may
  juin june jun
  juillet july juil jul
  aout august aou aug
  septembre september sept sep
  octobre october oct
  novembre november nov
  decembre december dec`);
const weekdays = table(`lundi monday lun mon lundis mondays
  mardi tuesday mar tue tues mardis tuesdays
  mercredi wednesday wensday mer wed mercredis wednesdays
  jeudi thursday jeu thu thur thurs jeudis thursdays
  vendredi friday ven fri vendredis fridays
  samedi saturday sam sat samedis saturdays
  dimanche sunday dim sun dimanches sundays`);
const numbers = new Map<string, number>(
  Object.entries({
    ...{ un: 1, une: 1, deux: 2, trois: 3, quatre: 4, cinq: 5, six: 6, sept: 7, huit: 8, neuf: 9, dix: 10, onze: 11, douze: 12 },
    ...{ quinze: 15, vingt: 20, trente: 30, soixante: 60, quarante: 40, cinquante: 50, cent: 100, treize: 13, quatorze: 14, seize: 16 },
    ...{ zero: 0, a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12 },
    ...{ fourteen: 14, fifteen: 15, twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60, ninety: 90 },
  }),
);
const ordinals = new Map<string, number>(
  Object.entries({
    ...{ premier: 1, premiere: 1, deuxieme: 2, second: 2, seconde: 2, troisieme: 3, quatrieme: 4, cinquieme: 5 },
    ...{ first: 1, third: 3, fourth: 4, fifth: 5, "1re": 1 },
  }),
);

export type Unit = "minutes" | "hours" | "days" | "weeks" | "months" | "quarters" | "halves" | "years";
const units = new Map<string, Unit>(
  (
    [
      ["minutes", "minute minutes min mins mn mns"],
      ["hours", "heure heures hour hours h hr hrs heurs"],
      ["days", "jour jours day days j jr jrs d journee journees jous juors"],
      ["weeks", "semaine semaines week weeks sem w wk wks semaien semain semiane semaines"],
      ["months", "mois month months moi mth"],
      ["quarters", "trimestre trimestres quarter quarters trim"],
      ["halves", "semestre semestres semester semesters"],
      ["years", "an ans annee annees year years"],
    ] as const
  ).flatMap(([unit, words]) => words.split(" ").map((word) => [word, unit] as const)),
);

/** Short forms and words that mean something else as well: a month only beside a number or after a preposition. */
const uncertain = new Set("janv jan fevr fev feb mars march mar avr apr mai may jun juil jul aou aug sept sep oct nov dec".split(" "));
const shortDays = new Set("lun mon mar tue tues mer wed jeu thu thur thurs ven fri sam sat dim sun".split(" "));

/** True when one inserted, lost, wrong or swapped letter makes `a` into `b`. */
function nearlySame(a: string, b: string): boolean {
  if (a === b) return true;
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  const restOf = (text: string, skip: number) => text.slice(start + skip);
  if (a.length > b.length) return restOf(a, 1) === restOf(b, 0);
  if (b.length > a.length) return restOf(a, 0) === restOf(b, 1);
  if (restOf(a, 1) === restOf(b, 1)) return true;
  return a[start] === b[start + 1] && a[start + 1] === b[start] && restOf(a, 2) === restOf(b, 2);
}

/** Ordinary words within one letter of a time word. */
const notTypos = new Set("marche marches match matche juste avant lundu auto monde mondial mandi jeux saumedi decembrer octo".split(" "));
/** Words of at least this length are recognised with one wrong letter. */
const typoLength = 5;

/** Looks a word up, also with one wrong letter when the word that is meant is long enough and none of the `short` ones. */
function reader(words: ReadonlyMap<string, number>, short: ReadonlySet<string>): (word: string) => number | undefined {
  // A typo changes a length by one at most: a word is held against those of about its length only.
  const byLength = new Map<number, (readonly [string, number])[]>();
  for (const [known, value] of words) {
    if (known.length < typoLength || short.has(known)) continue;
    for (const length of [known.length - 1, known.length, known.length + 1])
      byLength.set(length, [...(byLength.get(length) ?? []), [known, value]]);
  }
  return (word) => {
    const exact = words.get(word);
    if (exact !== undefined || word.length < typoLength || notTypos.has(word)) return exact;
    return byLength.get(word.length)?.find(([known]) => nearlySame(word, known))?.[1];
  };
}

/** 1 to 12. */
export const monthOf = reader(months, uncertain);
export const isUncertainMonth = (word: string): boolean => uncertain.has(word);
/** 1 Monday to 7 Sunday. */
export const weekdayNamed = reader(weekdays, shortDays);
export const isShortDay = (word: string): boolean => shortDays.has(word);
export const isPluralDay = (word: string): boolean => weekdays.has(word) && word.endsWith("s") && !shortDays.has(word);
/** Long enough that one wrong letter leaves no other word. */
const longUnits = ["semaine", "semaines", "journee", "minutes", "trimestre"];
export const unitOf = (word: string): Unit | undefined =>
  units.get(word) ?? (word.length > typoLength ? units.get(longUnits.find((long) => nearlySame(word, long)) ?? "") : undefined);
export const numberNamed = (word: string): number | undefined => numbers.get(word);
export const ordinalNamed = (word: string): number | undefined => ordinals.get(word);

const spellings: Readonly<Record<string, readonly string[]>> = {
  aujourdhui: ["aujourdhui", "ajd", "auj", "aujourdui", "aujoudhui", "aujourhui", "ojd"],
  hier: ["hier", "ier", "hierr", "hiier", "hieer", "heir", "hiers", "hiere", "hyer"],
  yesterday: ["yesterday", "yesterdays", "ystrday", "yday", "yest", "yesterdy", "ytday"],
  today: ["today", "2day", "tday", "todays", "tody", "toady"],
  demain: ["demain"],
  tomorrow: ["tomorrow", "tomorow", "tmrw"],
  derniere: ["dernier", "derniere", "derniers", "dernieres", "derneire", "dernieer", "derier", "deniere", "denier"],
  passe: ["passe", "passee", "passes", "passees", "ecoule", "ecoulee", "ecoules", "ecoulees"],
  precedent: ["precedent", "precedente", "precedents", "precedentes", "previous", "prior"],
  prochain: ["prochain", "prochaine", "prochains", "prochaines", "next", "upcoming", "suivant", "suivante"],
  depuis: ["depuis", "depui", "deupis", "dpuis", "dps"],
  weekend: ["weekend", "weekends"],
  matin: ["matin", "matinee", "morning", "matins"],
  soir: ["soir", "soiree", "evening"],
  apresmidi: ["aprem", "apresmidi", "afternoon"],
  nuit: ["nuit", "night"],
};
const canonical = new Map(Object.entries(spellings).flatMap(([word, forms]) => forms.map((form) => [form, word] as const)));
const longWords = ["aujourdhui", "yesterday", "tomorrow"];

/** The one spelling that the grammar knows a word by. */
export function canonicalWord(word: string): string {
  const known = canonical.get(word);
  if (known !== undefined) return known;
  return longWords.find((long) => word.length >= 7 && nearlySame(word, long)) ?? word;
}
