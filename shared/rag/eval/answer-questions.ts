import { furtherCases } from "./answer-conversations.js";
import type { Case, Dataset, Window } from "./case.js";
import type { GoldRun } from "./run-fixtures.js";

const at = (text: string): number => Date.parse(text);
const window = (fr: string, en: string, from: string, to: string): Window => ({ fr, en, from: at(from), to: at(to) });

export const springWindows = [
  window("hier", "yesterday", "2026-05-05T00:00+02:00", "2026-05-06T00:00+02:00"),
  window("avant-hier", "the day before yesterday", "2026-05-04T00:00+02:00", "2026-05-05T00:00+02:00"),
  window("cette nuit", "last night", "2026-05-05T18:00+02:00", "2026-05-06T08:00+02:00"),
  window("la semaine dernière", "last week", "2026-04-27T00:00+02:00", "2026-05-04T00:00+02:00"),
  window("depuis lundi", "since Monday", "2026-05-04T00:00+02:00", "2026-05-06T08:00+02:00"),
  window("le 30 avril", "on April 30", "2026-04-30T00:00+02:00", "2026-05-01T00:00+02:00"),
  window("ces 3 derniers jours", "in the last 3 days", "2026-05-03T08:00+02:00", "2026-05-06T08:00+02:00"),
  window("le week-end dernier", "last weekend", "2026-05-02T00:00+02:00", "2026-05-04T00:00+02:00"),
];
export const longWindows = [
  window("en février", "in February", "2026-02-01T00:00+01:00", "2026-03-01T00:00+01:00"),
  window("le 29 mars", "on March 29", "2026-03-29T00:00+01:00", "2026-03-30T00:00+02:00"),
  window("du 20 au 24 février", "from February 20 to February 24", "2026-02-20T00:00+01:00", "2026-02-25T00:00+01:00"),
  window("le mois dernier", "last month", "2026-04-01T00:00+02:00", "2026-05-01T00:00+02:00"),
];
export const buildWindows = [
  window("hier", "yesterday", "2016-11-17T00:00+01:00", "2016-11-18T00:00+01:00"),
  window("avant-hier", "the day before yesterday", "2016-11-16T00:00+01:00", "2016-11-17T00:00+01:00"),
  window("depuis le 15 novembre", "since November 15", "2016-11-15T00:00+01:00", "2016-11-18T20:00+01:00"),
  window("hier entre 14h et 18h", "yesterday between 2pm and 6pm", "2016-11-17T14:00+01:00", "2016-11-17T18:00+01:00"),
  window("en 2015", "in 2015", "2015-01-01T00:00+01:00", "2016-01-01T00:00+01:00"),
  window("aujourd'hui", "today", "2016-11-18T00:00+01:00", "2016-11-18T20:00+01:00"),
];

const sorted = (values: readonly string[]): string => [...values].sort().join(" | ");
const failed = (rows: readonly GoldRun[]) => rows.filter(({ status }) => status === "failed");
const unique = (values: readonly string[]) => [...new Set(values)];
const tally = (values: readonly string[]) => {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};

