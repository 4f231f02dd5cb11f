import type { Dataset, Window } from "./case.js";
import type { GoldRun } from "./run-fixtures.js";

type Rows = readonly GoldRun[];
type Continued = { readonly question: string; readonly after: readonly string[]; readonly gold: string };

/** Corrections, changes of a filter, and changes of subject, which inherit nothing. */
export function* continuedCases({ rows, windows, techs }: Pick<Dataset, "rows" | "windows" | "techs">): Generator<Continued> {
  const share = (list: Rows): string => `${list.filter(({ status }) => status === "failed").length} of ${list.length}`;
  const within = ({ from, to }: Window): Rows => rows.filter((row) => row.at >= from && row.at < to);
  const [yesterday, dayBefore] = windows;
  const [tech, other] = techs;
  if (!yesterday || !dayBefore || tech === undefined) return;
  const asked = (fr: boolean, name?: string) =>
    fr
      ? `combien d'échecs ${name === undefined ? "" : `${name} `}hier ?`
      : `how many ${name === undefined ? "" : `${name} `}failures yesterday?`;
  const of = (list: Rows, name: string) => list.filter((row) => row.tech === name);
  for (const correction of [
    "non, avant-hier",
    "non je voulais dire avant-hier",
    "pardon, avant-hier",
    "plutôt avant-hier",
    "et avant-hier ?",
  ])
    yield { question: correction, after: [asked(true)], gold: share(within(dayBefore)) };
  for (const correction of ["no, the day before yesterday", "sorry, I meant the day before yesterday", "and the day before yesterday?"])
    yield { question: correction, after: [asked(false)], gold: share(within(dayBefore)) };
  // The filter stays when only the time changes, and the time when only the filter does.
  yield { question: "et avant-hier ?", after: [asked(true, tech)], gold: share(of(within(dayBefore), tech)) };
  yield { question: "non, avant-hier", after: [asked(true, tech)], gold: share(of(within(dayBefore), tech)) };
  if (other !== undefined) {
    for (const change of [`et ${other} ?`, `et pour ${other} ?`, `non, ${other}`, `plutôt ${other}`, `même question pour ${other}`])
      yield { question: change, after: [asked(true, tech)], gold: share(of(within(yesterday), other)) };
    for (const change of [`and ${other}?`, `what about ${other}?`, `same for ${other}`, `no, ${other}`])
      yield { question: change, after: [asked(false, tech)], gold: share(of(within(yesterday), other)) };
  }
  for (const everything of ["et toutes technos confondues ?", "et au total ?", "et pour toutes les technos ?", "sans filtre"])
    yield { question: everything, after: [asked(true, tech)], gold: share(within(yesterday)) };
  yield { question: "and for all technos?", after: [asked(false, tech)], gold: share(within(yesterday)) };
  for (const environment of [...new Set(within(yesterday).flatMap((row) => row.environment ?? []))]) {
    const own = within(yesterday).filter((row) => row.environment === environment);
    yield { question: `et en ${environment} ?`, after: [asked(true)], gold: share(own) };
    yield { question: `et en ${environment} ?`, after: [asked(true, tech)], gold: share(of(own, tech)) };
    yield { question: `what about ${environment}?`, after: [asked(false)], gold: share(own) };
  }
  yield* pickedCases(within(yesterday));
  // A question that stands on its own takes nothing over.
  yield { question: "combien d'échecs avant-hier toutes technos ?", after: [asked(true, tech)], gold: share(within(dayBefore)) };
  yield { question: "Combien d'échecs avant-hier ?", after: [asked(true, tech)], gold: share(within(dayBefore)) };
  yield { question: "how many failures the day before yesterday?", after: [asked(false, tech)], gold: share(within(dayBefore)) };
  // What was not understood leaves the conversation where it stood.
  yield { question: "et avant-hier ?", after: [asked(true, tech), "écris un poème"], gold: share(of(within(dayBefore), tech)) };
  yield { question: "et avant-hier ?", after: [asked(true, tech), "merci"], gold: share(of(within(dayBefore), tech)) };
}

/** "le deuxième ?": the second of the names that the answer before listed, most failures first. */
function* pickedCases(rows: Rows): Generator<Continued> {
  const own = (name: string) => rows.filter(({ pipeline }) => pipeline === name);
  const count = (list: Rows) => list.filter(({ status }) => status === "failed").length;
  const ranking = [...new Set(rows.map(({ pipeline }) => pipeline))]
    .filter((name) => count(own(name)) > 0)
    .sort((a, b) => count(own(b)) - count(own(a)) || own(b).length - own(a).length || (a < b ? -1 : 1));
  const top = "top 5 des pipelines en échec hier";
  for (const [place, name] of ranking.slice(0, 3).entries()) {
    const gold = `${count(own(name))} of ${own(name).length}`;
    const [fr, en] = (
      [
        ["le premier ?", "what about the first one?"],
        ["et le deuxième ?", "and the second one?"],
        ["le 3e ?", "the third?"],
      ] as const
    )[place] as readonly [string, string];
    yield { question: fr, after: [top], gold };
    yield { question: en, after: ["top 5 failing pipelines yesterday"], gold };
    if (place > 0) yield { question: fr, after: [top, "le premier ?"], gold };
  }
}
