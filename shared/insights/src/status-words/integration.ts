import type { StatusRow } from "./status-row.js";

/** Tools that move and transform data; from their documentation. */
export const integration: readonly StatusRow[] = [
  { status: "success", systems: "Talend", words: "execution success, task execution successful, job completed, deployed successfully" },
  {
    status: "failed",
    systems: "Talend",
    words: `execution terminated timeout, deploy failed, execution rejected, deploy error, error while generating job, error while
      deploying job, misfired, error while requesting run, job error, server job error, execution error, execution failure,
      unknown job, server down, flow failed`,
  },
  {
    status: "running",
    systems: "Talend",
    words: `ready to generate, ready to deploy, generating, deploying, requesting run, dispatching, dispatching flow, starting flow
      execution, execution event received, generated, receiving, executing task, ending script, pending execution`,
  },
  {
    status: "cancelled",
    systems: "Talend",
    words: `execution terminated, execution interrupted, execution cancelled, user terminated, task killed`,
  },
  { status: "running", systems: "Informatica", words: "preparing to run, unscheduled waiting, recovering, queued for run, initialised" },
  {
    status: "failed",
    systems: "Informatica: the service went down, or a task failed and the workflow waits",
    words: "terminated, suspended, stopped on error",
    only: "informatica",
  },
  { status: "cancelled", systems: "Informatica", words: "compensated, aborted by user, stopped by pmcmd" },
  {
    status: "success",
    systems: "DataStage, SnapLogic, Boomi, Pentaho",
    words: "run ok, validated ok, no update, finished ok see log, inserted",
  },
  {
    status: "warning",
    systems: "DataStage, Boomi, Pentaho",
    words: `run with warnings, run with warning, complete warn, finished with error, validated with warnings`,
  },
  {
    status: "failed",
    systems: "DataStage, Pentaho, Alteryx, Qlik",
    words: `compile failed, validation error found, has been reset after error, finished fail, exceeded limit, validate failed`,
  },
  {
    status: "running",
    systems: "DataStage, SnapLogic, Boomi, Pentaho, Qlik, Alteryx, Tableau",
    words: `inprocess, prepared, halting, preparing executing, reloading, triggered, abort initiated, started reload, in process,
      being reset`,
  },
  { status: "success", systems: "Qlik", words: "finished success" },
  { status: "skipped", systems: "Qlik", words: "never started" },
  {
    status: "success",
    systems: "Fivetran, Airbyte, Stitch, Hevo",
    words: "sync succeeded, sync completed, extraction success, load success",
  },
  {
    status: "running",
    systems: "Fivetran, Airbyte, Stitch",
    words: `rescheduled, sync in progress, sync running, historical sync, initial sync, extracting, incomplete retry, resync`,
  },
  { status: "running", systems: "Airbyte: it goes on with the next attempt", words: "incomplete", only: "airbyte" },
  {
    status: "failed",
    systems: "Fivetran, Airbyte",
    words: `failure with task, sync failed, reauth required, setup test failed, connection failed, extraction failed`,
  },
  { status: "cancelled", systems: "Airbyte", words: "sync cancelled, sync canceled" },
  {
    status: "failed",
    systems: "StreamSets, Kafka Connect, NiFi",
    words: `run error, start error, stop error, running error, connect error, starting error, stopping error, invalid, finished with
      failure, task failed, connector failed, stopped with error`,
  },
  {
    status: "running",
    systems: "StreamSets, Kafka Connect, NiFi",
    words: `connecting, validating, unassigned, enabling, disabling, edited, enabled, starting error retry`,
  },
  { status: "success", systems: "NiFi, Camel", words: "processed successfully, transferred to success" },
  {
    status: "failed",
    systems: "HTTP checks and file transfers",
    words: `transfer failed, connection refused, connection error, connection timeout, unavailable, dns error, ssl error, file not
      found, not found`,
  },
  {
    status: "success",
    systems: "File transfers",
    words: `transfer ok, transfer complete, transfer completed, transmitted, sent, received ok, transféré, transmis, envoyé`,
  },
  {
    status: "warning",
    systems: "Backups",
    words: "completed with exceptions, partial backup, success with exceptions, partially processed",
  },
];
