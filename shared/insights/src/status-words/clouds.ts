import type { StatusRow } from "./status-row.js";

/** Services of clouds and warehouses; from their documentation. */
export const clouds: readonly StatusRow[] = [
  {
    status: "running",
    systems: "AWS: Glue, Step Functions, Batch, ECS, EMR, Redshift, Athena, DMS, CodePipeline",
    words: `pending redrive, activating, deactivating, deprovisioning, bootstrapping, cancel pending, picked, in flight,
      rolling back, testing, modifying, updating, transferring, replication ongoing, pending
      cancellation, starting up, resizing cluster, before load, table is being reloaded, full load, load in progress`,
  },
  {
    status: "failed",
    systems: "AWS",
    words: `terminated with errors, client error, server error, failed move, table error, error table, failed deletion, rollback
      failed, rollback complete, create failed, update failed, start failed, stop failed, resource initialization error, task
      failed to start, essential container exited, lambda function failed, states timeout, states task failed, host
      terminated, insufficient resources, validation error`,
  },
  {
    status: "success",
    systems: "AWS",
    words: `load complete, full load completed, table completed, create complete, update complete, replicated`,
  },
  {
    status: "cancelled",
    systems: "AWS",
    words: `user initiated, stopped by customer, cancelled by customer, task stopped, spot interruption`,
  },
  {
    status: "running",
    systems: "Google: BigQuery, Dataform, Dataflow, Cloud Build, Workflows, Dataproc, Composer, Vertex AI",
    words: `working, resource cleaning up, draining, setup done, attempt failure, migrating, transitioning, cancel started`,
  },
  { status: "success", systems: "Google", words: "updated, transferred, exported" },
  {
    status: "failed",
    systems: "Google: codes",
    words: "quota exceeded, resources exceeded, rate limit exceeded, permission denied, aborted error",
  },
  {
    status: "running",
    systems: "Azure: Data Factory, Synapse, DevOps, Logic Apps, Fabric, Power BI, Batch, Automation",
    words: `not specified, activating job, new start, inprogress, cleaning, finalizing, evaluating, reconnecting`,
  },
  {
    status: "warning",
    systems: "Azure",
    words: `succeeded with issues, partially succeeded, succeeded with warning, completed with failure`,
  },
  { status: "cancelled", systems: "Azure", words: "user cancelled run, cancelled by policy, job canceled" },
  {
    status: "failed",
    systems: "Azure, Power BI",
    words: `error in activity, capacity throttled, refresh failed, dataset error, user error, system fault`,
  },
  { status: "skipped", systems: "Azure Data Factory: an activity that was turned off", words: "inactive", only: "datafactory" },
  { status: "skipped", systems: "Azure Data Factory", words: "inactive", only: "adf" },
  {
    status: "failed",
    systems: "Snowflake",
    words: `failed and auto suspended, failed with incident, incident, load failed, disconnected, failed validation, statement
      error, query failed`,
  },
  {
    status: "running",
    systems: "Snowflake, Redshift, BigQuery",
    words: `resuming warehouse, queued repairing warehouse, queued provisioning warehouse, queued overload, compiling, planning,
      executing query, returning, authenticating, backing up`,
  },
  { status: "skipped", systems: "Snowflake", words: "load skipped, skipped overlapping, not scheduled" },
  { status: "success", systems: "Snowflake, Redshift", words: "load succeeded, committed, copied, unloaded" },
  {
    status: "running",
    systems: "SageMaker, MLflow, Vertex AI, Kubeflow, Ray",
    words: `downloading, training, uploading, downloading training image, launching ml instances, preparing training stack,
      profiling, registering`,
  },
  { status: "failed", systems: "SageMaker", words: "max runtime exceeded, max wait time exceeded, algorithm error" },
  { status: "success", systems: "SageMaker", words: "early stopped, model registered" },
  {
    status: "waiting",
    systems: "Azure, AWS",
    words: `runnable, waiting for execution, none started, waiting on dependency, pending approval, waiting for capacity, waiting for connection, waiting for quota, waiting for lock`,
  },
];
