import type { Grounds } from "../src/verify/grounds.js";

/** Twelve failures of three technos, as the template tells them in French. */
export const french: Grounds = {
  language: "fr",
  template: `Hier (mar. 5 mai)\u202F: 12 échecs sur 3\u202F412 exécutions (0,4\u202F%), dans 3 technos.
• **Spark**\u202F: 7 échecs\u202F; 2 pipelines\u202F: \`orders-daily\` (5), \`stock-agg\` (2). Surtout «\u202FExecutorLostFailure exited with code 137\u202F» (5 fois) [1]
• **Talend**\u202F: 3 échecs\u202F; 1 pipeline\u202F: \`crm-export\` (3). «\u202FORA-12541: TNS:no listener\u202F» [2]
• **dbt**\u202F: 2 échecs\u202F; 1 pipeline\u202F: \`mart_finance\` (2). «\u202Frelation stg_fx does not exist\u202F» [3]`,
  statements: [
    "3\u202F400 succès.",
    "`Spark`\u202F: 7 échecs sur 900 exécutions (0,8\u202F%).",
    "`orders-daily`\u202F: durée médiane 3 min 20 s.",
  ],
  records: [
    ["orders-daily", "Spark", "2026-05-05T02:10:00Z", "ExecutorLostFailure exited with code 137"],
    ["crm-export", "Talend", "2026-05-05T04:10:00Z", "ORA-12541: TNS:no listener"],
    ["mart_finance", "dbt", "2026-05-05T05:10:00Z", "relation stg_fx does not exist"],
  ].map(([pipeline = "", tech = "", ts = "", text = ""], index) => ({
    id: `flows:${index}`,
    pipeline,
    tech,
    environment: "prod",
    status: "failed",
    ts: new Date(ts),
    text,
  })),
  window: { from: new Date("2026-05-04T22:00:00Z"), to: new Date("2026-05-05T22:00:00Z") },
  scope: [],
  names: {
    pipeline: ["orders-daily", "stock-agg", "crm-export", "mart_finance", "hr-sync"],
    tech: ["Spark", "Talend", "dbt", "http"],
    environment: ["prod", "dev"],
  },
  list: { kind: "tech", total: 3 },
  required: [],
  zone: "Europe/Paris",
  now: new Date("2026-05-06T06:00:00Z"),
};
/** The same in English. */
export const english: Grounds = {
  ...french,
  language: "en",
  template: `Yesterday (Tue 5 May): 12 failures out of 3,412 runs (0.4%), in 3 technos.
• **Spark**: 7 failures; 2 pipelines: \`orders-daily\` (5), \`stock-agg\` (2). Mostly "ExecutorLostFailure exited with code 137" (5 times) [1]
• **Talend**: 3 failures; 1 pipeline: \`crm-export\` (3). "ORA-12541: TNS:no listener" [2]
• **dbt**: 2 failures; 1 pipeline: \`mart_finance\` (2). "relation stg_fx does not exist" [3]`,
  statements: ["3,400 successes.", "`Spark`: 7 failures out of 900 runs (0.8%).", "`orders-daily`: median 3 min 20 s."],
};
