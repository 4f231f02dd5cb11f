import { failing, hourly, memoryStores, type TestRun } from "../test/memory-stores.js";
import { buildReport, type ReportInput } from "./build-report.js";
import { composeDocument } from "./compose-document.js";
import { renderText } from "./render-text.js";
import { readRoutes } from "./routes.js";
import { settings } from "./settings.js";

const to = Date.parse("2026-05-06T05:30:00Z");
const hourMs = 3_600_000;
const from = to - 24 * hourMs;
const set = settings.parse({});

/** The e-mail's text, its no-break spaces as plain ones. */
async function textOf(runs: readonly TestRun[], given: Partial<ReportInput> = {}): Promise<string> {
  const window = { from: new Date(from), to: new Date(to) };
  const base = { kind: "daily" as const, window, date: "2026-05-06", zone: "Europe/Paris", language: "fr" as const, settings: set };
  const input = { ...base, routes: readRoutes(set, { hasDefaultChannels: true }), readAt: new Date(to), ...given };
  const { report } = await buildReport(memoryStores(runs), input, new AbortController().signal);
  return renderText(composeDocument(report, "default"), [], 50).replace(/[\u00A0\u202F]/g, " ");
}
const steady = ["b", "c"].flatMap((name) => hourly(to, name));
const last =
  (hours: number, signature = "sig-a", error = "disk full on node-7") =>
  (run: TestRun): TestRun =>
    run.at >= to - hours * hourMs ? failing(run, signature, error) : run;

test("summary, one failure on one pipeline, is in the singular", async () => {
  const text = await textOf([...steady, ...hourly(to, "a", last(1))]);
  expect(text).toContain(
    "Le seul échec vient de a (Spark). D’habitude, il n’y en a pas (médiane de 0 sur 7 jours). Son erreur, « disk full on node-7 », n’avait jamais été vue. Sa dernière exécution est encore un échec.",
  );
});

test("summary, the same error on two pipelines, tells what they share and that none has recovered", async () => {
  const runs = [...steady, ...hourly(to, "a", last(2)), ...hourly(to, "d", last(1))];
  expect(await textOf(runs, { language: "en" })).toContain(
    "The 3 failures are on 2 pipelines, all of them Spark. Usually there are none (a median of 0 over 7 days). All have the same error, “disk full on node-7”, which had never been seen before. None has recovered: the last run of each failed.",
  );
});

test("summary, two errors on two pipelines of which one has recovered, names the other", async () => {
  const early = (run: TestRun): TestRun => (run.at < from + hourMs && run.at >= from ? failing(run, "sig-b", "no space") : run);
  expect(await textOf([...steady, ...hourly(to, "a", last(2)), ...hourly(to, "d", early)])).toContain(
    "L’erreur la plus fréquente, « disk full on node-7 », explique 2 échecs sur 1 pipeline ; elle n’avait jamais été vue. Un seul n’est pas rétabli : a.",
  );
});

const sight = { from: new Date(from - 24 * hourMs), to: new Date(from), readAt: new Date(from + 60_000), recent: [] };
const late = (change: (run: TestRun, index: number) => TestRun): TestRun[] =>
  hourly(to, "z", (run) => (run.at >= from - 3 * hourMs && run.at < from ? run : undefined)).map((run, index) => ({
    ...change(run, index),
    firstIndexedAt: from + hourMs,
    statusSince: from + hourMs,
  }));

test.each([
  [
    "one failure among three runs",
    (run: TestRun, index: number) => (index === 0 ? failing(run) : run),
    "3 exécutions d’avant le mar. 5 mai 07:30, dont 1 échec.",
  ],
  ["three failures", (run: TestRun) => failing(run), "3 échecs d’avant le mar. 5 mai 07:30."],
  ["no failure", (run: TestRun) => run, "3 exécutions d’avant le mar. 5 mai 07:30, 0 échec."],
])("late line, %s, counts them once and in good French", async (_case, change, said) => {
  expect(await textOf([...steady, ...hourly(to, "a"), ...late(change)], { told: sight })).toContain(`Arrivés après coup : ${said}`);
});

test("late runs, failures on a day that was quiet by itself, are in the subject's line and not all clear", async () => {
  const text = await textOf([...steady, ...hourly(to, "a"), ...late((run) => failing(run))], { told: sight });
  expect(text).not.toContain("RAS");
  expect(text).toContain("ARRIVÉS APRÈS COUP");
});
