import type { StatusRow } from "./status-row.js";

/** Enterprise schedulers, operating systems and monitoring; from their documentation. */
export const schedulers: readonly StatusRow[] = [
  { status: "success", systems: "Control-M", words: "ended ok, ended ok with warnings, set to ok, ended okay" },
  { status: "failed", systems: "Automic, SSIS, JES", words: "any abend, unexpected termination, jcl error" },
  { status: "skipped", systems: "Automic", words: "ended skipped" },
  { status: "failed", systems: "Control-M", words: "ended not ok, ended non ok, ended notok, not in ajf, disappeared, submission failed" },
  {
    status: "running",
    systems: "Control-M, Tidal, HCL Workload Automation, Dollar Universe, VTOM",
    words: `launched, released, job running, active job, arriving, undecided, exec, intro, bound, ready to run, dispatched to agent, agent queued, executing rerun, to be executed, pend, succp, in execution, time overrun, débordement horaire, agent unavailable`,
  },
  {
    status: "success",
    systems: "Tidal, HCL Workload Automation",
    words: "completed normally, normal completion, succ, force complete, complete normally",
  },
  {
    status: "failed",
    systems: "Tidal, HCL Workload Automation, Dollar Universe, VTOM",
    words: `completed abnormally, abnormal completion, error occurred, timed out for day, abenp, abend p, in error, ended in error,
      stuck, ended unexpectedly, ended abnormally, resource failed, trigger error, condition failed, orphaned, failed to
      submit, in failure`,
  },
  {
    status: "cancelled",
    systems: "Tidal, HCL Workload Automation",
    words: `cancelled pending, cancl, cancel pending by user, aborted by operator, stopped by operator`,
  },
  {
    status: "skipped",
    systems: "Tidal, HCL Workload Automation, Autosys, VTOM, adTempus",
    words: `suppressed by condition, suppr, missed, descheduled, unscheduled, non planifié, non planifiée, on ice, on noexec,
      skipped by operator, missed schedule, skipped for day, agent disabled, cancelled by condition, missed execution`,
  },
  {
    status: "running",
    systems: "Autosys",
    words: `restart, starting job`,
  },
  { status: "success", systems: "Autosys codes", words: "su" },
  { status: "failed", systems: "Autosys codes", words: "fa, te" },
  { status: "failed", systems: "Autosys: what terminates a job raises an alarm and fails its box", words: "terminated", only: "autosys" },
  { status: "running", systems: "Autosys codes", words: "ru" },
  { status: "running", systems: "Autosys codes", words: "st, re, rd", only: "autosys" },
  { status: "waiting", systems: "Autosys codes", words: "ac, oh, pe, in, qu, qw, wr", only: "autosys" },
  { status: "skipped", systems: "Autosys codes", words: "oi", only: "autosys" },
  { status: "success", systems: "Slurm codes", words: "cd", only: "slurm" },
  { status: "failed", systems: "Slurm codes", words: "f, to, nf, oom, bf, dl", only: "slurm" },
  { status: "running", systems: "Slurm codes", words: "r, pd, cf, cg, s", only: "slurm" },
  { status: "cancelled", systems: "Slurm codes", words: "ca, pr", only: "slurm" },
  {
    status: "failed",
    systems: "SAP background jobs: cancelled means that it broke off",
    words: "canceled, cancelled, aborted",
    only: "sap",
  },
  { status: "running", systems: "SAP background jobs", words: "ready", only: "sap" },
  { status: "waiting", systems: "SAP background jobs: released, and its start condition is not met yet", words: "released", only: "sap" },
  {
    status: "failed",
    systems: "systemd",
    words: `exit code, signal, core dump, watchdog, start limit hit, oom kill, resources, protocol, exited with failure, main
      process exited, bad setting`,
  },
  {
    status: "running",
    systems: "systemd",
    words: `reloading, activating, start pre, start post, auto restart, stop sigterm, final sigterm, listening`,
  },
  { status: "skipped", systems: "systemd", words: "exec condition, condition failed to start, masked" },
  { status: "unknown", systems: "systemd: not running, whether it ran well or never", words: "inactive", only: "systemd" },
  { status: "upstream_failed", systems: "systemd", words: "dependency", only: "systemd" },
  { status: "failed", systems: "Nagios, Icinga, Zabbix", words: "unreachable, hard critical, disaster, high, problem" },
  { status: "warning", systems: "Nagios, Icinga, Zabbix", words: "soft critical, average, flapping start, hard warning, acknowledged" },
  { status: "success", systems: "Nagios, Icinga, Zabbix", words: "recovery, recovered, resolved, hard ok, normal" },
  { status: "cancelled", systems: "SQL Server Agent, SSIS", words: "stopped unexpectedly by user, cancelled by operator" },
  {
    status: "running",
    systems: "SQL Server Agent, SSIS, Windows Task Scheduler, Oracle Scheduler",
    words: "between retries, retry scheduled, performing completion action",
  },
  { status: "success", systems: "Oracle Scheduler", words: "completed ok, job succeeded" },
  {
    status: "failed",
    systems: "Oracle Scheduler, Rundeck",
    words: `job failed error, job broken, failed with retry, timedout job, node failed, job over max dur`,
  },
  { status: "cancelled", systems: "Oracle Scheduler", words: "job stopped, chain stopped, job disabled" },
  {
    status: "waiting",
    systems: "Control-M, Tidal, HCL Workload Automation, Dollar Universe, VTOM, Autosys",
    words: `wait condition, wait event, wait resource, wait user, wait host, wait workload, wait time, wait confirmation, wait schedule, wait for condition, waiting on dependencies, waiting on resource, waiting on operator, waiting on group, waiting on children, waiting on dependency, wait on dependency, waiting on tbr, launch wait, event wait, attente lancement, attente événement, attente ressource, attente condition, en attente d'événement, en attente de ressource, en attente de lancement, waiting for condition, waiting for previous instance, sched, held by user, deferred start, activated, pend mach, reswait, on hold by user, fence, que wait, queue wait, wait reply, chain stalled`,
  },
];
