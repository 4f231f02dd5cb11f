import { emptyFields, readReingest, type ReingestFields } from "./read-reingest.js";

const zone = "Europe/Paris";
const fields = (given: Partial<ReingestFields>): ReingestFields => ({ ...emptyFields, source: "flows", ...given });

test("readReingest, two days and no time, means both as a whole in the zone, also where the clocks change", () => {
  expect(readReingest(fields({ from: "2026-05-01", to: "2026-05-07" }), zone)).toMatchObject({
    mode: "backfill",
    from: "2026-04-30T22:00:00.000Z",
    to: "2026-05-07T22:00:00.000Z",
  });
  expect(readReingest(fields({ to: "2026-10-25" }), zone)).toMatchObject({ to: "2026-10-25T23:00:00.000Z" });
});

test("readReingest, times beside the days, are the ends themselves", () => {
  expect(readReingest(fields({ from: "2026-05-01", from_time: "06:30", to: "2026-05-01", to_time: "07:00" }), zone)).toMatchObject({
    from: "2026-05-01T04:30:00.000Z",
    to: "2026-05-01T05:00:00.000Z",
  });
});

test("readReingest, names on lines of any system, are each taken once with their commas", () => {
  expect(readReingest(fields({ pipelines: " a, b \r\nc\n\na, b" }), zone)).toMatchObject({ pipelines: ["a, b", "c"] });
});

test("readReingest, the whole source and what is new, leave the selection out", () => {
  const given = { from: "2026-05-01", statuses: ["failed"] as const, allow_removals: true };
  const whole = { source: "flows", mode: "backfill", force: false, allow_removals: true };
  expect(readReingest(fields({ ...given, what: "everything" }), zone)).toEqual(whole);
  expect(readReingest(fields({ ...given, what: "changes" }), zone)).toEqual({ ...whole, mode: "live", allow_removals: false });
});

test.each<[string, Partial<ReingestFields>, RegExp]>([
  ["a day that is none", { from: "2026-02-30" }, /^from: a day/],
  ["words for a day", { to: "yesterday" }, /^to: a day/],
  ["a time that is none", { from: "2026-05-01", from_time: "25:00" }, /^from: a day/],
  ["a time without its day", { to_time: "07:00" }, /^to: a time needs its day/],
  ["an end before the beginning", { from: "2026-05-08", to: "2026-05-01" }, /^to: it must be after/],
  ["a selection that limits nothing", {}, /limits nothing/],
])("readReingest, %s, is refused and names the field", (_situation, given, message) => {
  expect(() => readReingest(fields(given), zone)).toThrow(message);
  expect(() => readReingest(fields(given), zone)).toThrow(
    expect.objectContaining({ french: expect.stringMatching(/\p{L}{3}/u) as string }) as Error,
  );
});
