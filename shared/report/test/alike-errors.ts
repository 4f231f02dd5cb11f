/** What a record of the made fleet holds, in the fields of the files that people export. */
type MadeRecord = Readonly<Record<string, unknown>>;

const pipelines = [
  ["orders-daily", "Spark", "prod"],
  ["Orders-Daily", "Talend", "prod"],
  ["crm_export", "Talend", "prod"],
  ["customers-load", "SQL", "preprod"],
  ["fx-rates", "dbt", "prod"],
  ["réconciliation-crédits", "dbt", "preprod"],
  ["hr.payroll.v2", "Airflow", "prod"],
  ["kafka-to-dwh", "Kafka Connect", "prod"],
  ["web_events", "Kafka Connect", "prod"],
  ["stock sync", "Python", "prod"],
] as const;

const short = (pipeline: string): string =>
  pipeline
    .replace(/\P{L}+/gu, "")
    .toLowerCase()
    .slice(0, 6);
/** Errors of one signature each, that name what only their pipeline has. */
const errors: readonly ((pipeline: string, turn: number) => string)[] = [
  (pipeline) => `ERROR: Login incorrect for user etl_${short(pipeline)}`,
  (pipeline) =>
    `java.sql.SQLException: ORA-00942: table or view "DWH.${short(pipeline).toUpperCase()}" does not exist (user ${short(pipeline)}, host ora-${short(pipeline)}:1521)`,
  (pipeline) => `write /var/lib/${short(pipeline)}/seg.log: no space left on device (host dwh-${pipeline.length}, 100% used)`,
  (pipeline, turn) => `SQLSTATE[40001]: Serialization failure: deadlock on DWH.${short(pipeline).toUpperCase()} [${turn % 9}]`,
  (pipeline) =>
    `Traceback (most recent call last):\n  File "/opt/${short(pipeline)}/main.py", line 12\nKeyError: 'column_${short(pipeline)}'`,
  (pipeline) => `Job ${pipeline} failed: connection to broker refused`,
  (_, turn) => `exit code 137 after ${turn} s`,
];

/** Twenty days of runs until an instant, a sixth of them failed; each error is met on each pipeline. */
export const alikeErrors = (end: Date): MadeRecord[] =>
  Array.from({ length: 20 * 48 }, (_, index) => {
    const [pipeline, tech, environment] = pipelines[index % pipelines.length] as (typeof pipelines)[number];
    const failed = index % 6 === 0 || index % 7 === 0;
    return {
      pipeline_name: pipeline,
      tech,
      environment,
      status: failed ? "FAILED" : "SUCCESS",
      timestamp: { $date: new Date(end.getTime() - (index + 1) * 30 * 60_000).toISOString() },
      duration_ms: 60_000 + ((index * 37) % 600),
      ...(failed && { error_message: errors[Math.floor(index / 11) % errors.length]?.(pipeline, index) }),
    };
  });
