import type { Run } from "@flow-rag/contracts";
import { buildWindows, longWindows, springWindows } from "./windows.js";
import type { Dataset } from "./case.js";
import { generateSample, readDataFile, type GoldRun } from "./run-fixtures.js";

/** Instant at which the questions of spring are asked. */
export const spring = "2026-05-06T08:00:00+02:00";

/** Real and generated runs with what is asked about them; the names of files that are not there go to `skipped`. */
export function* datasets(skipped: string[]): Generator<Dataset> {
  const website = readDataFile("website-checks.ndjson");
  if (website)
    yield {
      name: "website-checks",
      now: spring,
      rows: website,
      windows: [...springWindows, ...longWindows],
      pipelines: ["Wikipedia", "Digital Editions - University of Bern"],
      techs: ["http"],
    };
  else skipped.push("website-checks.ndjson");
  const builds = readDataFile("ci-builds.ndjson");
  if (builds)
    yield {
      name: "ci-builds",
      now: "2016-11-18T20:00:00+01:00",
      rows: builds,
      windows: buildWindows,
      pipelines: ["google/guice", "apache/flink"],
      techs: ["maven", "gradle"],
    };
  else skipped.push("ci-builds.ndjson");
  yield {
    name: "sample",
    now: spring,
    rows: generateSample(spring),
    windows: springWindows,
    pipelines: ["orders-daily", "crm_export"],
    techs: ["Spark", "dbt"],
  };
}

export const toRun = (run: GoldRun): Run => ({
  source: "flows",
  recordId: run.id,
  pipeline: run.pipeline,
  tech: run.tech,
  status: run.status as Run["status"],
  rawStatus: run.status,
  ts: new Date(run.at),
  durationMs: run.durationMs,
  error: run.error,
  environment: run.environment,
  owner: null,
  runRef: null,
  recordsProcessed: null,
  signature: run.signature,
  contentHash: "",
  fingerprint: "",
  indexedAt: new Date(0),
});
