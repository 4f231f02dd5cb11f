import type { FindingKind } from "./finding.js";
import type { Morning } from "./list-morning.js";

/** What a span of mornings would have said. */
export type Backtest = {
  /** Mornings on which there was any run to judge. */
  readonly mornings: number;
  /** Of those, with an incident that was new or back. */
  readonly flagged: number;
  readonly allClear: number;
  /** Incidents that were new or back. */
  readonly incidents: number;
  /** New findings and findings that were back, by kind. */
  readonly findings: Readonly<Partial<Record<FindingKind, number>>>;
  /** Mornings with such a finding, by kind. */
  readonly morningsByKind: Readonly<Partial<Record<FindingKind, number>>>;
  readonly failures: number;
  /** Findings by test among 100 pipelines of one morning: at most the accepted rate of them is false. */
  readonly testedPerHundredPipelines: number;
  /** Share of false findings that is accepted among those by test. */
  readonly falseDiscoveryRate: number;
  readonly busiest: readonly { readonly date: string; readonly incidents: number; readonly failures: number }[];
};

const shownDays = 5;

/** Sums mornings up; `kinds` keeps findings of these kinds only. */
export function summarise(mornings: Iterable<Morning>, falseDiscoveryRate: number, kinds?: readonly FindingKind[]): Backtest {
  let [judged, flagged, allClear, incidents, failures, tested, pipelines] = [0, 0, 0, 0, 0, 0, 0];
  const findings: Partial<Record<FindingKind, number>> = {};
  const morningsByKind: Partial<Record<FindingKind, number>> = {};
  const days: { date: string; incidents: number; failures: number }[] = [];
  for (const morning of mornings) {
    if (morning.runs === 0) continue;
    const fresh = morning.incidents
      .map((incident) => incident.findings.filter(({ state, kind }) => state !== "ongoing" && (kinds?.includes(kind) ?? true)))
      .filter((own) => own.length > 0);
    judged += 1;
    flagged += Number(fresh.length > 0);
    allClear += Number(morning.allClear);
    incidents += fresh.length;
    failures += morning.failures.length;
    pipelines += morning.pipelines;
    const all = fresh.flat();
    for (const { kind, pValue } of all) {
      findings[kind] = (findings[kind] ?? 0) + 1;
      tested += Number(pValue !== null);
    }
    for (const kind of new Set(all.map((finding) => finding.kind))) morningsByKind[kind] = (morningsByKind[kind] ?? 0) + 1;
    days.push({ date: morning.date, incidents: fresh.length, failures: morning.failures.length });
  }
  const busiest = days
    .filter((day) => day.incidents > 0)
    .sort((a, b) => b.incidents - a.incidents || b.failures - a.failures || (a.date < b.date ? -1 : 1))
    .slice(0, shownDays);
  const testedPerHundredPipelines = pipelines === 0 ? 0 : Number(((100 * tested) / pipelines).toFixed(3));
  return {
    mornings: judged,
    flagged,
    allClear,
    incidents,
    findings,
    morningsByKind,
    failures,
    testedPerHundredPipelines,
    falseDiscoveryRate,
    busiest,
  };
}
