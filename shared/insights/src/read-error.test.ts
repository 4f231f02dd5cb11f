import { readError } from "./read-error.js";

test.each([
  ["Data Factory's error of a success", { errorCode: "", message: "", failureType: "", target: "", details: "" }],
  ["the same as text", '{"errorCode":"","message":"","failureType":""}'],
  ["an empty object", {}],
  ["an empty list", []],
  ["blanks in a list", [" ", null, ""]],
  ["Python's nothing", "None"],
  ["a null in text", " null "],
  ["text of an empty object", "{}"],
  ["zero", 0],
  ["false", false],
  ["nested blanks", { error: { message: " ", code: 0, inner: [{}] } }],
  ["French for none", "aucune erreur"],
])("readError, %s, is none", (_case, raw) => {
  expect(readError(raw)).toBeNull();
});

test.each([
  ["text", "ORA-12541", "ORA-12541"],
  ["a nested message", { error: { code: 403, message: "denied" } }, "denied"],
  ["objects in a list", [{ message: "first" }, { reason: "second" }, {}], "first\nsecond"],
  ["a code alone", { errorCode: "UserErrorSql", message: "" }, '{"errorCode":"UserErrorSql","message":""}'],
  ["a number", 137, "137"],
  ["text of an object that says something", '{"message":"broken"}', '{"message":"broken"}'],
  ["text that only begins like JSON", "[ERROR] broken", "[ERROR] broken"],
])("readError, %s, is what a person would read", (_case, raw, expected) => {
  expect(readError(raw)).toBe(expected);
});

test("readError, an object without end, is cut and never throws", () => {
  const cycle: Record<string, unknown> = { code: 1 };
  cycle["cause"] = cycle;
  expect(() => readError(cycle)).not.toThrow();
});
