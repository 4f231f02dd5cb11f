import type { StatusRow } from "./status-row.js";

/** Orchestrators of data work, engines and clusters; from their documentation. */
export const orchestrators: readonly StatusRow[] = [
  {
    status: "running",
    systems: "Airflow, Mage, Kestra, DolphinScheduler, Azkaban, Luigi, Meltano",
    words: `up for retry, up for reschedule, deferred, sensing, retried, breakpoint, killing, running execution, submitted success, ready pause, ready stop, delay execution, need fault tolerance, dispatch, dispatched, batch running, initial, failed finishing, restored, pause`,
  },
  { status: "success", systems: "DolphinScheduler, Azkaban, Luigi", words: "forced success, failed succeeded, success with retry" },
  { status: "failed", systems: "Luigi", words: "scheduling failed, failed and scheduling failed, missing ext" },
  { status: "cancelled", systems: "Prefect", words: "rolled back" },
  { status: "success", systems: "Prefect, Nextflow", words: "cached" },
  {
    status: "running",
    systems: "Prefect, Dagster",
    words: `awaiting retry, resuming, looped, mapped, managed, steps running, launching`,
  },
  { status: "failed", systems: "Prefect, Dagster", words: "validation failed, step failure, pipeline failure, run failure" },
  { status: "success", systems: "Prefect, Dagster", words: "step success, pipeline success, run success, materialized" },
  {
    status: "upstream_failed",
    systems: "Prefect 1, Dagster, Buildkite",
    words: "trigger failed, waiting failed, blocked failed, unblocked failed",
  },
  { status: "skipped", systems: "Prefect, Fabric, Databricks", words: "deduped, maximum concurrent runs reached" },
  {
    status: "running",
    systems: "Argo Workflows, Argo CD, Tekton, Kubernetes",
    words: `progressing, daemoned, container creating, pod initializing, scheduling gated, unschedulable, failed scheduling,
      pulling, pulled, pipeline run pending, task run pending, pod scheduled, syncing, resolving pipeline ref, resolving task
      ref, success criteria met`,
  },
  { status: "success", systems: "Argo CD, Kubernetes Job", words: "synced, completions reached, success policy, container completed" },
  { status: "warning", systems: "Argo CD", words: "out of sync, missing", only: "argo" },
  { status: "warning", systems: "Argo CD", words: "out of sync" },
  {
    status: "failed",
    systems: "Kubernetes Job and pod reasons",
    words: `backoff limit exceeded, deadline exceeded, pod failure policy, max failed indexes exceeded, failed indexes, failure
      target, job failed, crash loop back off, image pull back off, err image pull, err image never pull, invalid image name,
      create container config error, create container error, run container error, oom killed, container cannot run, start
      error, evicted, node lost, node shutdown, init error, init crash loop back off, init image pull back off, init err image
      pull, init oom killed, unexpected admission error, out of cpu, node affinity, failed mount, failed create, failed attach
      volume, back off, unhealthy, post start hook error, pre stop hook error, failed post start hook, container status
      unknown, image inspect error, registry unavailable, network not ready, exceeded grace period, topology affinity error,
      failed create pod sandbox, image gc failed, node has disk pressure, backoff limit per index exceeded, pod eviction,
      deleting node`,
  },
  {
    status: "cancelled",
    systems: "Kubernetes",
    words: `preempting, preemption by scheduler, deletion by taint manager, eviction by eviction api, job suspended`,
  },
  {
    status: "failed",
    systems: "Tekton",
    words: `pipeline run timeout, task run timeout, couldnt get task, couldnt get pipeline, invalid workspace bindings, parameter
      missing, pod creation failed, task run image pull failed, task run resolution failed, pipeline validation failed,
      invalid graph`,
  },
  {
    status: "cancelled",
    systems: "Tekton",
    words: `pipeline run cancelled, task run cancelled, cancelled run finally, stopped run finally, pipeline run stopped`,
  },
  {
    status: "running",
    systems: "Spark, YARN, Livy, Spark operator, Flink, Databricks, Oozie",
    words: `new saving, relaunching, relaunched, connected, shutting down, reconciling, pending rerun, pending submission, invalidating, succeeding, suspending, waiting for retry, queueing, resetting, setting up tables, initializing tables, creating, prep, prep suspended, prep paused, running with error, paused with error, suspended with error, start retry, start manual, user retry, end retry, end manual, state edit, run pending, in retry`,
  },
  {
    status: "failed",
    systems: "Spark, YARN, Spark operator, Databricks, Oozie, Flink",
    words: `submission failed, run failed, internal error, timedout, driver error, cluster error,
      failed with error, driver unreachable, executor lost, killed with error, aborted with error, cloud failure, run
      execution error, invalid cluster request, library installation error, could not acquire cluster, run exceeded maximum
      duration, unauthorized error, storage access error, repository checkout failed, failed submit`,
  },
  {
    status: "upstream_failed",
    systems: "Databricks",
    words: `upstream canceled, upstream cancelled, upstream evicted, upstream skipped, upstream timedout`,
  },
  { status: "warning", systems: "Databricks, Oozie", words: "success with failures, premature" },
  {
    status: "cancelled",
    systems: "Databricks, Spark",
    words: "user canceled, evicted by user, cancelled by scheduler, run cancelled",
  },
  { status: "success", systems: "Spark, Flink", words: "exited successfully, savepoint completed" },
  { status: "cancelled", systems: "Dataflow: a stream was asked to stop, and finished what it had begun", words: "drained" },
  {
    status: "failed",
    systems: "Oozie: its kill node is where errors lead; with an error is what has actions that failed",
    words: "killed",
    only: "oozie",
  },
  { status: "failed", systems: "Oozie", words: "done with error" },
  { status: "running", systems: "Dagster events", words: "step up for retry, step restarted, step start, step queued, step input" },
  {
    status: "cancelled",
    systems: "Dagster, Temporal, Camunda",
    words: "externally terminated, internally terminated, terminated",
    only: "temporal",
  },
  { status: "cancelled", systems: "Camunda", words: "externally terminated, internally terminated" },
  { status: "running", systems: "Temporal", words: "continued as new" },
  {
    status: "failed",
    systems: "Slurm, HTCondor",
    words: `boot fail, node fail, deadline, special exit, launch failed, job launch failure, out of time, submission err`,
  },
  {
    status: "running",
    systems: "Slurm, Celery, Sidekiq, BullMQ, Hangfire, Spring Batch",
    words: `configuring, signaling, stage out, requeued, requeue fed, requeue hold, resizing, resv del hold, received, reserved, prioritized, awaiting, enqueue, unstarted, stalled, power up node, expedite requeue, executing job`,
  },
  {
    status: "waiting",
    systems: "Prefect, Airflow, Kestra, Spark, Livy, Dagster, DolphinScheduler, BullMQ",
    words: `awaiting input, serial wait, awaiting concurrency slot, waiting for resources, waiting children, planned, not ready, late, scheduled, not started`,
  },
];
