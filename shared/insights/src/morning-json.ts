import { findingText } from "./finding-text.js";
import type { Finding } from "./finding.js";
import type { Morning } from "./list-morning.js";

const iso = (at: number): string => new Date(at).toISOString();

const findingJson = <F extends Finding & { since?: number }>(finding: F, zone: string) => ({
  ...finding,
  window: { from: iso(finding.window.from), to: iso(finding.window.to) },
  ...(finding.since !== undefined && { since: iso(finding.since) }),
  sentence: findingText(finding, zone),
});

/** A morning for other programs: instants as ISO 8601 in UTC, every finding with its sentences. */
export const morningJson = (morning: Morning) => ({
  ...morning,
  from: iso(morning.from),
  to: iso(morning.to),
  incidents: morning.incidents.map((incident) => ({
    ...incident,
    since: iso(incident.since),
    findings: incident.findings.map((finding) => findingJson(finding, morning.zone)),
  })),
  resolved: morning.resolved.map((finding) => findingJson(finding, morning.zone)),
  unjudged: morning.unjudged.map((finding) => findingJson(finding, morning.zone)),
  failures: morning.failures.map((run) => ({ ...run, at: iso(run.at) })),
});
