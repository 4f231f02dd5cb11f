import type { StatusRow } from "./status-row.js";

/** Continuous integration and delivery; from their documentation. */
export const builds: readonly StatusRow[] = [
  {
    status: "running",
    systems: "GitHub, GitLab, Azure DevOps, Bitbucket, Travis, Buildkite, CircleCI, Spinnaker, Octopus, Terraform",
    words: `parsing, booting, limiting, limited, assigned, unblocked, timing out, platform limited, buffered, plan queued, apply queued, policy checked, policy checking, confirmed, applying, pre plan running, cost estimating, scheduling, queued for run, halted`,
  },
  {
    status: "failed",
    systems: "GitHub, CircleCI, Spinnaker, Travis, Bitbucket, CodeBuild, Octopus",
    words: `infrastructure fail, infrastructure failure, unauthorized, terminal, failed continue, policy soft failed, policy
      override, config error, configuration error, yaml error, timed out waiting, build failure, test failure, tests failed,
      job failed to start, script failure, runner system failure, stuck or timeout failure, job execution timeout, missing
      dependency failure, api failure, runner unsupported, scheduler failure, no matching runner`,
  },
  {
    status: "cancelled",
    systems: "GitHub, Buildkite, Terraform",
    words: "stale, force canceled, force cancelled, timed out manually, declined",
  },
  {
    status: "skipped",
    systems: "GitHub, CircleCI, Jenkins, Terraform",
    words: `neutral, no tests, nobuilt, no build, not needed, not required, grey, gris, retried build, redirect`,
  },
  {
    status: "success",
    systems: "Jenkins, TeamCity, Terraform, GoCD",
    words: `blue, bleu, applied, success with warnings allowed, planned and finished, approved, deployed`,
  },
  {
    status: "running",
    systems: "Jenkins: a colour with _anime is being built",
    words: `blue anime, red anime, yellow anime, grey anime, aborted anime, disabled anime, notbuilt anime`,
  },
  {
    status: "warning",
    systems: "GitLab, Bitbucket",
    words: `passed with warnings, failed but allowed, failed with allowed failure, ignore failed, ignorefailed`,
  },
  {
    status: "waiting",
    systems: "GitHub, Bitbucket, Azure DevOps, Terraform, Octopus: a person is waited for",
    words: `action required, waiting for approval, manual approval, awaiting manual intervention, awaiting confirmation, needs approval, needs setup, in review, waiting for resource, waiting for callback`,
  },
];