type Gold = (rows: readonly GoldRun[], all: readonly GoldRun[], window: Window) => string;
/** For each operation the questions in both languages and an independent fold over the rows of the window. */
const templates: readonly { operation: string; fr: readonly string[]; en: readonly string[]; gold: Gold }[] = [
  {
    operation: "count",
    fr: [
      "peux-tu me dire combien d'échecs il y a eu {w} s'il te plaît ?",
      "Combien de fois ça a planté {w} ?",
      "total des échecs {w}",
      "nb de plantages {w}",
      "{w} : nombre de KO ?",
      "combien de runs KO {w}",
      "combien d'exécutions ont échoué {w}",
      "combine d'echecs {w}",
      "combien de traitements en erreur {w} ? Merci",
      "le nombre d'échecs {w}, svp",
      "combien d'échecs {w} ?",
      "Nombre d'erreurs {w}",
      "{w}, combien d'exécutions en échec ?",
      "cb d'échecs {w}",
      "combien de runs ont planté {w}",
    ],
    en: [
      "could you tell me how many failures there were {w}, please?",
      "total failures {w}",
      "{w}: how many errors?",
      "how many executions failed {w}",
      "failure count {w}",
      "how many failures {w}?",
      "number of failed runs {w}",
      "count failures {w}",
      "how many runs failed {w}",
    ],
    gold: (rows) => `${failed(rows).length} of ${rows.length}`,
  },
  {
    operation: "count runs",
    fr: [
      "combien de runs {w} ?",
      "volume d'exécutions {w}",
      "combien d'exécutions au total {w} ?",
      "combien d'exécutions {w} ?",
      "nombre total d'exécutions {w}",
    ],
    en: ["how many executions {w}?", "run count {w}", "how many runs {w}?", "total number of runs {w}"],
    gold: (rows) => `${rows.length} of ${rows.length}`,
  },
  {
    operation: "list pipelines",
    fr: [
      "y a-t-il eu des échecs {w} ?",
      "qu'est-ce qui a planté {w} ?",
      "Qu'est-ce qui est tombé {w} ?",
      "des erreurs {w} ?",
      "flux KO {w}",
      "pipelines HS {w}",
      "donne-moi la liste des pipelines en échec {w}",
      "Bonjour, pourriez-vous lister les pipelines en échec {w} ? Merci",
      "échecs par pipeline {w}",
      "les pipelines qui ont échoué {w}",
      "qu'est-ce qui a merdé {w} ?",
      "failuers {w}",
      "échecs {w}",
      "quels traitements sont en erreur {w} ?",
      "qu'est-ce qui a échoué {w} ?",
      "Quels pipelines ont échoué {w} ?",
      "liste des pipelines en erreur {w}",
      "quels flux ont planté {w}",
      "montre-moi les échecs {w}",
      "Quels piplines ont échoué {w} ?",
    ],
    en: [
      "what broke {w}?",
      "did anything fail {w}?",
      "anything broken {w}?",
      "were there any errors {w}?",
      "failed pipelines {w}",
      "failures by pipeline {w}",
      "which jobs crashed {w}?",
      "wich pipelines faild {w}",
      "which pipelines failed {w}?",
      "what failed {w}?",
      "list the failing pipelines {w}",
      "show me failures {w}",
    ],
    gold: (rows) => sorted([...tally(failed(rows).map(({ pipeline }) => pipeline))].map(([name, count]) => `${name}=${count}`)),
  },
  {
    operation: "list technos",
    fr: [
      "les technos qui ont planté {w}",
      "technos KO {w}",
      "{w} : échecs par techno",
      "techno ayant échoué {w}",
      "quelle techno est tombée {w} ?",
      "qelles technos on échoué {w} ?",
      "échecs {w} par technologie",
      "répartition des échecs par techno {w}",
      "Quelles technos ont échoué {w} ?",
      "quelles technologies sont en erreur {w}",
      "échecs par techno {w}",
    ],
    en: [
      "which technologies had errors {w}?",
      "failures per technology {w}",
      "failing technos {w}",
      "what technologies failed {w}?",
      "which technos failed {w}?",
      "failures by techno {w}",
    ],
    gold: (rows) => sorted([...tally(failed(rows).map(({ tech }) => tech))].map(([name, count]) => `${name}=${count}`)),
  },
  {
    operation: "rate",
    fr: [
      "taux d'erreur {w}",
      "pourcentage d'échec {w}",
      "quelle part des exécutions a échoué {w} ?",
      "ratio d'échecs {w}",
      "taux d'échec {w} ?",
      "quel est le pourcentage d'échecs {w}",
      "quelle proportion d'exécutions a échoué {w} ?",
    ],
    en: [
      "error rate {w}",
      "percentage of failures {w}",
      "what share of runs failed {w}?",
      "failure rate {w}?",
      "what percentage of runs failed {w}",
    ],
    gold: (rows) => `${failed(rows).length} of ${rows.length}`,
  },
  {
    operation: "success rate",
    fr: [
      "pourcentage de réussite {w}",
      "quel est le taux de réussite {w} ?",
      "proportion de succès {w}",
      "taux de disponibilité {w}",
      "taux de succès {w}",
      "taux de réussite {w} ?",
    ],
    en: ["what is the success rate {w}?", "percentage of successful runs {w}", "success rate {w}"],
    gold: (rows) => `${rows.filter(({ status }) => status === "success").length} of ${rows.length}`,
  },
  {
    operation: "top pipelines",
    fr: [
      "top 3 pipelines en erreur {w}",
      "les 3 pipelines qui échouent le plus {w}",
      "les 3 pipelines les plus instables {w}",
      "les trois pipelines avec le plus d'échecs {w}",
      "top 3 des pipelines en échec {w}",
      "les 3 pires pipelines {w}",
    ],
    en: [
      "top 3 pipelines by failures {w}",
      "3 pipelines failing most often {w}",
      "the three worst pipelines {w}",
      "top 3 failing pipelines {w}",
      "the 3 worst pipelines {w}",
    ],
    gold: (rows) => {
      const runs = tally(rows.map(({ pipeline }) => pipeline));
      const ranked = [...tally(failed(rows).map(({ pipeline }) => pipeline))].sort(
        ([a, x], [b, y]) => y - x || (runs.get(b) ?? 0) - (runs.get(a) ?? 0) || (a < b ? -1 : 1),
      );
      return ranked
        .slice(0, 3)
        .map(([name, count]) => `${name}=${count}`)
        .join(" > ");
    },
  },
  {
    operation: "trend",
    fr: [
      "nombre d'échecs par jour {w}",
      "tendance des échecs {w}",
      "échecs quotidiens {w}",
      "évolution des échecs par jour {w}",
      "échecs jour par jour {w}",
      "combien d'échecs par jour {w} ?",
    ],
    en: ["failure trend {w}", "failures by day {w}", "errors per day {w}", "failures per day {w}", "daily failures {w}"],
    gold: (rows) => {
      const day = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris", dateStyle: "short" });
      return [...tally(failed(rows).map((row) => day.format(row.at)))]
        .sort()
        .map(([name, count]) => `${name}=${count}`)
        .join(" | ");
    },
  },
  {
    operation: "last",
    fr: [
      "quand a eu lieu le dernier échec {w} ?",
      "le plus récent échec {w}",
      "dernière erreur {w}",
      "dernier échec {w}",
      "quel est le dernier échec {w} ?",
    ],
    en: ["most recent failure {w}", "last error {w}", "last failure {w}", "what was the latest failure {w}?"],
    gold: (rows) => (failed(rows).length === 0 ? "none" : new Date(Math.max(...failed(rows).map((row) => row.at))).toISOString()),
  },
  {
    operation: "first",
    fr: ["première erreur {w}", "à quand remonte le premier échec {w} ?", "premier échec {w}", "quelle est la première erreur {w} ?"],
    en: ["first error {w}", "what was the first failure {w}?", "first failure {w}"],
    gold: (rows) => (failed(rows).length === 0 ? "none" : new Date(Math.min(...failed(rows).map((row) => row.at))).toISOString()),
  },
  {
    operation: "duration median",
    fr: ["temps d'exécution médian {w}", "durée des exécutions {w}", "durée médiane {w}", "combien de temps durent les exécutions {w} ?"],
    en: ["median run time {w}", "run duration {w}", "median duration {w}", "how long do runs take {w}"],
    gold: (rows) => {
      const values = rows.flatMap(({ durationMs }) => durationMs ?? []).sort((a, b) => a - b);
      const half = Math.floor(values.length / 2);
      return values.length === 0
        ? "none"
        : String(values.length % 2 === 1 ? values[half] : ((values[half - 1] ?? 0) + (values[half] ?? 0)) / 2);
    },
  },
  {
    operation: "duration p95",
    fr: ["p95 des durées {w}", "95e centile de la durée {w}"],
    en: ["p95 duration {w}"],
    gold: (rows) => {
      const values = rows.flatMap(({ durationMs }) => durationMs ?? []).sort((a, b) => a - b);
      return values.length === 0 ? "none" : String(values[Math.ceil(0.95 * values.length) - 1]);
    },
  },
  {
    operation: "slowest",
    fr: [
      "top 3 des exécutions les plus lentes {w}",
      "les 3 runs les plus longs {w}",
      "les 3 exécutions les plus longues {w}",
      "quelles sont les 3 exécutions les plus lentes {w} ?",
    ],
    en: ["top 3 slowest runs {w}", "the three longest executions {w}", "the 3 slowest runs {w}", "3 longest runs {w}"],
    gold: (rows) =>
      rows
        .flatMap(({ durationMs }) => durationMs ?? [])
        .sort((a, b) => b - a)
        .slice(0, 3)
        .join(" > "),
  },
  {
    operation: "missing",
    fr: [
      "qu'est-ce qui n'a pas tourné {w} ?",
      "pipelines manquants {w}",
      "quels flux ne se sont pas lancés {w} ?",
      "quels pipelines n'ont pas démarré {w} ?",
      "pipelines sans exécution {w}",
      "Quels pipelines n'ont pas tourné {w} ?",
      "pipelines absents {w}",
    ],
    en: [
      "which pipelines didn't run {w}?",
      "what did not run {w}?",
      "pipelines that haven't run {w}",
      "which pipelines did not run {w}?",
      "missing pipelines {w}",
    ],
    gold: (rows, all, { to }) => {
      const present = new Set(rows.map(({ pipeline }) => pipeline));
      return sorted(unique(all.filter((row) => row.at < to).map(({ pipeline }) => pipeline)).filter((name) => !present.has(name)));
    },
  },
  {
    operation: "status",
    fr: [
      "résumé {w}",
      "comment ça s'est passé {w} ?",
      "tout s'est bien passé {w} ?",
      "fais-moi un point {w}",
      "RAS {w} ?",
      "synthèse {w}",
      "bilan {w}",
      "que s'est-il passé {w} ?",
    ],
    en: ["how did it go {w}?", "recap {w}", "did everything run fine {w}?", "overview {w}", "summary {w}", "what happened {w}?"],
    gold: (rows) => sorted([...tally(rows.map(({ status }) => status))].map(([name, count]) => `${name}=${count}`)),
  },
  {
    operation: "without",
    fr: [
      "quels pipelines n'ont eu aucun échec {w} ?",
      "pipelines sans échec {w}",
      "quels pipelines n'ont jamais échoué {w} ?",
      "quels pipelines n'ont pas planté {w} ?",
      "Quels pipelines n'ont pas échoué {w} ?",
    ],
    en: [
      "which pipelines had no failures {w}?",
      "pipelines without errors {w}",
      "which pipelines didn't fail {w}?",
      "which pipelines did not fail {w}?",
    ],
    gold: (rows) => {
      const bad = new Set(failed(rows).map(({ pipeline }) => pipeline));
      return sorted(unique(rows.map(({ pipeline }) => pipeline)).filter((name) => !bad.has(name)));
    },
  },
];

