import { pullForm, readPullForm } from "./pull-form.js";

const zone = "Europe/Paris";
const form = pullForm({ sources: ["flows", "dwh"], zone, now: new Date("2026-05-06T22:30:00Z") }) as {
  properties: Record<string, { default?: unknown; enum?: unknown[]; properties?: Record<string, { examples?: unknown[] }> }>;
  required?: string[];
  examples: unknown[];
};

test("pullForm, the configured sources and the day, offers them with a dry run first", () => {
  expect([form.properties["source"]?.enum, form.properties["mode"]?.default, form.properties["dryRun"]?.default]).toEqual([
    ["flows", "dwh"],
    "selected",
    true,
  ]);
  expect(form.properties["filter"]?.properties?.["from"]?.examples?.[0]).toBe("2026-05-06"); // it is the 7th in Paris
});

test("pullForm, what a person need not know, is neither asked nor required", () => {
  expect(Object.keys(form.properties)).toEqual(expect.not.arrayContaining(["slot", "allowRemovals"]));
  expect(form.required).toEqual(["source"]);
});

test("pullForm, its own examples, are what readPullForm takes", () => {
  for (const example of form.examples) expect(readPullForm(example, zone)).toMatchObject({ source: "flows", mode: "selected" });
});

test("readPullForm, two dates and no time, are read in the zone and get a slot of their own each time", () => {
  const filled = { source: "flows", filter: { from: "2026-05-01", to: "2026-05-08", pipelines: [] } };
  const [first, second] = [readPullForm(filled, zone), readPullForm(filled, zone)];
  expect(first).toMatchObject({
    mode: "selected",
    filter: { from: "2026-04-30T22:00:00.000Z", to: "2026-05-07T22:00:00.000Z" },
    dryRun: false,
  });
  expect(first.slot).toMatch(/^manual-[0-9a-f-]{36}$/);
  expect(second.slot).not.toBe(first.slot);
});

test("readPullForm, nothing but a source, asks for the changes", () => {
  expect(readPullForm({ source: "flows", filter: { from: "", to: "" } }, zone)).toMatchObject({ mode: "changes", dryRun: false });
});

test.each([
  ["a date that is none", { source: "flows", filter: { from: "yesterday" } }, /filter\.from/],
  ["an end before the beginning", { source: "flows", filter: { from: "2026-05-08", to: "2026-05-01" } }, /filter\.to/],
  ["a filter with another mode", { source: "flows", mode: "everything", filter: { from: "2026-05-01" } }, /mode/],
  ["a dry run of everything", { source: "flows", mode: "everything", dryRun: true }, /mode/],
  ["an operator object", { source: "flows", filter: { pipelines: { $ne: "x" } } }, /filter\.pipelines/],
  ["an unknown field", { source: "flows", everything: true }, /everything/],
  ["no object", "flows", /job/],
])("readPullForm, %s, is refused and names the field", (_situation, data, message) => {
  expect(() => readPullForm(data, zone)).toThrow(message);
});
