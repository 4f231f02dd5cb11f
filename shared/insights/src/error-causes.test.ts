import { causesOf } from "./error-causes.js";

const error = (id: string, template: string, ...pipelines: string[]) => ({ id, template, pipelines });

test.each([
  [
    "its name",
    error("1", "Job orders-daily failed: ORA-12541", "orders-daily"),
    error("2", "Job crm.export failed: ORA-12541", "crm.export"),
  ],
  ["its name in another spelling", error("1", "ORDERS_DAILY aborted", "orders-daily"), error("2", "CrmExport aborted", "crm export")],
  ["its name with a masked number", error("1", "flow-<num> aborted", "flow-12"), error("2", "stock aborted", "stock")],
])("causesOf, errors that differ in the pipeline by %s, are one cause", (_, one, other) => {
  const causeOf = causesOf([one, other]);
  expect(causeOf("1")).toBe(causeOf("2"));
});

test.each([
  ["in a word besides the name", error("1", "Job orders failed: disk", "orders"), error("2", "Job stock failed: memory", "stock")],
  ["in a name that is no pipeline's", error("1", "table a.x is locked", "orders"), error("2", "table b.y is locked", "stock")],
  ["in a name that several pipelines have met", error("1", "orders aborted", "orders", "stock"), error("2", "stock aborted", "stock")],
  ["in a part of a word", error("1", "data missing in database", "data"), error("2", "stock missing in database", "load")],
])("causesOf, errors that differ %s, are two causes", (_, one, other) => {
  const causeOf = causesOf([one, other]);
  expect(causeOf("1")).not.toBe(causeOf("2"));
});

test("causesOf, an error that nobody knows, is its own cause", () => {
  expect(causesOf([])("sig-1")).toBe("sig-1");
});