const spellings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => text.normalize("NFD").replace(/\p{Mn}/gu, ""),
  (text) => text.replaceAll("'", "’"),
  (text) => text.replace("échec", "éche").replace("failures", "failues").replace("hier", "hierr"),
];

/** Every window with every template in both languages, the phrasing and spelling changing from case to case; then named filters. */
export function casesOf(dataset: Dataset): Case[] {
  const { rows, windows, pipelines, techs } = dataset;
  let turn = 0;
  const cases: Case[] = [];
  const next = (choices: readonly string[]) => choices[turn % choices.length] ?? "";
  const add = (operation: string, text: string, gold: string) => {
    const spell = spellings[turn++ % spellings.length] ?? ((same: string) => same);
    cases.push({ operation, question: spell(text), gold });
  };
  // Every phrase as it is, for a day and for a longer time.
  for (const each of [windows[0], windows[3]]) {
    if (!each) continue;
    const inside = rows.filter((row) => row.at >= each.from && row.at < each.to);
    for (const { operation, fr, en, gold } of templates) {
      for (const phrase of fr) cases.push({ operation, question: phrase.replace("{w}", each.fr), gold: gold(inside, rows, each) });
      for (const phrase of en) cases.push({ operation, question: phrase.replace("{w}", each.en), gold: gold(inside, rows, each) });
    }
  }
  for (const each of windows) {
    const inside = rows.filter((row) => row.at >= each.from && row.at < each.to);
    for (const { operation, fr, en, gold } of templates) {
      add(operation, next(fr).replace("{w}", each.fr), gold(inside, rows, each));
      add(operation, next(en).replace("{w}", each.en), gold(inside, rows, each));
    }
    for (const [kind, names] of [
      ["pipeline", pipelines],
      ["tech", techs],
    ] as const) {
      for (const name of names) {
        const named = inside.filter((row) => row[kind] === name);
        const count = `${failed(named).length} of ${named.length}`;
        add(
          `count ${kind}`,
          next([`combien d'échecs de ${name} {w} ?`, `nombre d'échecs pour ${name} {w}`, `échecs sur ${name} {w} : combien ?`]).replace(
            "{w}",
            each.fr,
          ),
          count,
        );
        add(
          `count ${kind}`,
          next([`how many failures on ${name} {w}?`, `number of failures of ${name} {w}`]).replace("{w}", each.en),
          count,
        );
      }
    }
  }
  return [...cases, ...furtherCases(dataset)];
}
