import { ownerNames, spanText } from "./row-pieces.js";
import type { Report } from "./report.js";
import { createVoice } from "./voice.js";

const voice = createVoice("fr", "Europe/Paris");
const report = { window: { from: "2026-04-29T05:30:00Z", to: "2026-05-06T05:30:00Z" } } as Report;

test.each([
  ["two times of the last day", "2026-05-05T06:00:00Z", "2026-05-06T02:31:00Z", "08:00\u00a0→ 04:31"],
  ["one time of the last day", "2026-05-06T02:31:10Z", "2026-05-06T02:31:40Z", "04:31"],
  ["two times of a day before", "2026-05-01T06:00:00Z", "2026-05-01T08:15:00Z", "ven. 1er mai 08:00\u00a0→ 10:15"],
  ["two days", "2026-05-01T06:00:00Z", "2026-05-06T02:31:00Z", "ven. 1er mai 08:00\u00a0→ mer. 6 mai 04:31"],
  ["the same day of two years", "2025-05-06T02:31:00Z", "2026-05-06T02:31:00Z", "mar. 6 mai 2025 04:31\u00a0→ mer. 6 mai 04:31"],
])("span, %s, names each day once", (_situation, first, last, said) => {
  expect(spanText(first, last, report, voice)).toBe(said);
});

test("owners, more than three, are counted beyond the third", () => {
  const owners = ["a", "b", "c", "d", "e"].map((name) => ({ name, mention: null }));
  const said = (of: typeof owners) =>
    ownerNames(of, voice)
      .map(({ text }) => text)
      .join("");
  expect(said(owners)).toBe("responsable a, b, c et 2 autres");
  expect(said(owners.slice(0, 3))).toBe("responsable a, b, c");
});
