import { windowLabel } from "./window-label.js";

const zone = "Europe/Paris";
const now = new Date("2026-11-30T08:00:00Z");
const labelOf = (language: "fr" | "en", from: string, to: string, name: "since" | "span") =>
  windowLabel(language, { from: new Date(from), to: new Date(to), name: name }, zone, now);

test.each([
  ["the day that the clocks go back, of 25 hours", "2026-10-24T22:00Z", "2026-10-25T23:00Z", "le dim. 25 oct."],
  ["the day that the clocks go on, of 23 hours", "2026-03-28T23:00Z", "2026-03-29T22:00Z", "le dim. 29 mars"],
  ["hours of the long day", "2026-10-25T00:00Z", "2026-10-25T22:00Z", "le dim. 25 oct. de 02:00 à 23:00"],
  ["the same day of two years", "2025-10-24T22:00Z", "2026-10-25T23:00Z", "du sam. 25 oct. 2025 au dim. 25 oct."],
])("windowLabel, %s, says each day once and its year where it is another", (_case, from, to, expected) => {
  expect(labelOf("fr", from, to, "span")).toBe(expected);
});

test("windowLabel, since a day of two years ago, says its year", () => {
  expect(labelOf("fr", "2024-12-15T23:00Z", "2026-11-30T08:00Z", "since")).toBe("depuis le lun. 16 déc. 2024");
  expect(labelOf("en", "2024-12-15T23:00Z", "2026-11-30T08:00Z", "since")).toBe("since Mon 16 Dec 2024");
  expect(labelOf("fr", "2026-11-23T07:00Z", "2026-11-30T08:00Z", "since")).toBe("depuis le lun. 23 nov. 08:00");
});

const evening = new Date("2026-11-30T20:05:00Z");
test.each([
  ["fr", "2026-11-30T17:00Z", "2026-11-30T20:05Z", "cette nuit (30 nov. 18:00 → 21:05)"],
  ["fr", "2026-11-29T17:00Z", "2026-11-30T11:00Z", "la nuit dernière (29 nov. 18:00 → 12:00)"],
  ["en", "2026-11-30T17:00Z", "2026-11-30T20:05Z", "tonight (30 Nov 18:00 → 21:05)"],
  ["en", "2026-11-29T17:00Z", "2026-11-30T11:00Z", "last night (29 Nov 18:00 → 12:00)"],
] as const)("windowLabel, a night asked about in the evening in %s from %s, says which", (language, from, to, expected) =>
  expect(windowLabel(language, { from: new Date(from), to: new Date(to), name: "night" }, zone, evening)).toBe(expected),
);
