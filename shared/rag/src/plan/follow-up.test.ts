import { planFollowUp } from "./follow-up.js";
import type { Plan } from "./plan.js";

const catalogue = {
  pipelines: ["orders-daily", "orders-cdc", "crm_export"],
  techs: ["Spark", "dbt", "Talend"],
  environments: ["prod", "preprod"],
};
const context = { now: new Date("2026-05-06T08:00:00+02:00"), zone: "Europe/Paris", catalogue };

/** The plan of the last question of a conversation. */
function planOf(...questions: readonly string[]): { plan: Plan; continued: boolean } {
  let made: { plan: Plan; continued: boolean } | undefined;
  for (const question of questions) made = planFollowUp(made?.plan, question, context);
  if (!made) throw new Error("no question");
  return made;
}
const day = (plan: Plan) =>
  plan.window?.from && new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris", dateStyle: "short" }).format(plan.window.from);

test.each(["non, avant-hier", "non je voulais dire avant-hier", "pardon, avant-hier", "plutôt avant-hier", "et avant-hier ?"])(
  "planFollowUp, a correction of the day, keeps the rest: %s",
  (correction) => {
    const { plan, continued } = planOf("combien d'échecs Spark hier ?", correction);
    expect(continued).toBe(true);
    expect(plan).toMatchObject({ operation: "count", filters: { techs: ["Spark"], statuses: ["failed"] }, unresolved: [] });
    expect(day(plan)).toBe("2026-05-04");
  },
);

test.each(["et dbt ?", "non, dbt", "plutôt dbt", "même question pour dbt", "et celui de dbt ?"])(
  "planFollowUp, another techno, takes the place of the former: %s",
  (change) => {
    const { plan } = planOf("combien d'échecs Spark hier ?", change);
    expect(plan.filters.techs).toEqual(["dbt"]);
    expect(day(plan)).toBe("2026-05-05");
  },
);

test.each(["et au total ?", "sans filtre", "toutes technos confondues", "et pour toutes les technos ?", "and for all technos?"])(
  "planFollowUp, all of them, gives up the filter: %s",
  (wider) => expect(planOf("combien d'échecs Spark hier ?", wider).plan.filters.techs).toEqual([]),
);

test("planFollowUp, the others after a name, are all but that one", () => {
  const { plan } = planOf("échecs Spark hier", "et les autres ?");
  expect(plan.filters).toMatchObject({ techs: [], excluded: { techs: ["Spark"] } });
});

test("planFollowUp, the others after a list, are the rest of it", () => {
  expect(planOf("échecs hier", "les autres ?").plan).toMatchObject({ operation: "list", limit: 50 });
});

test("planFollowUp, by day after a duration, stays a duration", () => {
  expect(planOf("durée médiane de orders-daily cette semaine", "par jour").plan).toMatchObject({ operation: "duration", groupBy: "day" });
});

test("planFollowUp, another bound, takes the place of the former", () => {
  expect(planOf("quels pipelines ont plus de 2 échecs hier ?", "et plus de 5 ?").plan.bound).toMatchObject({ value: 5 });
});

test("planFollowUp, the night before a night, is not the same night", () => {
  expect(day(planOf("bilan de la nuit", "et la nuit d'avant ?").plan)).toBe("2026-05-04");
});

test("planFollowUp, whether it is more or less, compares with the time before", () => {
  const { plan } = planOf("combien d'échecs hier ?", "c'est plus ou moins ?");
  expect(plan).toMatchObject({ operation: "compare", filters: { statuses: ["failed"] } });
  expect(plan.compareWindow?.to).toEqual(plan.window?.from);
});

test.each(["Quelles technos ont échoué avant-hier ?", "ok merci", "quelle est la météo ?", "bonjour", "combien d'échecs dbt avant-hier ?"])(
  "planFollowUp, another subject, takes nothing over: %s",
  (question) => expect(planOf("combien d'échecs Spark hier ?", question)).toMatchObject({ continued: false }),
);
