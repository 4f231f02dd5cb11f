import { failed, sorted, tally, type Template } from "./folds.js";

/** Questions about how many, and which names. */
export const countTemplates: readonly Template[] = [
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
];
