import { pathsOf, plainPathOf, sourceFields } from "./source-fields.js";

const problemsOf = (given: unknown): string[] =>
  (sourceFields.safeParse(given).error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);

test("sourceFields, a name that is none of ours, is refused with the names that are known", () => {
  expect(problemsOf({ pipelin: "job" })).toEqual([
    expect.stringMatching(/^: unknown pipelin; known are pipeline, tech, .*recordsProcessed$/),
  ]);
});

test("sourceFields, one name given, keeps the others' defaults", () => {
  const { pipeline, error, durationMs, status } = sourceFields.parse({ pipeline: "job.name" });
  expect([pipeline, error, durationMs].map(({ steps }) => steps)).toEqual([["job.name"], ["error_message"], ["duration_ms"]]);
  expect(plainPathOf(status)).toBe("status");
});

test("sourceFields, paths and rules in order and a duration's unit, are kept", () => {
  const rule = { when: { status: "completed" }, take: "conclusion" };
  const fields = sourceFields.parse({ status: [rule, "status"], durationMs: { path: ["a.s", "b.s"], unit: "s" } });
  expect(fields.status).toEqual({ steps: [rule, "status"] });
  expect(fields.durationMs).toEqual({ steps: ["a.s", "b.s"], unit: "s" });
});

test.each([
  ["an empty path", { status: "" }, "status: a path must not be empty"],
  ["an empty list", { error: [] }, "error: 1 to 20 paths and rules are wanted"],
  ["a number", { owner: 7 }, "owner: must be a path such as"],
  ["a misspelt rule", { status: ["a", { whn: { b: 1 }, take: "c" }] }, "status.1: unknown whn; a rule has in, when, take or is"],
  ["a rule without an outcome", { status: { when: { a: 1 } } }, "status: a rule has either take or is"],
  ["a rule with two outcomes", { status: { take: "a", is: "b" } }, "status: a rule has either take or is"],
  [
    "an object as a condition",
    { status: { when: { a: {} }, take: "b" } },
    "status.when.a: must be a text, a number, a boolean, null or a list",
  ],
  ["another unit", { durationMs: { path: "a", unit: "sec" } }, "durationMs.unit: must be one of ns, us, ms, s, min, h"],
  ["a unit without a path", { durationMs: { unit: "s" } }, "durationMs: must be a path such as"],
])("sourceFields, %s, is refused by the field's name", (_case, given, problem) => {
  expect(problemsOf(given)).toEqual([expect.stringContaining(problem)]);
});

test("pathsOf, paths within others and those of rules, gives each once and none inside another", () => {
  const fields = sourceFields.parse({
    status: [
      { in: "status.conditions", when: { type: "Failed" }, take: "type" },
      { when: { "state.a": "*" }, take: "state.b" },
    ],
    error: "status",
    timestamp: "at",
    updatedAt: "at",
  });
  const found = pathsOf(fields);
  expect(found).toEqual(expect.arrayContaining(["status", "state.a", "state.b", "at"]));
  expect(found).toHaveLength(new Set(found).size);
  expect(found).not.toContain("status.conditions");
});
