import { describePlan } from "./describe-plan.js";
import { planQuestion } from "./plan-question.js";
import { correctWord } from "./spelling.js";

const zone = "Europe/Paris";
const context = {
  now: new Date("2026-05-06T06:00:00Z"),
  zone,
  catalogue: {
    techs: ["Spark", "dbt", "Talend"],
    pipelines: ["orders-daily", "crm_export", "google/guice"],
    environments: ["prod", "dev"],
  },
};
const plan = (text: string) => planQuestion(text, context);
const leftOut = (text: string) => {
  const { excluded, pipelines, techs, environments } = plan(text).filters;
  const out = excluded ? [...excluded.pipelines, ...excluded.techs, ...excluded.environments] : [];
  return { in: [...pipelines, ...techs, ...environments], out };
};

test.each([
  ["échecs sauf Spark hier", [], ["Spark"]],
  ["échecs hors prod hier", [], ["prod"]],
  ["échecs de Talend hors production hier", ["Talend"], ["prod"]],
  ["échecs de toutes les technos sauf Spark et Talend", [], ["Spark", "Talend"]],
  ["failures except for dbt and Spark yesterday", [], ["Spark", "dbt"]],
  ["all failures but not crm_export", [], ["crm_export"]],
  ["échecs hier, mais pas en dev", [], ["dev"]],
  ["échecs Spark et dbt hier", ["Spark", "dbt"], []],
  ["pourquoi Spark n'a pas tourné hier ?", ["Spark"], []],
])("planQuestion, %j, counts what it names and leaves out what it excludes", (text, included, out) => {
  const found = leftOut(text);
  expect([found.in.sort(), found.out.sort()]).toEqual([[...included].sort(), [...out].sort()]);
});

test.each([
  ["which pipelines didn't run yesterday?", "missing"],
  ["échecs de order-daily hier", "list"],
  ["y a-t-il plus d'échecs hier qu'avant-hier ?", "compare"],
  ["runs longer than 10 minutes yesterday", "list"],
  ["combien d'exécutions ont duré plus d'une heure hier ?", "count"],
  ["quel pipeline a mis le plus de temps hier ?", "duration"],
  ["give me the weekly summary", "status"],
  ["RAS cette nuit ?", "status"],
  ["combien d'échecs d'affilée pour crm_export ?", "status"],
  ["à quelle heure y a-t-il le plus d'échecs ?", "trend"],
  ["quelle est la techno la plus fiable ?", "rate"],
  ["how long ago did orders-daily run?", "last"],
  ["écris un poème", "help"],
])("planQuestion, %j, is understood as %s", (text, operation) => {
  expect(plan(text)).toMatchObject({ operation, unresolved: [] });
});

test.each([
  ["quels pipelines n'ont eu aucun échec hier ?", true],
  ["pipelines with no failures yesterday", true],
  ["y a-t-il eu des échecs hier ?", false],
  ["aucun échec hier ?", false],
])("planQuestion, %j, asks for groups without a failure: %s", (text, without) => {
  expect(plan(text)).toMatchObject({ without, filters: { statuses: ["failed"] } });
});

test.each([
  ["échecs de guice hier", ["google/guice"]],
  ["échecs en production hier", ["prod"]],
])("planQuestion, %j, finds the name by a part or another spelling", (text, names) => {
  expect(leftOut(text).in).toEqual(names);
});

test("planQuestion, errors that are new, says that this is not looked at", () => {
  expect(plan("nouvelles erreurs depuis hier").unresolved).toEqual([{ kind: "word", text: "nouvelles erreurs", near: [] }]);
});

test.each([
  ["echeks", "echecs"],
  ["failuers", "failures"],
  ["qelles", "quelles"],
  ["faux", undefined],
  ["orders2", undefined],
])("correctWord, %j, is %j", (word, wanted) => {
  expect(correctWord(word)).toBe(wanted);
});

test.each([
  ["Quelles technos ont échoué hier ?", "Échecs par techno, hier (mar. 5 mai)"],
  ["taux d'échec de Spark hier", "Taux d’échec, `Spark`, hier (mar. 5 mai)"],
  ["échecs sauf dbt hier", "Échecs par pipeline, hors `dbt`, hier (mar. 5 mai)"],
  ["compare hier et avant-hier", "Comparaison (exécutions), hier (mar. 5 mai) comparé à avant-hier (lun. 4 mai)"],
  ["how many failures yesterday?", "Number of failures, yesterday (Tue 5 May)"],
  ["slowest runs yesterday", "Longest runs, yesterday (Tue 5 May)"],
])("describePlan, %j, is %j in words", (text, wanted) => {
  expect(describePlan(plan(text), zone)).toBe(wanted);
});
