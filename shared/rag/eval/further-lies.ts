import type { LyingModel } from "./lying-models.js";

const isFrench = (draft: string): boolean => /\b(?:échecs?|exécutions?|succès|durée|sur|aucune?|dernier)\b/u.test(draft);
const plainOf = (draft: string): string => draft.replace(/«[^»]*»|"[^"]*"|`[^`]*`/g, (text) => "\0".repeat(text.length));
/** A sentence behind what was computed. */
const adding = (name: string, fr: string, en: string): LyingModel => ({
  name,
  lie: (draft) => `${draft}\n${isFrench(draft) ? fr : en}`,
});

/** Names of lines with a count, the highest first as they are listed. */
function counted(draft: string): { name: string; count: number }[] {
  return [...draft.matchAll(/^(?:•|\d+\.) (`[^`]+`|\*\*[^*]+\*\*)(?: \([^)]*\))?[\u202f ]?: (\d+)(?![\d\u202f ,.]*%)/gmu)].map(
    ([, name = "", count]) => ({ name, count: Number(count) }),
  );
}

function replaceFirst(draft: string, pattern: RegExp, change: (found: string) => string): string | undefined {
  const match = pattern.exec(plainOf(draft));
  return match ? draft.slice(0, match.index) + change(match[0]) + draft.slice(match.index + match[0].length) : undefined;
}

/** What models really say that nobody computed: words for numbers, shares, rankings, negations, other days, units, causes and outcomes. */
export const furtherLies: readonly LyingModel[] = [
  {
    ...adding("about a dozen", "Une dizaine d'échecs en tout.", "About a dozen failures in all."),
    isTrueOf: (failures) => failures >= 8 && failures <= 15,
  },
  adding("a handful", "Une poignée de pipelines concentre tout.", "A handful of pipelines account for it."),
  adding("most", "La plupart des exécutions ont échoué.", "Most runs failed."),
  adding("two thirds", "Soit deux tiers des exécutions.", "That is two thirds of the runs."),
  adding("half", "Soit la moitié des exécutions.", "That is half of the runs."),
  adding("one in two", "Soit 1 exécution sur 2.", "That is 1 run in 2."),
  adding("thousands", "Soit 3k échecs.", "That is 3k failures."),
  adding("full-width digits", "Soit ９７ échecs.", "That is ９７ failures."),
  adding("all of them", "Tous les pipelines ont échoué.", "All pipelines failed."),
  {
    name: "none succeeded",
    lie: (draft) =>
      /[1-9]\d* (?:succès|success)/.test(plainOf(draft))
        ? `${draft}\n${isFrench(draft) ? "Aucune exécution n'a réussi." : "No run succeeded."}`
        : undefined,
  },
  adding("everything", "Tout a échoué.", "Everything failed."),
  adding("they all did", "Les technos ont toutes échoué.", "The technos all failed."),
  adding("another date format", "Surtout le 03/02/2031.", "Mostly on 2031-02-03."),
  adding("a relative day", "Surtout il y a 17 jours.", "Mostly 17 days ago."),
  adding("an hour", "Tout s'est passé à 03:33.", "It all happened at 03:33."),
  adding("solved", "Le problème est résolu.", "The problem is solved."),
  adding("for the first time", "C'est la première fois.", "It is the first time."),
  adding("better than usual", "C'est mieux que d'habitude.", "That is better than usual."),
  adding("probably memory", "C'est probablement un manque de mémoire.", "It is probably a lack of memory."),
  adding("a loss", "Les données des clients sont perdues.", "Customer data are lost."),
  adding("a range", "Entre 3 et 900 échecs.", "Between 3 and 900 failures."),
  adding("a promise", "Le prochain passage va réussir.", "The next run will succeed."),
  adding("a person", "L'équipe Finance est prévenue.", "The Finance team has been told."),
  adding("rising", "La tendance est à la hausse.", "The trend is upwards."),
  adding("a percentage in words", "Soit dix pour cent.", "That is ten percent."),
  adding("negative", "Soit -5 échecs.", "That is -5 failures."),
  {
    name: "the bound turned round",
    lie: (draft) =>
      replaceFirst(draft, /(?:plus de|moins de|more than|fewer than|au moins|at least) (?=\d)/, (found) =>
        isFrench(draft) ? (found === "plus de " ? "moins de " : "plus de ") : found === "more than " ? "fewer than " : "more than ",
      ),
  },
  {
    name: "the wrong one leads",
    lie: (draft) => {
      const names = counted(draft);
      const [first, last] = [names[0], names.at(-1)];
      // By their shares another one may lead.
      if (!first || !last || first.count === last.count || /^(?:•|\d+\.) .* (?:sur|of) .*%\)$/mu.test(draft)) return undefined;
      return `${draft}\n${isFrench(draft) ? `Le plus touché est ${last.name}.` : `The most affected is ${last.name}.`}`;
    },
  },
  {
    name: "groups of another outcome",
    lie: (draft) => {
      const plain = plainOf(draft);
      const found = /(?<![\d\u202f,.])([1-9]\d*) (pipelines|technos)/.exec(plain);
      if (!found || /succès|success|sans |without/.test(plain)) return undefined;
      return `${draft}\n${isFrench(draft) ? `${found[1]} ${found[2]} ont réussi.` : `${found[1]} ${found[2]} succeeded.`}`;
    },
  },
  {
    name: "did not fail",
    lie: (draft) => {
      const [first] = counted(draft);
      const head = draft.split("\n", 1)[0] ?? "";
      if (!first || first.count === 0 || !/échec|failure/.test(head) || /sans |without /.test(head)) return undefined;
      return `${draft}\n${isFrench(draft) ? `${first.name} n'a pas échoué.` : `${first.name} did not fail.`}`;
    },
  },
  { name: "minutes for seconds", lie: (draft) => replaceFirst(draft, /(?<=\d[\u202f ])s(?![\p{L}\d])/u, () => "min") },
  { name: "hours for minutes", lie: (draft) => replaceFirst(draft, /(?<=\d[\u202f ])min(?![\p{L}\d])/u, () => "h") },
  { name: "a weekday", lie: (draft) => replaceFirst(draft, /\b(?:mar\.|Tue)(?= \d)/u, (day) => (day === "Tue" ? "Thu" : "jeu.")) },
  { name: "a month", lie: (draft) => replaceFirst(draft, /(?<=\d )(?:mai|May)\b/u, (month) => (month === "May" ? "Jun" : "juin")) },
  {
    name: "at least",
    lie: (draft) =>
      replaceFirst(draft, /(?<![\d.,\u202f])[1-9]\d*(?= (?:échecs?|failures?))/u, (count) =>
        isFrench(draft) ? `moins de ${count}` : `fewer than ${count}`,
      ),
  },
  {
    name: "a percentage of another digit",
    lie: (draft) => replaceFirst(draft, /\d(?=[\u202f ]?%)/u, (digit) => String((Number(digit) + 1) % 10)),
  },
];
