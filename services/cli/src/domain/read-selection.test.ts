import { readSelection } from "./read-selection.js";

const zone = "Europe/Paris";

test("readSelection, no option, is no filter", () => {
  expect(readSelection({}, zone)).toBeUndefined();
});

test("readSelection, every option, is read in the business zone and in our terms", () => {
  const flags = {
    from: "2026-05-05",
    to: "2026-05-06T08:00:00Z",
    pipeline: ["orders"],
    tech: ["Spark"],
    status: ["KO", "échec", "running"],
    ids: ["a"],
  };
  expect(readSelection(flags, zone)).toEqual({
    from: "2026-05-04T22:00:00.000Z",
    to: "2026-05-06T08:00:00.000Z",
    pipelines: ["orders"],
    techs: ["Spark"],
    statuses: ["failed", "failed", "running"],
    ids: ["a"],
  });
});

test.each([
  ["a date that is none", { from: "soon" }, "--from"],
  ["an end before the start", { from: "2026-05-06", to: "2026-05-05" }, "--to"],
  ["a word that is no status", { status: ["exploded"] }, "--status"],
  ["an empty name", { pipeline: [""] }, "pipelines"],
])("readSelection, %s, is invalid input that names the option", (_situation, flags, option) => {
  expect(() => readSelection(flags, zone)).toThrow(
    expect.objectContaining({ kind: "invalid_input", message: expect.stringContaining(option) as string }) as Error,
  );
});
