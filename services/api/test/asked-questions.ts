import type { Run } from "@flow-rag/contracts";
import { readFileSync } from "node:fs";
import { run } from "./live-api.js";

const pipelines = [
  ["orders-daily", "Spark", "prod"],
  ["orders-cdc", "Kafka Connect", "prod"],
  ["orders", "Spark", "prod"],
  ["ORDERS", "dbt", "preprod"],
  ["crm_export", "Talend", "prod"],
  ["crm-import", "Talend", "preprod"],
  ["customers-enrich", "dbt", "prod"],
  ["Réconciliation Bancaire", "SSIS", "prod"],
  ["stock-agg", "Spark", "preprod"],
  ["google/guice", "maven", "ci"],
  ["flux RH", "Talend", "prod"],
  ["fx-rates", "http", "prod"],
] as const;
/** Errors of one signature that differ by who had them, and such as hold what patterns give a meaning to. */
const errors: readonly (readonly [signature: string, text: (pipeline: string, turn: number) => string])[] = [
  ["login", (pipeline) => `ERROR: Login incorrect for user etl_${pipeline.replace(/\W+/g, "_").toLowerCase()}`],
  ["listener", (pipeline) => `ORA-12541: TNS:no listener (host db-${pipeline.length})`],
  ["readonly", (_, turn) => `mount: read-only file system /data/${turn % 4}`],
  ["module", (pipeline) => `ModuleNotFoundError: module Python manquant : ${pipeline.slice(0, 3)}_lib`],
  ["pass", () => "phrase secrète manquante (gpg --batch) [exit code 137]"],
  ["memory", (pipeline) => `java.lang.OutOfMemoryError: Java heap space in ${pipeline}.Main$1 (a+)+$ {x} | y^z`],
];

/** 14 days of runs until now: a seventh of them failed, and each error is met on several pipelines. */
export const askedRuns = (now: Date): Run[] =>
  Array.from({ length: 14 * 12 * 4 }, (_, index) => {
    const [pipeline, tech, environment] = pipelines[index % pipelines.length] as (typeof pipelines)[number];
    const [signature, text] = errors[Math.floor(index / 7) % errors.length] as (typeof errors)[number];
    return run(`a${index}`, {
      pipeline,
      tech,
      environment,
      ts: new Date(now.getTime() - (index + 1) * 30 * 60_000),
      durationMs: 1_000 * ((index * 37) % 600),
      ...(index % 7 === 0 && { status: "failed", rawStatus: "KO", error: text(pipeline, index), signature }),
    });
  });

const templates = [
  "combien d'erreurs {e} {t} ?",
  "combien d'échecs sur {n} {t} ?",
  "quels pipelines ont l'erreur {e} {t} ?",
  "quelles technos ont échoué {t} ?",
  "pourquoi {n} plante {t} ?",
  'erreurs contenant "{e}" {t}',
  "déjà vu : {e} ?",
  "statut de {n}",
  "dernier échec de {n} {t}",
  "top 5 des erreurs {t}",
  "quels pipelines n'ont pas tourné {t} ?",
  "compare {t} à la semaine dernière pour {n}",
  "évolution des erreurs {e} par jour {t}",
  "taux d'échec par pipeline {t} sauf {n}",
  "depuis quand {e} ?",
  "how many {e} errors {t}?",
  "which pipelines failed with {e} {t}?",
  "why does {n} fail {t}?",
  "has {n} run {t}?",
  "errors like {e} on {n}",
  "slowest runs of {n} {t}",
  "failures of {n} {t} by environment",
  "{n} {t}",
  "{e}",
  "plus de 3 échecs {e} {t}",
];
const times = [
  "",
  "hier",
  "aujourd'hui",
  "cette semaine",
  "après aujourd'hui",
  "after this week",
  "after this month",
  "avant hier 8h",
  "entre 2h et 6h hier",
  "depuis lundi",
  "ces 3 derniers jours",
  "last 24h",
  "yesterday",
  "this month",
  "since Monday",
  "le 31 février",
  "du 3 au 5",
  "cette nuit",
  "in the last 10 days",
  "before today",
];
const sought = [
  "ORA-12541",
  "read-only file system",
  "Login incorrect",
  "module Python manquant",
  "phrase secrète manquante",
  "exit code 137",
  "java.lang.OutOfMemoryError",
  "Main$1",
  "(a+)+$",
  "{x} | y^z",
  "[exit code 137]",
  "a missing file",
  "--batch",
  "x-1_y.z/w",
  "TNS:no listener",
  "404",
  "\\d+\\",
  "c'est ça",
  "Quota-exceeded!",
  "*?",
];
const names = [
  ...pipelines.map(([name]) => name),
  "order-daly",
  "ordres",
  "crm-export",
  "CRM_EXPORT",
  "`orders`",
  "reconciliation bancaire",
  "Re\u0301conciliation Bancaire",
  "Spark",
  "Kafka Connect",
  "prod",
  "pipe-inconnu-12",
  "orders-*",
];

/** So many different questions of the templates, always the same ones. */
export function composedQuestions(count: number): string[] {
  const found = new Set<string>();
  let state = 20_260_506;
  // Source: Numerical Recipes' linear congruential generator.
  const pick = (list: readonly string[]): string => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return list[Math.floor((state / 2 ** 32) * list.length)] as string;
  };
  while (found.size < count) {
    const filled = pick(templates)
      .replace("{e}", () => pick(sought))
      .replace("{n}", () => pick(names))
      .replace("{t}", () => pick(times));
    found.add(filled.replace(/ {2,}/g, " ").trim());
  }
  return [...found];
}

/** The questions and phrases about time that the evaluations of shared/rag hold. */
export function corpusQuestions(): string[] {
  const lines = (name: string) =>
    readFileSync(new URL(`../../../shared/rag/eval/${name}`, import.meta.url), "utf8")
      .split("\n")
      .filter((line) => line.includes(" => ") && !line.startsWith("#"))
      .map((line) => line.slice(0, line.lastIndexOf(" => ")).trim());
  return [...new Set([...lines("plan-questions.txt"), ...lines("time-phrases.txt").map((phrase) => `échecs ${phrase}`)])].filter(
    (question) => question !== "",
  );
}
