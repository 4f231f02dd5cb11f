import {
  anomalySettings,
  collectHistory,
  errorTimesOf,
  listMornings,
  type Morning,
  type RunHistory,
  type RunSeen,
} from "@flow-rag/insights";
import type { Evaluate } from "@flow-rag/testing";
import { existsSync } from "node:fs";
import { makeSample, readWebsiteChecks, websiteChecks, zone } from "./anomaly-data.js";
import { choose, dayAt, injections, type Injection } from "./inject.js";

const settings = anomalySettings.parse({});
/** Pipelines that one injection is tried on, one at a time a morning so that none helps another. */
const trials = 40;
const gates = { falsePerHundred: 1, websiteMornings: 15, websiteFailures: 791 };

const morningsOf = (history: RunHistory, first: number, count: number): Morning[] => [
  ...listMornings(history, { first: new Date(first), count, zone, errors: errorTimesOf(history), settings }),
];
const findingsOf = (morning: Morning) => morning.incidents.flatMap(({ findings }) => findings);

/** Share of the injections of one kind that the morning after lists under the pipeline's name, on the day itself or, for silence, a day later. */
async function recallOf(injection: Injection, runs: readonly RunSeen[], days: readonly { from: number; to: number }[]): Promise<string> {
  const history = await collectHistory(runs);
  let tried = 0;
  let found = 0;
  const places = days.flatMap((day) => [...history.keys()].map((pipeline) => ({ day, pipeline })));
  for (const { day, pipeline } of choose(places, trials * 3, `1 ${injection.name}`, (place) => `${place.day.from} ${place.pipeline}`)) {
    const entry = history.get(pipeline);
    const changed = entry && injection.apply(entry.runs, day);
    if (!changed || tried === trials) continue;
    tried += 1;
    const injected = new Map(history).set(pipeline, { ...entry, runs: changed });
    const isSilence = injection.expects.includes("missing_run");
    const names = morningsOf(injected, day.from + 43_200_000, isSilence ? 2 : 1).flatMap(findingsOf);
    if (names.some((finding) => finding.pipeline === pipeline && injection.expects.includes(finding.kind))) found += 1;
  }
  return tried === 0 ? "-" : `${((100 * found) / tried).toFixed(0)} % of ${tried}`;
}

/** Injections with a fixed seed into the generated sample and into real website checks, the clean mornings of the first, and every morning of the second. */
export const evaluate: Evaluate = async () => {
  const sample = makeSample({ days: 45, pipelines: 60, seed: 1 });
  const start = sample.runs[0]?.at ?? 0;
  // Nothing is planted before `firstPlanted`; 29 days of past come first.
  const cleanDays = Math.floor((sample.firstPlanted - start) / 86_400_000) - 30;
  const clean = morningsOf(await collectHistory(sample.runs), start + 30 * 86_400_000, cleanDays);
  const falseFindings = clean.flatMap(findingsOf).filter(({ state }) => state !== "ongoing").length;
  const falsePerHundred = (100 * falseFindings) / clean.length / 60;
  const silenced = await collectHistory(
    sample.runs.map((run) => ({ ...run, status: "success" as const, signature: null, durationMs: 60_000 })),
  );
  const [quiet] = morningsOf(silenced, start + 32 * 86_400_000, 1);

  const website = existsSync(websiteChecks) ? readWebsiteChecks() : undefined;
  const sampleDays = Array.from({ length: Math.max(1, cleanDays - 1) }, (_, index) => dayAt(start, 30 + index, zone));
  const websiteDays = website ? Array.from({ length: 20 }, (_, index) => dayAt(website[0]?.at ?? 0, 31 + index, zone)) : [];
  const table: Record<string, string | number>[] = [];
  for (const injection of injections) {
    table.push({
      injection: injection.name,
      sample: await recallOf(injection, sample.runs, sampleDays),
      "website checks": website ? await recallOf(injection, website, websiteDays) : "skipped",
    });
  }

  const real = website ? await readMornings(website) : undefined;
  const passed =
    falsePerHundred <= gates.falsePerHundred &&
    quiet?.allClear === true &&
    (!real || (real.flaggedByTest <= gates.websiteMornings && real.failures === gates.websiteFailures));
  return {
    table,
    summary: {
      cleanMornings: clean.length,
      falsePerHundred: Number(falsePerHundred.toFixed(2)),
      allClear: quiet?.allClear === true,
      website: real ?? null,
    },
    passed,
    ...(!website && { skipped: "../shared/data/runs is absent: the sample alone was used" }),
  };
};

/** Every morning of the website checks: with a test that stands after Benjamini-Hochberg, with anything new or back, and all failures listed. */
async function readMornings(runs: readonly RunSeen[]) {
  const first = runs[0]?.at ?? 0;
  const mornings = morningsOf(await collectHistory(runs), first, Math.ceil(((runs.at(-1)?.at ?? 0) - first) / 86_400_000) + 1);
  const having = (accepts: (finding: ReturnType<typeof findingsOf>[number]) => boolean): number =>
    mornings.filter((morning) => findingsOf(morning).some(accepts)).length;
  return {
    mornings: mornings.filter((morning) => morning.runs > 0).length,
    flaggedByTest: having(({ pValue }) => pValue !== null),
    flaggedByFailureRate: having(({ kind }) => kind === "failure_rate"),
    withAnythingNew: having(({ state }) => state !== "ongoing"),
    failures: mornings.reduce((sum, { failures }) => sum + failures.length, 0),
  };
}
