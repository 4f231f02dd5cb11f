import { failed, groupsOf, sorted, tally, type Template } from "./folds.js";
import type { GoldRun } from "./run-fixtures.js";

const pipelinesWith = (rows: readonly GoldRun[], fits: (failures: number, runs: number) => boolean) =>
  [...groupsOf(rows, ({ pipeline }) => pipeline)]
    .map(([name, list]) => ({ name, failures: failed(list).length, runs: list.length }))
    .filter(({ failures, runs }) => fits(failures, runs));
const counted = (list: readonly { name: string; failures: number }[]): string =>
  sorted(list.map(({ name, failures }) => `${name}=${failures}`));
const longer = (rows: readonly GoldRun[], ms: number) => rows.filter(({ durationMs }) => durationMs !== null && durationMs > ms).length;

/** Questions with a bound on a count, a share or a duration, and other groups. */
export const boundTemplates: readonly Template[] = [
  {
    operation: "threshold",
    fr: [
      "quels pipelines ont plus de 2 échecs {w} ?",
      "pipelines avec plus de deux échecs {w}",
      "quels flux ont planté plus de 2 fois {w} ?",
      "pipelines ayant au moins 3 échecs {w}",
      "combien de pipelines ont échoué plus de 2 fois {w} ?",
      "pipelines avec 3 échecs ou plus {w}",
    ],
    en: [
      "which pipelines failed more than twice {w}?",
      "pipelines with at least 3 failures {w}",
      "pipelines with more than 2 failures {w}",
      "pipelines with 3 or more failures {w}",
    ],
    gold: (rows) => counted(pipelinesWith(rows, (failures) => failures > 2)),
  },
  {
    operation: "threshold",
    fr: ["quels pipelines ont moins de 2 échecs {w} ?", "pipelines avec au plus un échec {w}"],
    en: ["which pipelines have fewer than 2 failures {w}?", "pipelines with at most 1 failure {w}"],
    gold: (rows) => counted(pipelinesWith(rows, (failures) => failures < 2)),
  },
  {
    operation: "threshold",
    fr: ["quels pipelines échouent à chaque fois {w} ?", "pipelines qui plantent systématiquement {w}"],
    en: ["which pipelines always fail {w}?", "pipelines that fail every time {w}"],
    gold: (rows) => counted(pipelinesWith(rows, (failures, runs) => failures === runs)),
  },
  {
    operation: "rate above",
    fr: [
      "quels pipelines ont un taux d'échec supérieur à 10 % {w} ?",
      "pipelines dont le taux d'échec dépasse 10 % {w}",
      "pipelines avec un taux d'erreur au-dessus de 10% {w}",
    ],
    en: ["which pipelines have a failure rate above 10% {w}?", "pipelines with an error rate over 10 % {w}"],
    gold: (rows) =>
      sorted(
        pipelinesWith(rows, (failures, runs) => failures * 10 > runs).map(({ name, failures, runs }) => `${name}=${failures}/${runs}`),
      ),
  },
  {
    operation: "rate by techno",
    fr: ["taux d'échec par techno {w}", "quel est le taux d'échec de chaque techno {w} ?"],
    en: ["failure rate by techno {w}", "failure rate per technology {w}"],
    gold: (rows) => sorted([...groupsOf(rows, ({ tech }) => tech)].map(([name, list]) => `${name}=${failed(list).length}/${list.length}`)),
  },
  {
    operation: "long runs",
    fr: [
      "combien d'exécutions de plus de 2 minutes {w} ?",
      "exécutions de plus de 2 min {w}",
      "combien d'exécutions ont duré plus de 120 secondes {w} ?",
      "runs de plus de deux minutes {w}",
    ],
    en: ["how many runs took more than 2 minutes {w}?", "runs longer than 2 min {w}", "runs over 2 minutes {w}"],
    gold: (rows) => `${longer(rows, 120_000)} of ${longer(rows, 120_000)}`,
  },
  {
    operation: "top errors",
    fr: ["top 3 des erreurs {w}", "les 3 erreurs les plus fréquentes {w}", "les trois principales erreurs {w}"],
    en: ["top 3 errors {w}", "the 3 most common errors {w}", "three most frequent errors {w}"],
    gold: (rows) =>
      [...tally(failed(rows).map(({ signature }) => signature ?? ""))]
        .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
        .slice(0, 3)
        .map(([name, count]) => `${name}=${count}`)
        .join(" > "),
  },
  {
    operation: "how many groups",
    fr: ["combien de pipelines ont échoué {w} ?", "nombre de pipelines en échec {w}", "combien de pipelines différents ont planté {w} ?"],
    en: ["how many pipelines failed {w}?", "number of failing pipelines {w}"],
    gold: (rows) => String(tally(failed(rows).map(({ pipeline }) => pipeline)).size),
  },
  {
    operation: "how many groups",
    fr: ["combien d'erreurs différentes {w} ?", "combien de types d'erreurs distincts {w} ?"],
    en: ["how many distinct errors {w}?", "how many different errors {w}?"],
    gold: (rows) => String(tally(failed(rows).map(({ signature }) => signature ?? "")).size),
  },
];
