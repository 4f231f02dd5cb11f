import { planQuestion } from "./plan-question.js";

const context = {
  now: new Date("2026-05-06T06:00:00Z"),
  zone: "Europe/Paris",
  catalogue: { pipelines: ["orders-daily", "mart_finance"], techs: ["Spark", "Python"], environments: ["prod"] },
};
const plan = (text: string) => planQuestion(text, context);

test.each([
  ["module Python manquant", "similar", "module Python manquant"],
  ["missing prod credentials", "similar", "missing prod credentials"],
  ["retard du broker hier ?", "similar", "retard du broker"],
  ["combien d'échecs pour dépendance manquante ?", "count", "dépendance manquante"],
  ["which jobs had a missing column yesterday?", "list", "missing column"],
  ["rate limit reached yesterday", "similar", "rate limit reached"],
])("planQuestion, an error in words of an operation, seeks its text: %s", (text, operation, sought) => {
  const { filters, unresolved, ...rest } = plan(text);
  expect([rest.operation, filters.signatureText, filters.techs, filters.environments, unresolved]).toEqual([operation, sought, [], [], []]);
});

test.each([
  "missing Spark jobs",
  "orders-daily manquant ?",
  "quels flux Spark sont manquants ?",
  "what is missing in prod?",
  "late today?",
])("planQuestion, runs that are not there, are missing ones: %s", (text) => {
  const { operation, filters } = plan(text);
  expect([operation, filters.signatureText]).toEqual(["missing", null]);
});

test("planQuestion, what is late without a time, is missing of today until now", () => {
  const { operation, window } = plan("qui est en retard ?");
  expect([operation, window?.from, window?.to]).toEqual(["missing", new Date("2026-05-05T22:00:00Z"), context.now]);
});

test.each([
  "échecs de l'équipe Finance hier",
  "combien d'échecs pour les jobs owned by data-eng ?",
  "Finance team failures",
  "which team has the most failures?",
])("planQuestion, an owner, is unresolved and takes no pipeline for it: %s", (text) => {
  const { unresolved, filters } = plan(text);
  expect([unresolved.map(({ kind }) => kind), filters.pipelines]).toEqual([["owner"], []]);
});

test.each(["Bonjour l'équipe, combien d'échecs hier ?", "Salut l'équipe orders-daily a planté ?", "échecs hier, merci l'équipe"])(
  "planQuestion, a team that is spoken to, owns nothing: %s",
  (text) => expect(plan(text).unresolved.map(({ kind }) => kind)).not.toContain("owner"),
);
