import { resolveNames } from "./resolve-names.js";

const catalogue = { pipelines: ["orders-daily", "orders-cdc", "crm_export", "stock-agg"], techs: ["Spark"], environments: ["prod"] };
const named = (text: string) =>
  resolveNames(text, catalogue, () => false)
    .matches.map(({ name }) => name)
    .sort();

test.each([
  ["échecs orders-* hier", ["orders-cdc", "orders-daily"]],
  ["échecs *daily hier", ["orders-daily"]],
  ["les pipelines orders ont échoué ?", ["orders-cdc", "orders-daily"]],
  ["pipelines dont le nom contient orders", ["orders-cdc", "orders-daily"]],
  ["jobs starting with crm", ["crm_export"]],
  ["échecs de orders-daily", ["orders-daily"]],
  ["échecs * hier", []],
])("resolveNames, several names said at once, are all of them: %s", (text, wanted) => {
  expect(named(text)).toEqual(wanted);
});

test("resolveNames, the beginning of a name's part, is no name and has near ones", () => {
  expect(resolveNames("échecs de order", catalogue, () => false).unknown).toMatchObject([
    { text: "order", near: ["orders-daily", "orders-cdc"] },
  ]);
});
