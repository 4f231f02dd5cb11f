import { sourceFields } from "./records.js";

test("sourceFields, a name that is none of ours, is refused with the names that are known", () => {
  const { error } = sourceFields.safeParse({ pipelin: "job" });
  expect(error?.issues.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^unknown pipelin; known are pipeline, tech, .*recordsProcessed$/),
  ]);
});

test("sourceFields, one name given, keeps the others' defaults", () => {
  expect(sourceFields.parse({ pipeline: "job.name" })).toMatchObject({
    pipeline: "job.name",
    error: "error_message",
    durationMs: "duration_ms",
  });
});
