/** The data that `generateSample` draws from: names, schedules, words and error texts as real sources have them. No code but a name counter. */

type Schedule = { readonly every: 15 | 60 | 360 } | { readonly at: `${number}:${number}`; readonly on: "daily" | "weekdays" | "weekly" };

export type Pipeline = { readonly name: string; readonly tech: Tech; readonly schedule: Schedule; readonly owner: string };

/** How a tool writes its statuses, and what its errors look like. Variables are `{name}`; see `fillVariable` for what they become. */
type ToolHabits = {
  readonly success: readonly string[];
  readonly failed: readonly string[];
  readonly running: string;
  readonly other: readonly string[];
  readonly errors: readonly string[];
};

export const tools = {
  Spark: {
    success: ["SUCCEEDED", "FINISHED"],
    failed: ["FAILED"],
    running: "RUNNING",
    other: ["KILLED"],
    errors: [
      "ExecutorLostFailure (executor {n} exited caused by one of the running tasks) Reason: Container killed by YARN for exceeding memory limits. Exit code 137",
      "org.apache.spark.SparkException: Job aborted due to stage failure: Task {n} in stage {n}.0 failed 4 times\n\tat org.apache.spark.scheduler.DAGScheduler.abortStage(DAGScheduler.scala:{n})\nCaused by: java.io.FileNotFoundException: File does not exist: {path}",
      "java.net.SocketTimeoutException: Read timed out connecting to {host}:{port} after {seconds} s",
      "org.apache.hadoop.security.AccessControlException: Permission denied: user=etl, access=WRITE, inode={path}",
      "java.io.IOException: Espace disque insuffisant sur {host} : {n} Mo libres dans {path}",
    ],
  },
  Talend: {
    success: ["OK", "TERMINÉ"],
    failed: ["KO", "ÉCHEC"],
    running: "EN COURS",
    other: ["ANNULÉ", "OK AVEC AVERTISSEMENTS"],
    errors: [
      "tOracleInput_{n} java.sql.SQLException: ORA-12170: TNS:Connect timeout occurred ({host}:{port})",
      "Échec du composant tFileInputDelimited_{n} : fichier introuvable {path}",
      "tFTPGet_{n} : connexion à {host} refusée, 530 Login incorrect",
      "Erreur de conversion ligne {n} : « {word} » n'est pas une date valide (attendu : dd/MM/yyyy)",
      "Délai dépassé après {seconds} s en attente de {host}",
    ],
  },
  dbt: {
    success: ["success", "pass"],
    failed: ["error", "fail"],
    running: "running",
    other: ["warn", "skipped"],
    errors: [
      "Database Error in model {word} ({path})\n  canceling statement due to statement timeout",
      "Failure in test unique_{word}_id: Got {n} results, configured to fail if != 0",
      "Database Error: permission denied for schema {word}",
      "Compilation Error in model {word}: depends on a node named 'stg_{word}' which was not found",
    ],
  },
  Airflow: {
    success: ["success"],
    failed: ["failed", "upstream_failed"],
    running: "running",
    other: ["skipped"],
    errors: [
      'Traceback (most recent call last):\n  File "{path}", line {n}, in execute\n    hook.run()\nairflow.exceptions.AirflowException: Bash command failed. The command returned a non-zero exit code 1.',
      "airflow.exceptions.AirflowSensorTimeout: Sensor has timed out; run duration of {n}.{n} seconds exceeds the specified timeout of {seconds}",
      "Task received SIGTERM signal on {host}, pid {n}",
      "google.api_core.exceptions.Forbidden: 403 Quota exceeded: too many api requests per user, job {uuid}",
    ],
  },
  "Kafka Connect": {
    success: ["COMPLETED"],
    failed: ["FAILED"],
    running: "RUNNING",
    other: ["STOPPED"],
    errors: [
      "org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded in error handler, topic {word}, partition {n}, offset {n}",
      "org.apache.kafka.common.errors.TimeoutException: Failed to update metadata after {n} ms, broker {host}:{port}",
      "Schema Registry at https://{host}:{port}/subjects/{word}-value answered HTTP 409: incompatible schema id {n}",
    ],
  },
  Python: {
    success: ["OK", "DONE"],
    failed: ["ERROR", "KO"],
    running: "STARTED",
    other: ["WARNING"],
    errors: [
      'Traceback (most recent call last):\n  File "{path}", line {n}, in <module>\n    main()\nrequests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: https://{host}/v2/{word}?run={uuid}',
      "Traceback (most recent call last):\n  File \"{path}\", line {n}, in load\nKeyError: '{word}'",
      "pandas.errors.ParserError: Error tokenizing data. C error: Expected {n} fields in line {n}, saw {n}",
      "MemoryError: unable to allocate {n} MiB for an array on {host}",
    ],
  },
  SQL: {
    success: ["SUCCÈS", "OK"],
    failed: ["EN ERREUR", "ÉCHEC"],
    running: "EN COURS",
    other: ["ANNULÉ", "IGNORÉ"],
    errors: [
      "ORA-01555: snapshot too old: rollback segment number {n} too small",
      "ERREUR : interblocage (deadlock) détecté, le processus {n} attend ShareLock sur la transaction {n}",
      "ERREUR : la valeur d'une clé dupliquée rompt la contrainte unique « pk_{word} », clé (id)=({n})",
      "Espace disque insuffisant : impossible d'étendre le fichier {path}",
    ],
  },
  Informatica: {
    success: ["Succeeded"],
    failed: ["Failed", "Aborted"],
    running: "Running",
    other: ["Stopped"],
    errors: [
      "RR_4035 SQL Error [ORA-03113: end-of-file on communication channel] session s_m_{word}, node {host}",
      "WRT_8229 Database errors occurred: {n} rows rejected, threshold {n}",
      "Accès refusé : l'utilisateur etl n'a pas le droit d'écrire dans {path}",
    ],
  },
} as const satisfies Record<string, ToolHabits>;
export type Tech = keyof typeof tools;

