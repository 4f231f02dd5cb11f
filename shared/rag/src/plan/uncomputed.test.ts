import { planQuestion } from "./plan-question.js";

const context = {
  now: new Date("2026-05-06T06:00:00Z"),
  zone: "Europe/Paris",
  catalogue: {
    techs: ["Spark", "dbt", "Talend"],
    pipelines: ["orders-cdc", "orders-cdc-eu", "crm_export", "Orders-Daily", "orders-daily"],
    environments: ["prod", "dev"],
  },
};
const plan = (text: string) => planQuestion(text, context);
const toldOf = (text: string, kind: string) =>
  plan(text)
    .unresolved.filter((each) => each.kind === kind)
    .map((each) => each.text);

test.each([
  "Combien d'échecs la semaine dernière dont l'erreur ne contient pas « ORA- » ?",
  "erreurs d'hier qui ne mentionnent pas timeout",
  'errors last week that do not contain "timeout"',
  "failures yesterday not mentioning ORA-12541",
  "échecs hier sans timeout dans l'erreur",
  "failures yesterday without timeout in the error message",
  "échecs de la semaine dernière sauf les erreurs ORA-12541",
  'failures yesterday except "connection refused" errors',
  "temps total passé par Talend hier",
  "durée cumulée de Spark la semaine dernière",
  "total run time of dbt yesterday",
  "sum of the durations of crm_export this week",
  "Which pipelines failed both on May 4 and May 5?",
  "quels pipelines ont échoué à la fois lundi et mardi ?",
  "combien d'échecs hier, pas avant-hier",
  "failures yesterday and not the day before yesterday",
])("planQuestion, a condition that no figure stands for, is refused by its words: %s", (question) => {
  expect(toldOf(question, "uncomputed")).toHaveLength(1);
});

test.each([
  "Combien d'échecs Talend hier et combien d'échecs Spark avant-hier ?",
  "How many failures yesterday, and what is the last run of crm_export?",
  "taux d'échec hier ? et durée médiane de crm_export la semaine dernière ?",
  "combien d'échecs hier et combien de succès avant-hier ?",
  "how many Spark failures yesterday and how many dbt failures last week?",
  "Quels pipelines ont échoué hier et pourquoi orders-daily a échoué ?",
])("planQuestion, questions with a period or a name each, are asked back one by one: %s", (question) => {
  expect(toldOf(question, "several")).toHaveLength(2);
});

test.each([
  "Combien d'échecs et de succès hier ?",
  "échecs de Spark et de Talend hier",
  "failures of Spark and dbt yesterday",
  "combien d'échecs hier et quels pipelines ?",
  "compare les échecs d'hier et d'avant-hier",
  "échecs hier et avant-hier",
  "failures on May 4 and May 5",
  "échecs sauf Spark hier",
  "failures yesterday, but not in dev",
  'failures last week whose error contains "timeout"',
  "pipelines sans erreur hier",
  "quels pipelines n'ont pas échoué hier ?",
  "quel pipeline a mis le plus de temps hier ?",
])("planQuestion, what figures stand for, is not refused: %s", (question) => {
  expect([...toldOf(question, "uncomputed"), ...toldOf(question, "several")]).toEqual([]);
});

test.each([
  ["How many failures of orders-cdc-us last week?", "orders-cdc-us"],
  ["combien d'échecs de orders-cdc-us hier", "orders-cdc-us"],
  ["pourquoi crm_export_bis a échoué hier ?", "crm_export_bis"],
  ["status of orders-daily-v2", "orders-daily-v2"],
  ["dernier run du pipeline orders-daily-old", "orders-daily-old"],
])("planQuestion, a name with a word more than one that is known, is not known: %s", (question, text) => {
  const { unresolved, filters, assumed } = plan(question);
  expect({ unknown: unresolved.find((each) => each.text === text)?.near.length !== 0, pipelines: filters.pipelines, assumed }).toEqual({
    unknown: true,
    pipelines: [],
    assumed: [],
  });
});

test.each([
  ["échecs de orders-cdc-eu hier", "orders-cdc-eu"],
  ["orders-cdc-failures yesterday", "orders-cdc"],
  ["orders-dailyy hier ?", "orders-daily"],
  ["Orders-Dailyy hier ?", "Orders-Daily"],
  ["status of orders-dailyy", "orders-daily"],
])("planQuestion, a known name with a word of speech or a typing error, is that name: %s", (question, name) => {
  expect(plan(question).filters.pipelines).toEqual([name]);
});

