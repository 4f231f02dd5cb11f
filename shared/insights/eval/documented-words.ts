import type { RunStatus } from "@flow-rag/contracts";

/**
 * The words that each system's documentation lists, in its spelling, by what they mean there; `_` for a space. `?`: it does not tell how a run
 * went. Written from the documentation and not from the product's rows, which it checks.
 */
const table = `
  Airflow | success: success | failed: failed
  Airflow | waiting: none_started scheduled awaiting_input | running: running queued restarting up_for_retry up_for_reschedule deferred
  Airflow | skipped: skipped removed | cancelled: shutdown | upstream_failed: upstream_failed
  Kubernetes Job | success: Complete SuccessPolicy CompletionsReached
  Kubernetes Job | failed: Failed FailureTarget BackoffLimitExceeded DeadlineExceeded PodFailurePolicy MaxFailedIndexesExceeded
  Kubernetes Job | failed: FailedIndexes | running: SuccessCriteriaMet | cancelled: Suspended JobSuspended
  Kubernetes pod | success: Succeeded Completed
  Kubernetes pod | failed: Failed Error OOMKilled CrashLoopBackOff ImagePullBackOff ErrImagePull ErrImageNeverPull InvalidImageName
  Kubernetes pod | failed: CreateContainerConfigError CreateContainerError RunContainerError ContainerCannotRun StartError Evicted
  Kubernetes pod | failed: NodeLost NodeShutdown UnexpectedAdmissionError Init:Error Init:CrashLoopBackOff Init:ImagePullBackOff
  Kubernetes pod | failed: OutOfcpu ContainerStatusUnknown FailedMount FailedCreate BackOff
  Kubernetes pod | running: Pending Running ContainerCreating PodInitializing Terminating SchedulingGated Unschedulable FailedScheduling
  Kubernetes pod | cancelled: Preempting | ?: Unknown
  GitLab | success: success | failed: failed
  GitLab | running: created preparing pending running canceling | waiting: waiting_for_resource waiting_for_callback manual scheduled
  GitLab | cancelled: canceled | skipped: skipped | warning: success-with-warnings
  GitHub | success: success completed | failed: failure timed_out startup_failure
  GitHub | running: queued in_progress requested pending | waiting: waiting action_required | cancelled: cancelled stale | skipped: skipped neutral
  Azure DevOps | success: succeeded completed | failed: failed | running: inProgress cancelling pending | waiting: notStarted postponed
  Azure DevOps | warning: partiallySucceeded succeededWithIssues | cancelled: canceled abandoned | skipped: skipped
  Databricks | success: SUCCESS SUCCEEDED
  Databricks | failed: FAILED TIMEDOUT INTERNAL_ERROR RUN_EXECUTION_ERROR DRIVER_ERROR CLUSTER_ERROR
  Databricks | failed: CLOUD_FAILURE
  Databricks | running: QUEUED PENDING RUNNING TERMINATING WAITING_FOR_RETRY INITIALIZING RESETTING SETTING_UP_TABLES | waiting: WAITING BLOCKED
  Databricks | running: STOPPING | cancelled: CANCELED USER_CANCELED | skipped: SKIPPED EXCLUDED DISABLED MAXIMUM_CONCURRENT_RUNS_REACHED
  Databricks | upstream_failed: UPSTREAM_FAILED UPSTREAM_CANCELED | warning: SUCCESS_WITH_FAILURES | ?: TERMINATED
  Control-M | success: Ended_OK | failed: Ended_Not_OK
  Control-M | running: Executing | waiting: Wait_Condition Wait_Event Wait_Resource Wait_User Wait_Host Wait_Workload Held | cancelled: Deleted
  Control-M | ?: Unknown Status_Unknown
  Argo Workflows | success: Succeeded | failed: Failed Error | running: Pending Running Daemoned | skipped: Skipped Omitted
  Argo CD | success: Synced Healthy Succeeded | failed: Failed Error | running: Progressing Running Terminating | cancelled: Suspended
  Argo CD | warning: OutOfSync Degraded Missing | ?: Unknown
  Azure Data Factory | success: Succeeded | failed: Failed | running: Queued InProgress Canceling | cancelled: Cancelled
  Azure Data Factory | skipped: Skipped Inactive
  Glue | success: SUCCEEDED | failed: FAILED TIMEOUT ERROR EXPIRED | running: STARTING RUNNING STOPPING | waiting: WAITING | cancelled: STOPPED
  Step Functions | success: SUCCEEDED | failed: FAILED TIMED_OUT | running: RUNNING PENDING_REDRIVE | cancelled: ABORTED
  Prefect | success: Completed Cached | failed: Failed Crashed TimedOut ValidationFailed
  Prefect | waiting: Scheduled Late | running: AwaitingRetry Pending Paused Running Retrying Cancelling Submitted Queued
  Prefect | running: Resuming | waiting: NotReady AwaitingConcurrencySlot | cancelled: Cancelled RolledBack Suspended | skipped: Skipped | upstream_failed: TriggerFailed
  Dagster | success: SUCCESS STEP_SUCCESS DagsterRunStatus.SUCCESS | failed: FAILURE STEP_FAILURE
  Dagster | running: QUEUED MANAGED STARTING STARTED CANCELING | waiting: NOT_STARTED | cancelled: CANCELED
  dbt | success: success pass Success | failed: error fail runtime_error Error | running: Queued Starting Running | cancelled: Cancelled
  dbt | skipped: no-op skipped | warning: warn partial_success
  Spark | success: SUCCEEDED FINISHED COMPLETED | failed: FAILED ERROR LOST SUBMISSION_FAILED DEAD FAILING
  Spark | running: RUNNING SUBMITTED CONNECTED RELAUNCHING PENDING_RERUN INVALIDATING SUCCEEDING | waiting: WAITING | cancelled: KILLED | ?: UNKNOWN
  YARN | success: FINISHED SUCCEEDED | failed: FAILED | running: NEW_SAVING SUBMITTED ACCEPTED RUNNING | cancelled: KILLED | ?: UNDEFINED NEW
  Livy | success: success | failed: error dead | waiting: not_started | running: starting idle busy shutting_down running | cancelled: killed
  Flink | success: FINISHED | failed: FAILED FAILING | running: INITIALIZING CREATED RUNNING CANCELLING RESTARTING RECONCILING
  Flink | cancelled: CANCELED SUSPENDED
  Jenkins | success: SUCCESS blue | failed: FAILURE red | running: blue_anime red_anime notbuilt_anime PAUSED | cancelled: ABORTED
  Jenkins | skipped: NOT_BUILT nobuilt grey disabled | warning: UNSTABLE yellow
  Talend | success: EXECUTION_SUCCESS EXECUTION_SUCCESSFUL Ok
  Talend | failed: EXECUTION_FAILED EXECUTION_TERMINATED_TIMEOUT DEPLOY_FAILED EXECUTION_REJECTED Misfired
  Talend | running: DISPATCHING STARTING_FLOW_EXECUTION EXECUTION_EVENT_RECEIVED EXECUTION_RUNNING READY_TO_RUN READY_TO_DEPLOY
  Talend | running: REQUESTING_RUN | cancelled: EXECUTION_TERMINATED EXECUTION_INTERRUPTED
  Informatica | success: Succeeded Completed | failed: Failed Terminated Suspended Fault
  Informatica | running: Running Stopping Aborting Terminating Suspending PreparingtoRun Queued Initialized | waiting: Waiting Scheduled
  Informatica | cancelled: Aborted Stopped Compensated | skipped: Disabled Unscheduled | warning: Warning | ?: UnknownStatus
  SSIS | success: succeeded completed | failed: failed ended_unexpectedly | running: created running pending stopping | cancelled: canceled
  SQL Server Agent | success: Succeeded | failed: Failed | running: Retry In_Progress | cancelled: Canceled | ?: Unknown
  Autosys | success: SUCCESS SU | failed: FAILURE FA
  Autosys | running: RUNNING STARTING RESTART RU ST | waiting: QUE_WAIT WAIT_REPLY ACTIVATED PEND_MACH RESWAIT ON_HOLD INACTIVE AC OH | failed: TERMINATED TE
  Autosys | skipped: ON_ICE OI ON_NOEXEC
  Tidal | success: Completed_Normally | failed: Completed_Abnormally Error_Occurred Timed_Out Orphaned
  Tidal | running: Active Launched | waiting: Waiting_On_Dependencies Waiting_On_Resource Waiting_On_Operator Waiting_On_Group Waiting_On_Children
  Tidal | waiting: Held Scheduled | cancelled: Aborted Stopped Cancelled | skipped: Skipped Agent_Disabled
  HCL Workload Automation | success: SUCC Successful | failed: ABEND FAIL ERROR STUCK ABENP
  HCL Workload Automation | running: EXEC INTRO PEND SUCCP BOUND Undecided | waiting: FENCE Blocked HOLD WAIT SCHED Held | cancelled: CANCL Canceled
  HCL Workload Automation | skipped: SUPPR Suppressed_by_Condition | ?: EXTRN READY UNDEFINED
  Dollar Universe | success: Terminé Completed | failed: Incidenté Refusé
  Dollar Universe | running: En_cours Débordement_horaire Time_Overrun | waiting: Attente_lancement Attente_événement Launch_Wait Event_Wait
  Dollar Universe | skipped: Désactivé
  Nagios | success: OK UP RECOVERY | failed: CRITICAL DOWN UNREACHABLE | running: PENDING | warning: WARNING FLAPPING | ?: UNKNOWN
  systemd | success: success | failed: failed exit-code signal core-dump watchdog timeout oom-kill start-limit-hit resources protocol
  systemd | running: active activating deactivating reloading auto-restart | skipped: exec-condition | upstream_failed: dependency
  systemd | ?: inactive
  Oozie | success: SUCCEEDED OK DONE | failed: FAILED ERROR TIMEDOUT
  Oozie | running: PREP RUNNING PAUSED SUBMITTED PREPSUSPENDED RUNNINGWITHERROR START_RETRY START_MANUAL USER_RETRY END_RETRY | waiting: WAITING
  Oozie | running: END_MANUAL | failed: KILLED DONEWITHERROR | cancelled: SUSPENDED | skipped: SKIPPED IGNORED | ?: READY
  NiFi | failed: INVALID | running: RUNNING VALIDATING ENABLED | cancelled: STOPPED | skipped: DISABLED | success: VALID
  Fivetran | success: SUCCESSFUL | failed: FAILURE_WITH_TASK broken | running: RESCHEDULED syncing paused connected | waiting: scheduled
  Airbyte | success: succeeded | failed: failed | running: pending running incomplete | cancelled: cancelled
  Meltano | success: SUCCESS | failed: FAIL DEAD | running: IDLE RUNNING STATE_EDIT
  Dataform | success: SUCCEEDED | failed: FAILED | running: RUNNING PENDING CANCELING | cancelled: CANCELLED | skipped: SKIPPED DISABLED
  BigQuery | success: DONE SUCCEEDED | failed: FAILED quotaExceeded | running: PENDING RUNNING | cancelled: CANCELLED stopped
  Dataflow | success: JOB_STATE_DONE JOB_STATE_UPDATED | cancelled: JOB_STATE_DRAINED | failed: JOB_STATE_FAILED
  Dataflow | running: JOB_STATE_RUNNING JOB_STATE_PENDING JOB_STATE_QUEUED JOB_STATE_CANCELLING JOB_STATE_DRAINING
  Dataflow | running: JOB_STATE_RESOURCE_CLEANING_UP | cancelled: JOB_STATE_CANCELLED JOB_STATE_STOPPED | ?: JOB_STATE_UNKNOWN
  Cloud Build | success: SUCCESS | failed: FAILURE INTERNAL_ERROR TIMEOUT EXPIRED | running: PENDING QUEUED WORKING | cancelled: CANCELLED
  Cloud Build | ?: STATUS_UNKNOWN
  Snowflake tasks | success: SUCCEEDED LOADED
  Snowflake tasks | failed: FAILED FAILED_AND_AUTO_SUSPENDED FAILED_WITH_ERROR FAILED_WITH_INCIDENT LOAD_FAILED INCIDENT
  Snowflake tasks | waiting: SCHEDULED BLOCKED | running: EXECUTING RUNNING QUEUED RESUMING_WAREHOUSE LOAD_IN_PROGRESS | cancelled: CANCELLED
  Snowflake tasks | skipped: SKIPPED | warning: PARTIALLY_LOADED
  Redshift | success: FINISHED | failed: FAILED | running: SUBMITTED PICKED STARTED | cancelled: ABORTED
  EMR | success: COMPLETED SUCCESS | failed: FAILED TERMINATED_WITH_ERRORS
  EMR | running: STARTING BOOTSTRAPPING RUNNING TERMINATING PENDING CANCEL_PENDING SUBMITTED | waiting: WAITING | cancelled: CANCELLED INTERRUPTED
  EMR | ?: TERMINATED
  AWS Batch | success: SUCCEEDED | failed: FAILED | running: SUBMITTED PENDING STARTING RUNNING | waiting: RUNNABLE
  Luigi | success: DONE SUCCESS SUCCESS_WITH_RETRY | failed: FAILED SCHEDULING_FAILED FAILED_AND_SCHEDULING_FAILED MISSING_EXT
  Luigi | running: PENDING RUNNING BATCH_RUNNING | skipped: DISABLED NOT_RUN | ?: UNKNOWN
  Automic | failed: ANY_ABEND | skipped: ENDED_SKIPPED
  JES | success: CC_0000 | failed: JCL_ERROR S0C7 S322 U4038
  Rundeck | success: succeeded | failed: failed timedout failed-with-retry | running: running | waiting: scheduled | cancelled: aborted
  Rundeck | skipped: missed
  TeamCity | success: SUCCESS NORMAL | failed: FAILURE ERROR | running: queued running | warning: WARNING | ?: UNKNOWN
  CircleCI | success: success fixed | failed: failed error failing infrastructure_fail timedout unauthorized
  CircleCI | running: running queued retried | waiting: on_hold scheduled | cancelled: canceled | skipped: not_run no_tests
  Buildkite | success: passed | failed: failed timed_out broken expired failing
  Buildkite | running: creating running canceling pending unblocked limiting limited assigned accepted | waiting: blocked scheduled waiting
  Buildkite | running: timing_out | cancelled: canceled | skipped: skipped not_run
  Buildkite | upstream_failed: waiting_failed blocked_failed unblocked_failed
  Travis | success: passed | failed: failed errored | running: created queued received started booting | cancelled: canceled
  Bitbucket | success: SUCCESSFUL COMPLETED | failed: FAILED ERROR EXPIRED | running: PENDING IN_PROGRESS BUILDING PARSING PAUSED HALTED
  Bitbucket | cancelled: STOPPED | skipped: NOT_RUN
  Slurm | success: COMPLETED CD | failed: FAILED BOOT_FAIL DEADLINE NODE_FAIL OUT_OF_MEMORY TIMEOUT SPECIAL_EXIT F NF OOM
  Slurm | running: PENDING RUNNING CONFIGURING COMPLETING REQUEUED RESIZING SIGNALING STAGE_OUT R PD
  Slurm | cancelled: CANCELLED PREEMPTED REVOKED STOPPED SUSPENDED CA
  Celery | success: SUCCESS | failed: FAILURE REJECTED | running: PENDING RECEIVED STARTED RETRY | cancelled: REVOKED | skipped: IGNORED
  Spring Batch | success: COMPLETED | failed: FAILED | running: STARTING STARTED STOPPING | cancelled: STOPPED ABANDONED | ?: UNKNOWN
  Spinnaker | success: SUCCEEDED | failed: TERMINAL FAILED_CONTINUE | waiting: NOT_STARTED | running: RUNNING PAUSED BUFFERED
  Spinnaker | cancelled: CANCELED STOPPED SUSPENDED | skipped: SKIPPED REDIRECT
  Kestra | success: SUCCESS | failed: FAILED | running: CREATED RESTARTED RUNNING PAUSED KILLING QUEUED RETRYING RETRIED BREAKPOINT
  Kestra | cancelled: KILLED CANCELLED | skipped: SKIPPED | warning: WARNING
  Kafka Connect | failed: FAILED | running: RUNNING PAUSED UNASSIGNED RESTARTING | cancelled: STOPPED
  Power BI | success: Completed | failed: Failed | skipped: Disabled | cancelled: Cancelled | waiting: NotStarted | running: InProgress | ?: Unknown
  Boomi | success: COMPLETE | failed: ERROR | running: INPROCESS PENDING | cancelled: ABORTED DISCARDED | warning: COMPLETE_WARN
  SAP | success: Finished | failed: Canceled | running: Ready Active | waiting: Scheduled Released
  Logic Apps | success: Succeeded | failed: Failed Faulted TimedOut | running: Running Paused NotSpecified | waiting: Waiting WaitingForExecution
  Logic Apps | cancelled: Cancelled Aborted Suspended | skipped: Skipped Ignored
`;

export type DocumentedWord = { readonly system: string; readonly word: string; readonly meant: RunStatus };

export const documentedWords: readonly DocumentedWord[] = table
  .trim()
  .split("\n")
  .flatMap((line) => {
    const [system = "", ...senses] = line.trim().split(" | ");
    return senses.flatMap((sense) => {
      const [meant = "", words = ""] = sense.split(": ");
      return words.split(" ").map((word) => ({ system, word, meant: meant === "?" ? "unknown" : (meant as RunStatus) }));
    });
  });
