import type { Doubt } from "@flow-rag/contracts";
import { failing, hourly, memoryStores, type TestRun } from "../test/memory-stores.js";
import { wordDoubts } from "@flow-rag/rag";
import { buildReport } from "./build-report.js";
import { composeDocument } from "./compose-document.js";
import type { ReportDocument } from "./document.js";
import { renderSlack } from "./render-slack.js";
import { renderText } from "./render-text.js";
import { readRoutes } from "./routes.js";
import { settings } from "./settings.js";

const hourMs = 3_600_000;
/** Wed 6 May 2026, 07:30 in Paris. */
const to = Date.parse("2026-05-06T05:30:00Z");
const dayMs = 24 * hourMs;
const set = settings.parse({});

async function documentOf(runs: readonly TestRun[], language: "fr" | "en" = "fr", doubts: readonly Doubt[] = []): Promise<ReportDocument> {
  const window = { from: new Date(to - dayMs), to: new Date(to) };
  const base = { kind: "daily" as const, window, date: "2026-05-06", zone: "Europe/Paris", settings: set, readAt: new Date(to) };
  const routes = readRoutes(set, { hasDefaultChannels: true });
  const { report } = await buildReport(memoryStores(runs, doubts), { ...base, language, routes }, new AbortController().signal);
  return composeDocument(report, "default");
}
const mainText = (document: ReportDocument): string => renderText({ ...document, details: [] }, [], Infinity);
const steady = ["b", "c", "d"].flatMap((name) => hourly(to, name));
const old = ({ at }: TestRun): boolean => at < to - 20 * dayMs && Math.floor(at / dayMs) % 5 === 0;

/** Failures that are nothing unusual: an error of long standing that comes now and then. */
const nowAndThen = (name: string, hoursAgo: readonly number[]): TestRun[] =>
  hourly(to, name, (run) => {
    const hours = Math.floor((to - run.at) / hourMs) + 1;
    return hoursAgo.includes(hours) || hours % 36 === 17 || old(run) ? failing(run) : run;
  });

test("report, failures that no incident tells, names the pipelines and how they stand where the verdict is", async () => {
  const document = await documentOf([...steady, ...nowAndThen("a", []), ...nowAndThen("e", [])]);
  expect(mainText(document)).toContain("En échec\u202f: a (1), e (1)\u202f; tous rétablis depuis.");
  const english = await documentOf([...steady, ...nowAndThen("a", [1])], "en");
  expect(mainText(english)).toContain("Failing: a (2); not recovered yet.");
});

test("report, an incident tells every failure, does not name its pipeline again", async () => {
  const document = await documentOf([...steady, ...hourly(to, "a", (run) => (run.at >= to - 4 * hourMs ? failing(run) : run))]);
  expect(mainText(document)).not.toMatch(/En échec|Autres échecs/);
});

test("report, one event on many pipelines, is told once with their number", async () => {
  const names = Array.from({ length: 12 }, (_, index) => `job-${index}`);
  const runs = names.flatMap((name) => hourly(to, name, (run) => (run.at >= to - 4 * hourMs ? failing(run) : run)));
  const text = mainText(await documentOf([...steady, ...runs]));
  expect(text).toContain("échecs de suite sur 12 pipelines");
  expect(text).not.toContain("job-7");
});

test("report, no data, says since when in the notification and the subject, and only once", async () => {
  const document = await documentOf(steady.filter(({ at }) => at < to - 2 * dayMs));
  expect(document.notification).toBe("Flux · mer. 6 mai\u202f: aucune donnée depuis lun. 4 mai 06:31");
  expect(document.subject).toBe("[Flux] mer. 6 mai\u202f: aucune donnée depuis lun. 4 mai 06:31");
  expect(mainText(document).match(/06:31/g)).toHaveLength(1);
});

test("report, a quiet day, has one sentence that the notification repeats", async () => {
  const { notification } = await documentOf(steady);
  expect(notification).toBe("Flux · mer. 6 mai · RAS\u202f: 72 exécutions, 0 échec, 0 absent. Données jusqu’à 06:31.");
});