/** Pipelines that the planted incidents need come first, so that a small sample has them too. */
const known: readonly Pipeline[] = [
  { name: "stock-agg", tech: "Spark", schedule: { every: 60 }, owner: "équipe Supply" },
  { name: "crm_export", tech: "Talend", schedule: { every: 60 }, owner: "équipe CRM" },
  { name: "mart_finance", tech: "dbt", schedule: { every: 60 }, owner: "équipe Finance" },
  { name: "orders-daily", tech: "Spark", schedule: { at: "04:10", on: "daily" }, owner: "équipe Ventes" },
  { name: "fx-rates", tech: "Python", schedule: { every: 60 }, owner: "équipe Finance" },
  { name: "hr-sync", tech: "SQL", schedule: { every: 360 }, owner: "équipe RH" },
  { name: "clickstream-sink", tech: "Kafka Connect", schedule: { every: 15 }, owner: "équipe Web" },
  { name: "orders-cdc", tech: "Kafka Connect", schedule: { every: 15 }, owner: "équipe Ventes" },
  { name: "dag_sales_forecast", tech: "Airflow", schedule: { at: "06:00", on: "daily" }, owner: "équipe Data" },
  { name: "invoices_load", tech: "Informatica", schedule: { every: 60 }, owner: "équipe Finance" },
  { name: "payroll_close", tech: "SQL", schedule: { at: "21:30", on: "weekdays" }, owner: "équipe RH" },
  { name: "archive-cold-data", tech: "Python", schedule: { at: "02:30", on: "weekly" }, owner: "équipe Plateforme" },
];

const subjects =
  "customers products prices suppliers shipments returns payments contracts claims budgets leads campaigns loyalty inventory stores employees timesheets tickets sensors logs catalogue promotions refunds taxes ledger fraud energy fleet visits surveys"; // prettier-ignore
const deeds = "load export sync agg snapshot quality delta publish enrich archive score reconcile";
const owners = ["équipe Data", "équipe Finance", "équipe CRM", "équipe Supply", "équipe Web", "équipe Plateforme", "Sales Ops"];
const schedules: readonly Schedule[] = [
  { every: 60 },
  { at: "06:00", on: "daily" },
  { at: "05:15", on: "weekdays" },
  { at: "02:30", on: "daily" },
  { every: 15 },
  { every: 360 },
  { at: "22:45", on: "daily" },
  { at: "03:00", on: "weekly" },
  { at: "06:30", on: "daily" },
];
const techs = Object.keys(tools) as Tech[];

/** The first `count` pipelines of one endless list without duplicates: a larger sample keeps those of a smaller one. */
export function listPipelines(count: number): Pipeline[] {
  const pipelines = known.slice(0, count);
  const [subjectList, deedList] = [subjects.split(" "), deeds.split(" ")];
  for (let index = 0; pipelines.length < count; index += 1) {
    const subject = subjectList[index % subjectList.length] ?? "";
    // The deed moves on by one with each round of subjects, so every pair comes up once before a number is added.
    const round = Math.floor(index / subjectList.length);
    const deed = deedList[(index + round) % deedList.length] ?? "";
    const number = Math.floor(round / deedList.length);
    const tech = techs[(index * 3 + round) % techs.length] ?? "SQL";
    const separator = tech === "dbt" || tech === "Talend" || tech === "Informatica" ? "_" : "-";
    pipelines.push({
      name: `${subject}${separator}${deed}${number === 0 ? "" : `${separator}${number + 1}`}`,
      tech,
      schedule: schedules[(index * 5 + round) % schedules.length] ?? { every: 60 },
      owner: owners[(index + round) % owners.length] ?? "équipe Data",
    });
  }
  return pipelines;
}

// Names only: an address in their place would be another signature.
export const sampleHosts = [
  "db01.prod.internal",
  "db02.prod.internal",
  "edge-3.prod.internal",
  "worker-12.prod.internal",
  "srv-etl-07.prod.internal",
];
export const sampleWords = ["fx", "orders", "customers", "lines", "balance", "stock", "prices"];
