import { resolveFilters } from "./apply-filters.js";

const catalogue = { pipelines: ["Orders", "orders", "ÉTL"], techs: ["Spark"] };

test.each([
  ["orders", ["orders"]],
  ["Orders", ["Orders"]],
  ["ORDERS", ["Orders", "orders"]],
  ["etl", ["ÉTL"]],
  ["E\u0301TL", ["ÉTL"]],
])("resolveFilters, the name %j, is the one written so, else all alike", (name, pipelines) =>
  expect(resolveFilters({ pipelines: [name] }, catalogue)).toEqual({ pipelines }),
);

test("resolveFilters, a name that does not occur, is told with its place and names like it", () =>
  expect(() => resolveFilters({ pipelines: ["ordrs"] }, catalogue)).toThrow("filters.pipelines.0: no such name in the data; close to it"));
