import type { Catalogue } from "../src/plan/names.js";
import { datasets } from "./datasets.js";

/** Names that are ordinary words, dates and numbers as well. */
const ordinary: Catalogue = {
  pipelines: [
    "daily",
    "hier",
    "spark",
    "errors",
    "2024-export",
    "top-sales",
    "last-mile",
    "export-2026-05-05",
    "new_failures",
    "week",
    "orders",
    "prod-sync",
    "lundi",
    "report-count",
    "7days",
    "ok",
    "slow-query",
    "failed-login-audit",
    "test",
    "status-check",
    "import_clients",
    "Réconciliation Bancaire",
    "count",
    "flux RH",
  ],
  techs: ["Spark", "dbt", "Airbyte", "Python", "bash", "SQL", "Azure Data Factory", "Talend"],
  environments: ["prod", "preprod", "dev", "uat"],
};

/** Names with dates, paths, accents and brackets in them, and technologies that are seldom named. */
const unusual: Catalogue = {
  pipelines: [
    "SAP_FI_closing",
    "flux-paie-n2",
    "J_2045_STOCK",
    "etl.ventes.journalier",
    "Maj Référentiel Tiers",
    "0-boot",
    "d365/customers",
    "DWH-LOAD-20240131",
    "ml_scoring_churn_v2",
    "edi-desadv-in",
    "export Carrefour",
    "kpi",
    "purge",
    "rapprochement_bancaire",
    "A320-telemetry",
    "weekly_digest",
    "last-known-good",
    "reporting.mensuel",
    "sync-AD",
    "backfill",
  ],
  techs: ["SSIS", "Apache NiFi", "Databricks", "Control-M", "Kettle (PDI)", "n8n"],
  environments: ["PROD-EU", "PROD-US", "recette", "qualif"],
};

/** The names that questions are asked about: those of each dataset, `ordinary` and `unusual`. Files that are not there go to `skipped`. */
export function readCatalogues(skipped: string[]): Map<string, Catalogue> {
  const catalogues = new Map([
    ["ordinary", ordinary],
    ["unusual", unusual],
  ]);
  for (const { name, rows } of datasets(skipped)) {
    const names = (values: readonly string[]) => [...new Set(values)].sort();
    catalogues.set(name, {
      pipelines: names(rows.map(({ pipeline }) => pipeline)),
      techs: names(rows.map(({ tech }) => tech)),
      environments: names(rows.flatMap(({ environment }) => environment ?? [])),
    });
  }
  return catalogues;
}
