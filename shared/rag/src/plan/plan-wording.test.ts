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

test.each([
  ["nouvelles erreurs depuis hier", "list"],
  ["how many new error types yesterday?", "count"],
  ["erreurs apparues pour la première fois cette semaine", "list"],
])("planQuestion, errors that are new, asks for those alone: %s", (question, operation) => {
  expect(plan(question)).toMatchObject({ operation, only: "new", groupBy: "signature", unresolved: [] });
});

test.each([
  ["le dernier run de chaque pipeline", "pipeline", null],
  ["last failure per techno", "tech", null],
  ["qu'est-ce qui est en échec actuellement ?", "pipeline", "latest"],
])("planQuestion, the latest of each, is asked for by group: %s", (question, groupBy, only) => {
  expect(plan(question)).toMatchObject({ operation: "last", groupBy, only, window: null });
});

test.each([
  ["taux d'échec supérieur à 10 % hier ?", "supérieur à 10 %"],
  ["quels pipelines ont échoué 2 jours de suite ?", "2 jours de suite"],
  ["pourquoi le run 20260505-1234 a échoué ?", "20260505-1234"],
  ["prochaine exécution de orders-daily", "prochaine exécution"],
  ["orders-daily est-il plus lent que d'habitude ?", "que d'habitude"],
])("planQuestion, a part that no figure answers, is said: %s", (question, text) => {
  expect(plan(question).unresolved).toContainEqual({ kind: "word", text, near: [] });
});

test.each([
  ["quels pipelines ont plus de 3 échecs hier ?", { of: "count", comparison: ">", value: 3 }],
  ["which pipelines failed more than twice yesterday?", { of: "count", comparison: ">", value: 2 }],
  ["pipelines avec 5 échecs ou plus ce mois-ci", { of: "count", comparison: ">=", value: 5 }],
  ["technos dont le taux d'échec dépasse 2,5 % hier", { of: "share", comparison: ">", value: 2.5 }],
  ["jobs that always fail", { of: "share", comparison: ">=", value: 100 }],
  ["quels pipelines ont au moins un échec hier ?", { of: "count", comparison: ">=", value: 1 }],
  ["runs of more than 10 minutes yesterday", null],
])("planQuestion, a bound on a count, is read: %s", (question, bound) => {
  expect(plan(question)).toMatchObject({ bound, unresolved: [] });
});

test.each(["échecs hier entre 8 et 10", "failures yesterday between 8am and 10am"])(
  "planQuestion, hours beside a day, are hours: %s",
  (question) => {
    const { window } = plan(question);
    expect((window?.to.getTime() ?? 0) - (window?.from?.getTime() ?? 0)).toBe(2 * 3_600_000);
  },
);

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
  ["compare hier et avant-hier", "Comparaison (exécutions), hier (mar. 5 mai) par rapport à avant-hier (lun. 4 mai)"],
  ["how many failures yesterday?", "Number of failures, yesterday (Tue 5 May)"],
  ["slowest runs yesterday", "Longest runs, yesterday (Tue 5 May)"],
])("describePlan, %j, is %j in words", (text, wanted) => {
  expect(describePlan(plan(text), zone)).toBe(wanted);
});