test("report, its thread in Slack, is announced as what it is", async () => {
  const { thread } = renderSlack(await documentOf([...steady, ...nowAndThen("a", [])]));
  expect(thread.map(({ text }) => text)).toEqual(["Flux · mercredi 6 mai · détails"]);
});

test("report, one pipeline without a past, is told in the singular", async () => {
  const { details } = await documentOf([...steady, ...hourly(to, "a").slice(-3), ...nowAndThen("e", [])]);
  const said = renderText({ ...(await documentOf(steady)), main: [], details }, [], Infinity);
  expect(said).toContain("1 pipeline a trop peu d’exécutions en 28 jours");
  expect(said).toContain("Ses échecs sont comptés");
});

const at = "2026-05-05T12:00:00.000Z";
const doubtOfEach: { readonly [K in Doubt["kind"]]: Extract<Doubt, { kind: K }> } = {
  data_until: { kind: "data_until", at },
  source_stopped: { kind: "source_stopped", source: "flows", why: "silent", since: at, reason: null },
  gap: { kind: "gap", source: "flows", from: at, to: "2026-05-05T18:00:00.000Z" },
  held_removals: { kind: "held_removals", source: "flows", runs: 700, copies: 0, since: at, command: "flow-rag reconcile --yes" },
  imported: { kind: "imported", source: "flows", records: 3, at, command: "flow-rag ingest --source flows" },
  pending: { kind: "pending", records: 3 },
  set_aside: { kind: "set_aside", records: 2 },
  unread_status: { kind: "unread_status", runs: 1, withError: 1, words: [{ word: "kaput", runs: 1 }], others: 0 },
  future_runs: { kind: "future_runs", runs: 4, until: "2027-01-01T00:00:00.000Z" },
};
/** That data end a little earlier is a matter of course; statuses that were not read make the verdict itself another one. */
const graves = Object.values(doubtOfEach).filter(({ kind }) => kind !== "data_until" && kind !== "unread_status");
const allClear = /RAS|rien à signaler|all clear/i;

test.each(graves.map((doubt) => [doubt.kind, doubt] as const))(
  "report, a quiet day whose data are doubted (%s), is nowhere all clear and says the doubt",
  async (_kind, doubt) => {
    for (const language of ["fr", "en"] as const) {
      const document = await documentOf(steady, language, [doubt]);
      const { subject, notification, preheader, mark } = document;
      expect([subject, notification, preheader, mark.label, mainText(document)].join("\n")).not.toMatch(allClear);
      expect(mark.tone).toBe("warn");
      const [sentence = ""] = wordDoubts([doubt], { language, zone: "Europe/Paris", now: new Date(to) });
      expect(mainText(document).replaceAll(/\s+/g, " ")).toContain(sentence.replaceAll(/\s+/g, " "));
    }
  },
);

test("report, a quiet day, nothing is doubted or the data end a little before it, is all clear", async () => {
  for (const doubts of [[], [doubtOfEach.data_until]]) {
    const { subject, notification, mark } = await documentOf(steady, "fr", doubts);
    expect([subject, notification]).toEqual([expect.stringMatching(allClear), expect.stringMatching(allClear)]);
    expect(mark.tone).toBe("good");
  }
});

test("report, a quiet day with runs that go on or wait, is all clear and says how many are not over", async () => {
  const late = hourly(to, "a", (run) => (run.at >= to - hourMs ? { ...run, status: "running" as const } : run));
  const held = hourly(to, "e", (run) => (run.at >= to - hourMs ? { ...run, status: "waiting" as const } : run));
  const { subject, notification } = await documentOf([...steady, ...late, ...held]);
  expect([subject, notification]).toEqual([
    expect.stringContaining("1 en cours, 1 en attente"),
    expect.stringContaining("1 en cours, 1 en attente"),
  ]);
});

test("report, statuses of the day were not read, is not all clear although nothing failed", async () => {
  const unread = hourly(to, "a", (run) => (run.at >= to - 2 * hourMs ? { ...run, status: "unknown" as const } : run));
  const { subject, notification, mark } = await documentOf([...steady, ...unread]);
  expect([subject, notification, mark.label].join("\n")).not.toMatch(allClear);
});
