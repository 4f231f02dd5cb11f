import { dayOf, failed, groupsOf, medianOf, p95Of, sorted, tally, type Template } from "./folds.js";
import type { GoldRun } from "./run-fixtures.js";

const hour = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris", dateStyle: "short", timeStyle: "short" });
const latestOf = (rows: readonly GoldRun[]): number => rows.reduce((last, { at }) => Math.max(last, at), -Infinity);
const byDay = (rows: readonly GoldRun[], measure: (values: readonly number[]) => number | undefined): string =>
  [...groupsOf(rows, dayOf)]
    .map(([day, list]) => [day, measure(list.flatMap(({ durationMs }) => durationMs ?? []))] as const)
    .filter(([, value]) => value !== undefined)
    .sort()
    .map(([day, value]) => `${day}=${value}`)
    .join(" | ");

/** Questions about what is new, how things stand, and durations by period. */
export const stateTemplates: readonly Template[] = [
  {
    operation: "new errors",
    fr: [
      "quelles sont les nouvelles erreurs {w} ?",
      "nouvelles erreurs {w}",
      "erreurs jamais vues {w}",
      "y a-t-il eu de nouveaux types d'erreurs {w} ?",
      "quelles erreurs sont apparues pour la première fois {w} ?",
      "combien de nouvelles erreurs {w} ?",
    ],
    en: ["new errors {w}", "any new errors {w}?", "which errors appeared for the first time {w}?", "how many new error types {w}?"],
    gold: (rows, all, { from }) => {
      const before = new Set(all.filter((row) => row.at < from).map(({ signature }) => signature));
      const fresh = failed(rows).flatMap(({ signature }) => (signature === null || before.has(signature) ? [] : [signature]));
      return sorted([...tally(fresh)].map(([name, count]) => `${name}=${count}`));
    },
  },
  {
    operation: "latest of each",
    fr: ["dernier échec de chaque pipeline {w}", "dernier échec par pipeline {w}", "le dernier plantage de chaque flux {w}"],
    en: ["last failure of each pipeline {w}", "latest failure per pipeline {w}", "last failure by pipeline {w}"],
    gold: (rows) =>
      sorted(
        [...groupsOf(failed(rows), ({ pipeline }) => pipeline)].map(([name, list]) => `${name}=${new Date(latestOf(list)).toISOString()}`),
      ),
  },
  {
    operation: "median by day",
    fr: ["durée médiane par jour {w}", "médiane des durées jour par jour {w}", "évolution de la durée des exécutions par jour {w}"],
    en: ["median duration per day {w}", "duration by day {w}", "how long did runs take each day {w}"],
    gold: (rows) => byDay(rows, medianOf),
  },
  {
    operation: "p95 by day",
    fr: ["p95 des durées par jour {w}", "95e centile des durées par jour {w}"],
    en: ["p95 duration per day {w}", "daily p95 duration {w}"],
    gold: (rows) => byDay(rows, p95Of),
  },
  {
    operation: "median by techno",
    fr: ["durée médiane par techno {w}", "durée des exécutions par technologie {w}"],
    en: ["median duration by techno {w}", "run duration per technology {w}"],
    gold: (rows) =>
      sorted(
        [...groupsOf(rows, ({ tech }) => tech)].flatMap(([name, list]) => {
          const median = medianOf(list.flatMap(({ durationMs }) => durationMs ?? []));
          return median === undefined ? [] : [`${name}=${median}`];
        }),
      ),
  },
  {
    operation: "trend by hour",
    fr: ["échecs par heure {w}", "nombre d'échecs heure par heure {w}", "évolution horaire des échecs par heure {w}"],
    en: ["failures by hour {w}", "hourly failures {w}", "failures per hour {w}"],
    gold: (rows) =>
      [...tally(failed(rows).map((row) => hour.format(row.at).slice(0, 13)))]
        .sort()
        .map(([name, count]) => `${name}=${count}`)
        .join(" | "),
  },
  {
    operation: "statuses",
    fr: ["exécutions annulées {w}", "quels pipelines ont été annulés {w} ?", "runs annulés par pipeline {w}"],
    en: ["cancelled runs {w}", "which pipelines were cancelled {w}?"],
    gold: (rows) =>
      sorted(
        [...tally(rows.filter(({ status }) => status === "cancelled").map(({ pipeline }) => pipeline))].map(
          ([name, count]) => `${name}=${count}`,
        ),
      ),
  },
];

/** How every pipeline stands is asked without a period. */
export const standingQuestions: readonly { operation: string; questions: readonly string[]; gold: (all: readonly GoldRun[]) => string }[] =
  [
    {
      operation: "latest of each",
      questions: [
        "le dernier run de chaque pipeline",
        "dernière exécution par pipeline",
        "last run of each pipeline",
        "statut de chaque pipeline",
        "LAST RUN PER PIPELINE",
        "dernier passage de chaque flux",
      ],
      gold: (all) =>
        sorted([...groupsOf(all, ({ pipeline }) => pipeline)].map(([name, list]) => `${name}=${new Date(latestOf(list)).toISOString()}`)),
    },
    {
      operation: "failing now",
      questions: [
        "qu'est-ce qui est en échec actuellement ?",
        "quels pipelines sont en échec en ce moment ?",
        "quels flux sont toujours en échec ?",
        "what is currently failing?",
        "which pipelines are still failing?",
        "combien de pipelines sont en échec actuellement ?",
      ],
      gold: (all) =>
        sorted(
          [...groupsOf(all, ({ pipeline }) => pipeline)].flatMap(([name, list]) => {
            const ended = list.filter(({ status }) => status !== "running");
            const last = latestOf(ended);
            return ended.some(({ at, status }) => at === last && status === "failed") ? [name] : [];
          }),
        ),
    },
  ];
