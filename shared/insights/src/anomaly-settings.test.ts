import { anomalySettings, maintenanceSpans, matchesPattern, sensitivityFactor } from "./anomaly-settings.js";
import { calendarEndingAt, calendarOf } from "./run-history.js";

test.each([
  ["orders-daily", "orders-daily", true],
  ["orders-daily", "orders", false],
  ["orders-daily", "orders*", true],
  ["orders-daily", "*-d*y", true],
  ["orders-daily", "*", true],
  ["a.b", "a?b", false],
  ["ab", "ab*b", false],
])("matchesPattern, %s and %s, is %s", (name, glob, expected) => {
  expect(matchesPattern(name, glob)).toBe(expected);
});

test("sensitivityFactor, several patterns, takes the last that matches", () => {
  const settings = anomalySettings.parse({
    sensitivity: [
      { pipelines: "*", level: "low" },
      { pipelines: "orders*", level: "high" },
    ],
  });
  expect([sensitivityFactor(settings, "orders-daily"), sensitivityFactor(settings, "stock")]).toEqual([1 / 3, 3]);
});

test("maintenanceSpans, a Saturday night over the change of the clocks, begins and ends at local times", () => {
  const settings = anomalySettings.parse({ maintenance: [{ pipelines: "*", days: ["sat"], from: "23:00", to: "04:00" }] });
  const spans = maintenanceSpans(settings, "orders", calendarOf(new Date("2026-03-29T10:00:00Z"), "Europe/Paris"));
  expect(spans.at(-1)?.map((at) => new Date(at).toISOString())).toEqual(["2026-03-28T22:00:00.000Z", "2026-03-29T02:00:00.000Z"]);
});

test("maintenanceSpans, a night on the date that a report's day ends on, is there", () => {
  const settings = anomalySettings.parse({ maintenance: [{ pipelines: "*", days: ["wed"], from: "02:00", to: "04:00" }] });
  const calendar = calendarEndingAt(new Date("2026-05-06T05:30:00Z"), "Europe/Paris");
  const spans = maintenanceSpans(settings, "orders", calendar);
  expect(spans.at(-1)?.map((at) => new Date(at).toISOString())).toEqual(["2026-05-06T00:00:00.000Z", "2026-05-06T02:00:00.000Z"]);
});

test.each([
  { mutted: [] },
  { falseDiscoveryRate: 1 },
  { maintenance: [{ pipelines: "*", days: ["sat"], from: "25:00", to: "04:00" }] },
  { sensitivity: [{ pipelines: "*", level: "max" }] },
])("anomalySettings, %j, is refused", (settings) => {
  expect(anomalySettings.safeParse(settings).success).toBe(false);
});
