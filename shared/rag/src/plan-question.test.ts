import { planQuestion } from "./plan-question.js";

const now = new Date("2026-11-20T07:30:00Z"); // Friday, 08:30 in Paris
const catalogue = { techs: ["Spark", "dbt", "SQL Server"], pipelines: ["orders-daily", "mart_finance", "Évènements"] };
const plan = (text: string, at = now) => planQuestion(text, { now: at, zone: "Europe/Paris", catalogue });
const window = (text: string, at = now) => {
  const { window: found } = plan(text, at);
  return found && [found.from.toISOString(), found.to.toISOString()];
};

test.each([
  ["Quelles technos ont échoué hier ?", "2026-11-18T23:00:00.000Z", "2026-11-19T23:00:00.000Z"],
  ["WHICH PIPELINES FAILED YESTERDAY", "2026-11-18T23:00:00.000Z", "2026-11-19T23:00:00.000Z"],
  ["et avant-hier ?", "2026-11-17T23:00:00.000Z", "2026-11-18T23:00:00.000Z"],
  ["échecs aujourd’hui", "2026-11-19T23:00:00.000Z", "2026-11-20T07:30:00.000Z"],
  ["combien d'échecs cette nuit ?", "2026-11-19T17:00:00.000Z", "2026-11-20T07:30:00.000Z"],
  ["failures in the last 7 days", "2026-11-13T07:30:00.000Z", "2026-11-20T07:30:00.000Z"],
  ["les 3 derniers jours", "2026-11-17T07:30:00.000Z", "2026-11-20T07:30:00.000Z"],
  ["échecs des dernières 24h", "2026-11-19T07:30:00.000Z", "2026-11-20T07:30:00.000Z"],
  ["erreurs de cette semaine", "2026-11-15T23:00:00.000Z", "2026-11-20T07:30:00.000Z"],
  ["erreurs de la semaine dernière", "2026-11-08T23:00:00.000Z", "2026-11-15T23:00:00.000Z"],
  ["le mois dernier", "2026-09-30T22:00:00.000Z", "2026-10-31T23:00:00.000Z"],
  ["what failed on 2026-05-05?", "2026-05-04T22:00:00.000Z", "2026-05-05T22:00:00.000Z"],
])("planQuestion, %j, reads the window in the business zone", (text, from, to) => {
  expect(window(text)).toEqual([from, to]);
});

test("planQuestion, yesterday was the day the clocks went back, is 25 hours long", () => {
  expect(window("hier", new Date("2026-10-26T08:00:00Z"))).toEqual(["2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"]);
});

test("planQuestion, a count without a time, takes the stated default of seven days", () => {
  const { window: found } = plan("combien d'échecs ?");
  expect(found).toMatchObject({ from: new Date("2026-11-13T07:30:00Z"), to: now, stated: false });
});

test.each(["échecs depuis lundi", "what failed in March", "les erreurs du week-end", "échecs le 12/11"])(
  "planQuestion, %j speaks of a time it cannot read, says which word",
  (text) => {
    expect(plan(text).unresolved).toHaveLength(1);
  },
);

test.each([
  ["Quelles technos ont échoué hier ?", "failed", "tech"],
  ["pipelines en erreur aujourd'hui", "failed", "pipeline"],
  ["runs en cours", "running", "pipeline"],
  ["how many successful runs yesterday", "success", "pipeline"],
  ["combien d'exécutions hier", undefined, "pipeline"],
])("planQuestion, %j, finds the status and the grouping", (text, status, groupBy) => {
  const { status: found, groupBy: by } = plan(text);
  expect([found, by]).toEqual([status, groupBy]);
});

test.each([
  ["échecs de orders daily hier", [], ["orders-daily"]],
  ["Mart Finance a planté ?", [], ["mart_finance"]],
  ["evenements hier", [], ["Évènements"]],
  ["erreurs spark et sql-server", ["Spark", "SQL Server"], []],
  ["sparkling orders", [], []],
])("planQuestion, %j, resolves names whatever their accents, case and separators", (text, techs, pipelines) => {
  const { techs: foundTechs, pipelines: foundPipelines } = plan(text);
  expect([foundTechs, foundPipelines]).toEqual([techs, pipelines]);
});

test.each([
  ["Quelles technos ont échoué hier ?", "fr"],
  ["Which technos failed yesterday?", "en"],
  ["orders-daily", "fr"],
])("planQuestion, %j, is in %s", (text, language) => {
  expect(plan(text).language).toBe(language);
});

test("planQuestion, a question without time, status word or count, is a search without a window", () => {
  expect(plan("connexion refusée par la base")).toMatchObject({ operation: "search", window: undefined });
});
