import { failed, sorted, tally, unique, type Template } from "./folds.js";

/** Questions about runs: the last, the longest, those that are not there. */
export const runTemplates: readonly Template[] = [
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
    operation: "fastest",
    fr: [
      "les 3 exécutions les plus courtes {w}",
      "top 3 des runs les plus rapides {w}",
      "quelles sont les 3 exécutions les moins longues {w} ?",
      "bonjour, pouvez-vous me donner les 3 runs les plus brefs {w} ? merci d'avance",
    ],
    en: ["the 3 shortest runs {w}", "3 fastest executions {w}", "what were the three quickest runs {w}?"],
    gold: (rows) =>
      rows
        .flatMap(({ durationMs }) => durationMs ?? [])
        .sort((a, b) => a - b)
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
      "quels pipelines n'ont jamais réussi {w} ?",
      "pipelines sans aucun succès {w}",
      "y a-t-il des jobs qui n'ont eu aucun succès {w} ?",
    ],
    en: ["which pipelines never succeeded {w}?", "pipelines without a single success {w}"],
    gold: (rows) => {
      const good = new Set(rows.filter(({ status }) => status === "success").map(({ pipeline }) => pipeline));
      return sorted(unique(rows.map(({ pipeline }) => pipeline)).filter((name) => !good.has(name)));
    },
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