test.each([
  ["Quels pipelines ont eu l'erreur [E-4711] ?", "E-4711"],
  ["failures with [40001] last week", "40001"],
  ["échecs [ERR-12] hier", "ERR-12"],
  ["combien d'échecs E-4711 hier ?", "E-4711"],
  ["which pipelines had errors mentioning topic orders-eu?", "orders-eu"],
  ["erreurs mentionnant la table stg_clients", "stg_clients"],
  ["échecs de crm_export hier", null],
  ["échecs [crm_export] hier", null],
  ["échecs le [2026-05-04]", null],
  ["Which day of last week had the fewest failures?", null],
])("planQuestion, codes between brackets and identifiers behind 'mentioning', are sought: %s", (question, sought) => {
  expect(plan(question).filters.signatureText).toBe(sought);
});

test.each([
  ["Which day of last week had the fewest failures?", true],
  ["quel pipeline a le moins d'échecs cette semaine ?", true],
  ["which pipeline has the least failures this week?", true],
  ["quelle techno a eu le moins d'erreurs hier ?", true],
  ["pipelines with at least 3 failures this week", false],
  ["quels pipelines ont au moins un échec hier ?", false],
])("planQuestion, the smallest count, is said to be left out, %s: %s", (question, said) => {
  expect(toldOf(question, "word").some((text) => /fewest|least|moins/.test(text))).toBe(said);
});

test.each([
  ["combien de runs n'ont pas échoué hier ?", false],
  ["how many runs did not fail yesterday?", false],
  ["combien d'exécutions n'ont pas planté hier ?", false],
  ["how many executions have not failed this week?", false],
  ["combien de pipelines n'ont pas échoué hier ?", true],
  ["which pipelines did not fail yesterday?", true],
])("planQuestion, %j, asks for groups without a failure: %s", (question, without) => {
  const asked = plan(question);
  expect([asked.without, asked.filters.statuses.includes("failed")]).toEqual([without, without]);
});

test.each([
  "orders-cdc contre orders-cdc-eu : échecs du 20 au 30 avril",
  "compare orders-cdc and orders-cdc-eu from April 20 to April 30",
  "Spark vs Talend du 20 au 30 avril",
  "Spark versus dbt between April 20 and April 30",
])("planQuestion, two names and one period, the period is that of both: %s", (question) => {
  const { operation, window, compareWindow } = plan(question);
  expect([operation, window?.from?.toISOString(), window?.to.toISOString(), compareWindow]).toEqual([
    "compare",
    "2026-04-19T22:00:00.000Z",
    "2026-04-30T22:00:00.000Z",
    null,
  ]);
});

test.each([
  "Quels pipelines sont actuellement en échec (dernier run KO) ?",
  "Which pipelines are currently failing (last run failed)?",
  "combien de pipelines sont en ce moment KO (dernière exécution en échec) ?",
  "list the pipelines failing right now, last run failed",
])("planQuestion, how each stands and its last run, is the last run of each: %s", (question) => {
  expect(plan(question)).toMatchObject({ operation: "last", only: "latest" });
});

test.each([
  ["depuis combien de temps crm_export est-il en cours ?", "last"],
  ["how long has crm_export been running?", "last"],
  ["depuis quand crm_export est en cours ?", "last"],
  ["since when is crm_export running?", "last"],
  ["depuis quand crm_export est en échec ?", "status"],
])("planQuestion, since when a run is in progress, is told by that run: %s", (question, operation) => {
  expect(plan(question)).toMatchObject({ operation, unresolved: [], filters: operation === "last" ? { statuses: ["running"] } : {} });
});

test.each([
  ["how many runs ended upstream_failed last week", []],
  ["combien de runs UPSTREAM_FAILED hier ?", []],
  ["combien de upstream failed hier", []],
  ["runs upstream-failed yesterday", []],
])("planQuestion, a status as records write it, is that status: %s", (question, unresolved) => {
  expect(plan(question)).toMatchObject({ filters: { statuses: ["upstream_failed"] }, unresolved });
});

test.each(["failures of owner j.o'brien last week", "échecs du propriétaire j.o'brien hier", "runs owned by d’angelo yesterday"])(
  "planQuestion, an owner with an apostrophe, is one owner: %s",
  (question) => {
    expect(toldOf(question, "owner").join()).toMatch(/(?:j\.o'brien|d’angelo)$/);
    expect(toldOf(question, "word")).toEqual([]);
  },
);
