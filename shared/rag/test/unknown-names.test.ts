import { planQuestion } from "../src/index.js";
import { harmlessSentences } from "./harmless-sentences.js";

const context = {
  now: new Date("2026-11-30T13:00:00Z"),
  zone: "Europe/Paris",
  catalogue: {
    pipelines: ["orders-daily", "orders", "stock_sync", "billing.export.v2", "google/guice", "job-41"],
    techs: ["Spark", "Talend", "dbt"],
    environments: ["prod", "preprod"],
  },
};
const plan = (text: string) => planQuestion(text, context);
const isName = ({ kind }: { kind: string }): boolean => kind === "name" || kind === "pipeline" || kind === "tech" || kind === "environment";

test("planQuestion, sentences of speech with hyphens, figures and capitals, takes no word for a name", () => {
  expect(harmlessSentences.length).toBeGreaterThanOrEqual(150);
  const refused = harmlessSentences.flatMap((text) => {
    const { unresolved, assumed } = plan(text);
    const named = [...unresolved.filter(isName), ...assumed].map((each) => each.text);
    return named.length === 0 ? [] : [`${text}: ${named.join(", ")}`];
  });
  expect(refused).toEqual([]);
});

const inventions = [
  ..."pipeline-inconnu job-42 flow-7 run-99 flux-inconnu data-pipeline job-12-45 flux-de-données the-unknown-pipe foo_bar".split(" "),
  ..."svc_zorglub zorglub.v3 ZorglubSync ZORGLUB dwh11 job-43 orders-2 orders_backup stock_sync2 archive/zorglub a1b2c3".split(" "),
  ..."10.20.30.40 C:\\zorglub\\in zorglub@host zorglub:1521 part-00000.avro crm-zorglub-load".split(" "),
];
const around = [
  (name: string) => `combien d'échecs de ${name} hier ?`,
  (name: string) => `How many failures of ${name} last week?`,
  (name: string) => `Pourquoi ${name} a planté hier ?`,
  (name: string) => `did ${name} fail yesterday?`,
  (name: string) => `échecs du pipeline "${name}" hier`,
  (name: string) => `statut de ${name}`,
];

test("planQuestion, names that nobody knows in every place of a question, tells each of them and takes it for no other", () => {
  const dropped = inventions.flatMap((name) =>
    around.flatMap((question) => {
      const { unresolved, filters, assumed } = plan(question(name));
      const told = unresolved.some((each) => isName(each) && each.text === name);
      const taken = [...filters.pipelines, ...filters.techs, ...filters.environments];
      return told && taken.length === 0 && assumed.length === 0 ? [] : [`${question(name)}: ${JSON.stringify({ unresolved, taken })}`];
    }),
  );
  expect(dropped).toEqual([]);
});

test.each([
  ["échecs de orders-daily et stock_sync hier", ["orders-daily", "stock_sync"]],
  ["échecs orders/stock_sync hier", ["orders", "stock_sync"]],
  ["échecs non-Spark de orders hier", ["orders"]],
  ["failures of guice yesterday", ["google/guice"]],
  ["failures of 'orders' yesterday", ["orders"]],
  ["failures of “stock_sync” yesterday", ["stock_sync"]],
  ["échecs de « orders-daily » hier", ["orders-daily"]],
  ["comparer « orders » avec « stock_sync » hier", ["orders", "stock_sync"]],
  ["failures of orders-dally yesterday", ["orders-daily"]],
])("planQuestion, %s, still finds the names that are there", (text, pipelines) => {
  expect([...plan(text).filters.pipelines].sort()).toEqual([...pipelines].sort());
});
